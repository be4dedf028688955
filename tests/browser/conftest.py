from browser.site import browser, origin
from demo import demo

__all__ = ["browser", "demo", "origin"]
