from demo import demo

__all__ = ["demo"]
