from __future__ import annotations

import struct
import zlib
from pathlib import Path


def make(site: Path) -> None:
    # 50,000 × 50,000 pixels in some hundred bytes.
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 50_001)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        data += struct.pack(">I", len(content)) + kind + content
        data += struct.pack(">I", zlib.crc32(kind + content))
    (site / "badges/harbour/star.png").write_bytes(data)
