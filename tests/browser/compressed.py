"""The demo as hosts serve it: compressed, and what never changes kept by browsers."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from browser.site import Hosted
from demo import Demo

PLAIN = (".png", ".jpg", ".woff2", ".zip")


@lru_cache(maxsize=4096)
def compressed(file: Path) -> bytes:
    """A file as it goes over the line."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)


class Compressed(Hosted):
    """As `Hosted`, with Content-Encoding and Cache-Control."""

    def do_GET(self) -> None:  # noqa: N802 (http.server's own name)
        file = Path(self.translate_path(self.path.split("?")[0]))
        if file.is_dir():
            file /= "index.html"
        if not file.is_file() or file.suffix in PLAIN:
            super().do_GET()
            return
        data = compressed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        kept = "/assets/" in self.path
        self.send_header("Cache-Control", "max-age=31536000" if kept else "max-age=60")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(demo: Demo) -> Iterator[str]:
    """The address of the demo, compressed, while the context lasts."""
    prefix = urlsplit(demo.base).path
    handler = partial(Compressed, directory=str(demo.public), prefix=prefix)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{prefix}"
    server.shutdown()
