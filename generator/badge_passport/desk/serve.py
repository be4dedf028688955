"""`passport serve`: the site on this machine, rebuilt when a file changes; its pages reload."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

WATCHED = ("badges", "content", "themes", "private", "site.yml")
QUIET = 0.1  # seconds without another change before a rebuild
REST = 5.0  # seconds without a change before there is time for what can wait
RELOAD = b"""<script>
(async () => {
  let seen = "";
  for (;;) {
    try {
      const now = await (await fetch("/__passport/version?" + seen)).text();
      if (seen && now !== seen) location.reload();
      seen = now;
    } catch { await new Promise((wake) => setTimeout(wake, 1000)); }
  }
})();
</script>"""


class Version:
    """The number of the build being served; readers can wait for the next one."""

    def __init__(self) -> None:
        self._number, self._changed = 1, threading.Condition()

    def advance(self) -> None:
        """A new build is there."""
        with self._changed:
            self._number += 1
            self._changed.notify_all()

    def after(self, seen: str, patience: float = 20.0) -> str:
        """The current version, at once if it is not ``seen``, else after a change or ``patience`` seconds."""
        with self._changed:
            if seen == str(self._number):
                self._changed.wait(patience)
            return str(self._number)


class Handler(SimpleHTTPRequestHandler):
    """Static files, with the reload script added to HTML on its way out (the files stay as published)."""

    def __init__(self, *args: Any, version: Version, **options: Any) -> None:
        self.version = version
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        """Answer a version request, an HTML page, or any other file."""
        path, _, query = self.path.partition("?")
        if path == "/__passport/version":
            self._send(self.version.after(query).encode(), "text/plain")
            return
        file = Path(self.translate_path(self.path))
        if file.is_dir() and path.endswith("/"):
            file = file / "index.html"
        if file.suffix == ".html" and file.is_file():
            data = file.read_bytes()
            self._send(data.replace(b"</body>", RELOAD + b"</body>", 1), "text/html; charset=utf-8")
            return
        super().do_GET()

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's own name)
        """Say nothing: the terminal is for diagnostics."""


class _Watcher(FileSystemEventHandler):
    """Calls back once after a burst of changes, and once more when nothing happened for a while."""

    def __init__(self, changed: Callable[[], None], rest: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._calls = {QUIET: changed, REST: rest}  # by how long nothing has to happen before
        self._timers: list[threading.Timer] = []

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change (reading a file is none)."""
        if event.event_type in ("opened", "closed_no_write"):
            return
        with self._lock:
            for timer in self._timers:
                timer.cancel()
            self._timers = [threading.Timer(seconds, call) for seconds, call in self._calls.items()]
            for timer in self._timers:
                timer.daemon = True
                timer.start()


def serve(
    root: Path,
    public: Path,
    host: str,
    port: int,
    rebuild: Callable[[], bool],
    rest: Callable[[], None] = lambda: None,
) -> ThreadingHTTPServer:
    """A server of ``public`` that calls ``rebuild`` when the source under ``root`` changes.

    ``rebuild`` says whether there is a new site; the last good one is served until then. ``rest`` is called
    when nothing changed for a while. The caller runs ``serve_forever`` and, to end, ``shutdown``. Port 0
    takes a free one.

    Raises:
        OSError: the port is taken.
    """
    version, busy = Version(), threading.Lock()

    def changed() -> None:
        with busy:
            if rebuild():
                version.advance()

    def idle() -> None:
        with busy:
            rest()

    server = ThreadingHTTPServer((host, port), partial(Handler, version=version, directory=str(public)))
    server.daemon_threads = True
    observer = Observer()
    watcher = _Watcher(changed, idle)
    for name in WATCHED:
        if (root / name).exists():
            observer.schedule(watcher, str(root / name), recursive=(root / name).is_dir())
    observer.daemon = True
    observer.start()
    return server
