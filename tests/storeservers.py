"""Real servers of object stores on this machine, and something unreliable to put before them."""

from __future__ import annotations

import base64
import email.utils
import hashlib
import hmac
import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from minimal import TESTS
from servers import free_port

BUCKET = "badges"
S3_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION": "us-east-1",
}
# The account that every Azure emulator has; its key is in Microsoft's documentation.
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
AZURE_ENVIRONMENT = {"AZURE_STORAGE_ACCOUNT_NAME": AZURE_ACCOUNT, "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY}
AZURITE = TESTS.parent / ".judges/azurite/node_modules/.bin/azurite-blob"


@contextmanager
def _running(command: list[str], port: int, folder: Path | None = None) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None and time.monotonic() < until, f"{command[0]} does not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


@contextmanager
def moto() -> Iterator[str]:
    """The address of an S3 server, a process of its own."""
    program = Path(sys.executable).with_name("moto_server")
    port = free_port()
    with _running([str(program), "-H", "127.0.0.1", "-p", str(port)], port) as address:
        yield address


def make_bucket(address: str, name: str = BUCKET) -> None:
    """A bucket at an S3 server, empty."""
    urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="PUT")).read()


@contextmanager
def azurite(folder: Path) -> Iterator[str]:
    """The endpoint of Microsoft's emulator of Azure Blob Storage, with the container ``badges``."""
    if not AZURITE.exists():
        if os.environ.get("CI"):
            pytest.fail("azurite is not installed: make servers")
        pytest.skip("azurite is not installed: make servers")
    port = free_port()
    options = ["--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    command = [str(shutil.which("node")), os.fspath(AZURITE.resolve())]
    command += ["--blobHost", "127.0.0.1", "--blobPort", str(port), *options]
    with _running(command, port, folder) as address:
        endpoint = f"{address}/{AZURE_ACCOUNT}"
        _make_container(endpoint)
        yield endpoint


def _make_container(endpoint: str) -> None:
    day = email.utils.formatdate(usegmt=True)
    headers = f"x-ms-date:{day}\nx-ms-version:2021-08-06\n"
    asked = f"PUT\n{chr(10) * 11}{headers}/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/{BUCKET}\nrestype:container"
    digest = hmac.new(base64.b64decode(AZURE_KEY), asked.encode(), hashlib.sha256).digest()
    request = urllib.request.Request(
        f"{endpoint}/{BUCKET}?restype=container",
        method="PUT",
        headers={
            "x-ms-date": day,
            "x-ms-version": "2021-08-06",
            "Authorization": f"SharedKey {AZURE_ACCOUNT}:{base64.b64encode(digest).decode()}",
            "Content-Length": "0",
        },
    )
    assert urllib.request.urlopen(request).status == 201


@dataclass
class Trouble:
    """What a proxy does to the n-th request (from 0): a status with a body, "cut", a delay, or nothing."""

    fault: Callable[[int, str, str], tuple[int, str] | str | float | None] = lambda *_: None
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def unreliable(upstream: str, trouble: Trouble) -> Iterator[str]:
    """The address of a proxy before a server. ``trouble.asked`` gets every request: method and path."""
    lock = threading.Lock()
    host = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                number = len(trouble.asked)
                trouble.asked.append((self.command, self.path))
            fault = trouble.fault(number, self.command, self.path)
            if fault == "cut":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if isinstance(fault, tuple):
                self.answer(fault[0], [("Content-Type", "application/xml")], fault[1].encode())
                return
            if isinstance(fault, int | float):
                time.sleep(fault)
            connection = http.client.HTTPConnection(host)
            connection.request(self.command, self.path, body, dict(self.headers))
            got = connection.getresponse()
            kept = [(k, v) for k, v in got.getheaders() if k.lower() not in _HOP]
            self.answer(got.status, kept, got.read(), got.getheader("Content-Length"))
            connection.close()

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one  # noqa: N815 (names of the library)

        def answer(
            self, status: int, headers: list[tuple[str, str]], body: bytes, size: str | None = None
        ) -> None:
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", (size if self.command == "HEAD" else None) or str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # who asked may have been killed

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


_HOP = ("connection", "transfer-encoding", "content-length", "keep-alive")
