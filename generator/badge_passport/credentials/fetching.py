"""Where a verifier reads: a folder that stands for a site, or the network within narrow limits.

The addresses come out of documents that strangers wrote. So the network is asked over https only, for little,
briefly, and never at an address inside the own network; that is decided of the address the connection is made
to, at every redirect again, and not of its name.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

Fetch = Callable[[str], bytes]
"""The bytes behind an address; raises `FetchError`."""

MAX_BYTES: Final = 5_000_000
SECONDS: Final = 10.0
REDIRECTS: Final = 3

_REDIRECTING: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_URL: Final = re.compile(r"https?://[!-~]+", re.ASCII)
# They carry an IPv4 address, which a gateway would ask.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(Exception):
    """What cannot be read; the message is one plain sentence.

    ``answered`` tells what is known not to be there, or not to be usable, from what cannot be reached now.
    """

    def __init__(self, message: str, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


# --- A folder -------------------------------------------------------------------------------------------


def from_folder(base: str, folder: Path) -> Fetch:
    """Read a built site as if it were served under ``base``; any other address fails."""
    start = base if base.endswith("/") else base + "/"
    root = folder.resolve()

    def fetch(url: str) -> bytes:
        address = urldefrag(url).url
        if not address.startswith(start) or "?" in address:
            raise FetchError(f"{url} is not under {start}, and nothing else is read offline.")
        path = unquote(address[len(start) :])
        try:
            file = (root / (path + "index.html" if path == "" or path.endswith("/") else path)).resolve()
            if not file.is_relative_to(root) or not file.is_file():
                raise FetchError(f"There is nothing at {url}.", answered=True)
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            raise FetchError(f"{url} cannot be read ({type(error).__name__}).") from None
        return _bounded(data, url)

    return fetch


# --- The network ----------------------------------------------------------------------------------------


def from_network(allow_private: bool = False) -> Fetch:
    """Read over https. With ``allow_private``, the own network too, and http: for sites under test."""
    schemes = ("https", "http") if allow_private else ("https",)

    def fetch(url: str) -> bytes:
        deadline = time.monotonic() + SECONDS
        address = url
        for _ in range(REDIRECTS + 1):
            answer = _ask(address, schemes, allow_private, deadline)
            if isinstance(answer, bytes):
                return answer
            address = answer
        raise FetchError(f"{url} redirects more than {REDIRECTS} times.")

    return fetch


def _ask(url: str, schemes: tuple[str, ...], allow_private: bool, deadline: float) -> bytes | str:
    """The body at an address, or the address it redirects to."""
    connection, target = _connection(url, schemes, allow_private, deadline)
    # Time-outs of a socket are for each packet; this one ends an answer that drips.
    guard = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, (connection,))
    guard.daemon = True
    guard.start()
    try:
        connection.request("GET", target, headers={"Accept": "*/*", "Accept-Encoding": "identity"})
        response = connection.getresponse()
        if response.status in _REDIRECTING:
            return urljoin(url, response.getheader("Location") or "")
        if response.status != 200:
            raise FetchError(f"{url} answers {response.status}.", answered=response.status in _GONE)
        if (response.getheader("Content-Encoding") or "identity").lower() != "identity":
            raise FetchError(f"{url} answers in a compressed form, which was not asked for.")
        return _body(response, url, deadline)
    except (OSError, ValueError, http.client.HTTPException) as error:
        if time.monotonic() >= deadline:
            raise FetchError(f"{url} takes longer than {SECONDS:g} seconds.") from None
        reason = (isinstance(error, OSError) and error.strerror) or type(error).__name__
        raise FetchError(f"{url} cannot be read ({reason}).") from None
    finally:
        guard.cancel()
        connection.close()


def _body(response: http.client.HTTPResponse, url: str, deadline: float) -> bytes:
    data = bytearray()
    while piece := response.read1(65_536):
        data += piece
        if len(data) > MAX_BYTES or time.monotonic() >= deadline:
            break
    if time.monotonic() >= deadline:
        raise FetchError(f"{url} takes longer than {SECONDS:g} seconds.")
    if len(data) <= MAX_BYTES and response.length:
        raise FetchError(f"{url} ends too early.")
    return _bounded(bytes(data), url)


def _bounded(data: bytes, url: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise FetchError(f"{url} has more than {MAX_BYTES:,} bytes.", answered=True)
    return data


def _connection(
    url: str, schemes: tuple[str, ...], allow_private: bool, deadline: float
) -> tuple[_Plain, str]:
    """A connection that is not open yet, and what to ask it for."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if not _URL.fullmatch(url) or not host or "@" in parts.netloc or "\\" in url:
        raise FetchError(f"{url!r} is not a web address.", answered=True)
    if parts.scheme not in schemes:
        raise FetchError(f"{url} is not an https address.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kind = _Secure if parts.scheme == "https" else _Plain
    return kind(host, port, allow_private, deadline), target


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int | None, allow_private: bool, deadline: float) -> None:
        super().__init__(host, port or self.default_port)
        self._allow_private, self._deadline = allow_private, deadline
        self.opened: socket.socket | None = None  # `sock` is forgotten when the rest is the body

    def connect(self) -> None:
        self.opened = self.sock = _open(self.host, self.port, self._allow_private, self._deadline)


class _Secure(_Plain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        secure = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.opened = self.sock = secure  # before the handshake, so that the guard can end it
        secure.do_handshake()


def _open(host: str, port: int, allow_private: bool, deadline: float) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(f"There is no host {host}.") from None
    addresses = [(family, where) for family, _, _, _, where in found]
    if not allow_private and any(is_private(str(where[0])) for _, where in addresses):
        raise FetchError(f"{host} is in a private network, which is not asked.")
    problem: OSError | None = None
    for family, where in addresses:
        opened = socket.socket(family, socket.SOCK_STREAM)
        opened.settimeout(max(0.1, deadline - time.monotonic()))
        try:
            opened.connect(where)
        except OSError as error:
            opened.close()
            problem = error
        else:
            return opened
    raise problem or FetchError(f"There is no host {host}.")


def is_private(address: str) -> bool:
    """Whether an IP address is not one of the public internet; what cannot be read is not either."""
    try:
        found: _Address = ipaddress.ip_address(address)
    except ValueError:
        return True
    inner: list[_Address] = [found]
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            inner = [ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)]
        elif found.ipv4_mapped is not None:
            inner = [found.ipv4_mapped]
        elif found.sixtofour is not None:
            inner.append(found.sixtofour)
        elif found.teredo is not None:
            return True
    return any(not one.is_global or one.is_multicast for one in inner)


def _shut(connection: _Plain) -> None:
    opened = connection.opened
    if opened is not None:
        with contextlib.suppress(OSError):
            opened.shutdown(socket.SHUT_RDWR)
