"""What a host says of each file beside its bytes: its type, and how long it may be kept.

The types are those that docs/hosting.md asks of every host and `passport doctor --live` looks for. The
times follow one rule: whatever can be withdrawn or revoked is kept for minutes.
"""

from __future__ import annotations

import re

from badge_passport.publish.manifest import is_manifest

_TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jwt": "application/jwt",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
_PICTURES = (".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".ttf", ".webp", ".woff", ".woff2")

ASK = "no-cache"
MINUTES = "public, max-age=300, must-revalidate"
DAY = "public, max-age=86400"
ALWAYS = "public, max-age=31536000, immutable"

_VERSIONED = re.compile(r"(?:^|/)badges/[^/]+/[^/]+/v/[^/]+/.+")
_PERSONAL = re.compile(r"(?:^|/)(?:awards|passports)/")


def content_type(path: str) -> str:
    """The media type of a file by its path; bytes of no known kind are just that."""
    name = path.rpartition("/")[2]
    if name == "feed.xml":
        return "application/atom+xml"
    if name == "_headers":
        return _TYPES[".txt"]
    return _TYPES.get(name[name.rfind(".") :].lower() if "." in name else "", "application/octet-stream")


def cache_control(path: str) -> str:
    """How long browsers and networks may keep a file.

    Documents and pictures of a version of a badge never change. Pictures of badges and fonts rarely do.
    What belongs to a person or an award may be gone tomorrow, so it is asked for again after minutes, like
    every page and every document.
    """
    name = path.rpartition("/")[2]
    if name == "sw.js" or is_manifest(path) or name.endswith(".webmanifest"):
        return ASK
    if _VERSIONED.search(path) and not name.endswith(".html"):
        return ALWAYS
    if name.endswith(_PICTURES) and not _PERSONAL.search(path):
        return DAY
    return MINUTES
