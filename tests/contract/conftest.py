from demo import archived_demo, demo, signed_demo

__all__ = ["archived_demo", "demo", "signed_demo"]
