from browser.site import browser, origin
from demo import demo, signed_demo

__all__ = ["browser", "demo", "origin", "signed_demo"]
