"""Where a verifier reads: what it refuses, how much it takes, and how long it waits."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from badge_passport.credentials import fetching
from badge_passport.credentials.fetching import FetchError, from_folder, from_network, is_private


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name.startswith("again"):
            left = int(name.removeprefix("again"))
            self.redirect(f"/again{left - 1}" if left else "/good")
        elif name.startswith("to="):
            self.redirect(name.removeprefix("to="))
        elif name == "big":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(bytes(100_000))
        elif name == "short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"1")
        elif name == "drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b".")
                time.sleep(0.1)
        elif name == "header-drip":
            for _ in range(100):
                self.wfile.write(b"H")
                time.sleep(0.1)
        elif name == "packed":
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
        elif name == "good":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"good")
        else:
            self.send_error(404)

    def redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Quiet(("127.0.0.1", 0), Handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def test_it_reads(server: str) -> None:
    assert from_network(allow_private=True)(server + "/good") == b"good"
    assert from_network(allow_private=True)(server + "/good#fragment") == b"good"


def test_three_redirects_and_no_more(server: str) -> None:
    fetch = from_network(allow_private=True)
    assert fetch(server + "/again2") == b"good"
    with pytest.raises(FetchError, match="more than 3 times"):
        fetch(server + "/again3")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "answers 404"),
        ("/big", "more than 5,000,000 bytes"),
        ("/short", "ends too early"),
        ("/packed", "compressed"),
        ("/to=file:///etc/passwd", "is not a web address"),
        ("/to=ftp://example.org/", "is not a web address"),
        ("/to=https://user@example.org/", "is not a web address"),
    ],
)
def test_what_it_does_not_take(server: str, path: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        from_network(allow_private=True)(server + path)


@pytest.mark.parametrize("path", ["/drip", "/header-drip"])
def test_an_answer_that_drips_is_ended(server: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(FetchError, match="longer than 0"):
        from_network(allow_private=True)(server + path)
    assert time.monotonic() - started < 3


def test_a_handshake_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        started = time.monotonic()
        with pytest.raises(FetchError, match="longer than"):
            from_network(allow_private=True)(f"https://127.0.0.1:{listening.getsockname()[1]}/")
        assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
    ],
)
def test_private_addresses_are_not_asked(url: str) -> None:
    with pytest.raises(FetchError, match=r"private network|no host"):
        from_network()(url)


def test_a_redirect_into_the_own_network_is_not_followed(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own address counts as public here; the one it redirects to does not."""
    asked: list[str] = []

    def private(address: str) -> bool:
        asked.append(address)
        return len(asked) > 1

    monkeypatch.setattr(fetching, "is_private", private)
    deadline = time.monotonic() + 5
    where = fetching._ask(server + f"/to={server}/good", ("http",), False, deadline)
    assert where == server + "/good"
    with pytest.raises(FetchError, match="private network"):
        fetching._ask(str(where), ("http",), False, deadline)
    assert len(asked) == 2


def test_a_name_with_one_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in ("93.184.216.34", "10.1.1.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError, match="private network"):
        from_network()("https://badges.example.org/")


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("8.8.8.8", False),
        ("2606:4700::1111", False),
        ("100.64.0.1", True),
        ("224.0.0.1", True),
        ("fd00::1", True),
        ("64:ff9b::7f00:1", True),
        ("64:ff9b::808:808", False),
        ("2002:7f00:1::", True),
        ("no address", True),
    ],
)
def test_which_addresses_are_private(address: str, private: bool) -> None:
    assert is_private(address) is private


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "file:///etc/passwd",
        "https:///x",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://exämple.org/",
        "https://[/",
        "https://a\\@b/",
        "",
    ],
)
def test_other_addresses_are_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(FetchError):
        from_network()(url)


def test_a_folder_stands_for_a_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "a").mkdir(parents=True)
    (site / "a/b c.json").write_bytes(b"{}")
    (site / "a/index.html").write_bytes(b"page")
    (tmp_path / "secret").write_bytes(b"secret")
    (site / "link").symlink_to(tmp_path / "secret")
    (site / "big").write_bytes(bytes(fetching.MAX_BYTES + 1))
    fetch = from_folder("https://badges.example.org/ve", site)
    assert fetch("https://badges.example.org/ve/a/b%20c.json#x") == b"{}"
    assert fetch("https://badges.example.org/ve/a/") == b"page"
    for path in (
        "../secret",
        "%2e%2e/secret",
        "link",
        "a",
        "none",
        "%00",
        "a/b%20c.json?x",
        "big",
        "x" * 9999,
    ):
        with pytest.raises(FetchError):
            fetch("https://badges.example.org/ve/" + path)
    for url in ("https://badges.example.org/", "https://badges.example.org/vex/a/", "http://example.org/"):
        with pytest.raises(FetchError):
            fetch(url)
