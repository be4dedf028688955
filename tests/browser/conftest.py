from browser.claims import claims
from browser.site import browser, origin
from demo import demo, signed_demo

__all__ = ["browser", "claims", "demo", "origin", "signed_demo"]
