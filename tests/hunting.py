"""Looks for what must not be published, in whatever form a careless program might have written it."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import urllib.parse
import zlib
from html import escape
from pathlib import Path


def contents(file: Path) -> bytes:
    """The bytes of a file, with what is compressed inside a PNG laid open."""
    data = file.read_bytes()
    if data.startswith(b"\x89PNG"):
        for match in re.finditer(rb"zTXt|iTXt", data):
            start = data.find(b"\0", match.end())
            for skip in (2, 5):
                with contextlib.suppress(zlib.error):
                    data += zlib.decompress(data[start + skip :])
    return data


def forms(secret: str) -> set[bytes]:
    """A text in every encoding a careless program might choose."""
    found: set[bytes] = set()
    for text in {secret, secret.lower(), secret.upper(), secret.title()}:
        raw = text.encode()
        found |= {
            raw,
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            raw.hex().encode(),
            raw.hex().upper().encode(),
            urllib.parse.quote(text, safe="").encode(),
            escape(text).encode(),
            "".join(f"&#{ord(c)};" for c in text).encode(),
            "".join(f"&#x{ord(c):x};" for c in text).encode(),
            json.dumps(text)[1:-1].encode(),
            text[::-1].encode(),
        }
        for shift in range(3):  # base64 has three alignments; the middle survives in each
            coded = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]
            found |= {coded, coded.replace(b"+", b"-").replace(b"/", b"_")}
    return {f for f in found if len(f) > 5}
