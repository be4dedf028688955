"""Badge Passport: a folder of YAML becomes a website of verifiable Open Badges."""

__version__ = "0.1.0"
