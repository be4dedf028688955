"""Ask the 1EdTech Open Badges 2.0 validator about the files of a built site.

Run with the python of its own environment (see install.sh). Reads one JSON request on standard input:

    {"base": "https://badges.example.org/ve/", "root": "/path/to/public",
     "checks": [{"id": "a", "input": "https://badges.example.org/ve/a.json", "recipient": {"email": "x@y"}},
                {"id": "b", "input": {"file": "b.png"}, "recipient": null}]}

and prints a JSON list with one verdict per check, in the same order.

With "authority", a PEM file, in place of "root" the site is asked over https at its own address on this
machine, whose certificate that authority stands for.

Otherwise there is no network: a URL under the base is a file of the folder, every other URL is a connection
error. A missing file is a connection error too, not a 404 page, because the validator never looks at a
status code and would take the 404 page of an image for the image.
"""

from __future__ import annotations

import collections
import collections.abc
import json
import logging
import socket
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import Any

# python-jose 3.0.1 and requests-cache 0.4.13 still import these from `collections`, which lost them in
# Python 3.10.
for _name in ("Iterable", "Mapping", "MutableMapping"):
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

import requests  # noqa: E402
import requests.sessions  # noqa: E402

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}


class Site:
    """The folder as its host would serve it."""

    def __init__(self) -> None:
        self.base = ""
        self.root = Path()
        self.documents: dict[str, bytes] = {}  # URLs outside the site that answer all the same
        self.fetched: list[str] = []
        self.authority: str | None = None

    def ask(self, url: str) -> tuple[bytes, str]:
        """What the host says, over a real connection; redirects are followed as by `requests`."""
        context = ssl.create_default_context(cafile=self.authority)
        try:
            with urllib.request.urlopen(url, context=context) as answer:
                return answer.read(), answer.headers.get("Content-Type", "")
        except urllib.error.URLError as error:
            raise requests.ConnectionError(f"{url}: {error}") from None

    def get(self, url: str) -> tuple[bytes, str]:
        url = urllib.parse.urldefrag(url).url
        if url not in self.fetched and url not in self.documents:
            self.fetched.append(url)
        if url in self.documents:
            return self.documents[url], "application/ld+json"
        if not url.startswith(self.base):
            raise requests.ConnectionError(f"no network: {url}")
        if self.authority is not None:
            return self.ask(url)
        relative = urllib.parse.unquote(url[len(self.base) :].partition("?")[0])
        # A folder answers under its final URL only, the one with the slash.
        if not relative or relative.endswith("/"):
            relative += "index.html"
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root) or not path.is_file():
            raise requests.ConnectionError(f"no such file in the site: {url}")
        return path.read_bytes(), CONTENT_TYPES.get(path.suffix, "application/octet-stream")


SITE = Site()


class SiteAdapter(requests.adapters.BaseAdapter):
    """Answers every request made with `requests` from the folder."""

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        url = request.url or ""
        body, content_type = SITE.get(url)
        response = requests.Response()
        response.status_code = 200
        response.reason = "OK"
        response.url = url
        response.request = request
        response.headers["Content-Type"] = content_type
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.raw = BytesIO(body)
        return response

    def close(self) -> None:
        pass


# The validator gives its caller no hold on how it fetches, so the adapter is planted where `requests`
# looks up its own. This comes before the import of the validator, which already prepares a loader.
requests.sessions.HTTPAdapter = SiteAdapter  # type: ignore[misc,assignment]

from openbadges.verifier import verify  # noqa: E402
from openbadges.verifier.openbadges_context import (  # noqa: E402
    OPENBADGES_CONTEXT_V2_DICT,
    OPENBADGES_CONTEXT_V2_URI,
)

SITE.documents[OPENBADGES_CONTEXT_V2_URI] = json.dumps(OPENBADGES_CONTEXT_V2_DICT).encode()


def forbid_network(event: str, about: tuple[Any, ...]) -> None:
    """Refuse what would slip past the adapter, such as the JSON-LD library's own loader."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        host = about[1][0] if event == "socket.connect" else about[0]
        if SITE.authority is None or host != "127.0.0.1":
            raise requests.ConnectionError(f"no network: {event}")


_ask = socket.getaddrinfo


def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    """Names below .localhost are this machine (RFC 6761)."""
    return _ask("127.0.0.1" if str(host).endswith(".localhost") else host, *arguments, **options)


socket.getaddrinfo = getaddrinfo


def judge(check: dict[str, Any]) -> dict[str, Any]:
    SITE.fetched = []
    recipient = dict(check["recipient"]) if check.get("recipient") else None  # the validator adds to it
    verdict: dict[str, Any] = {
        "id": check["id"],
        "valid": False,
        "errors": [],
        "warnings": [],
        "graph_types": [],
        "recipientProfile": None,
    }
    # No cache of any kind: each check reads the files again, and no answer outlives its question.
    options = {"use_cache": False, "cache_backend": None}
    try:
        if isinstance(check["input"], str):
            result = verify(check["input"], recipient, **options)
        else:
            with (SITE.root / check["input"]["file"]).open("rb") as image:
                result = verify(image, recipient, **options)
    except Exception as error:  # noqa: BLE001 -- an image without a badge, or broken, makes the validator raise
        # It reports "no badge in this image" through an attribute that exceptions lost in Python 3, so
        # that the reason is the exception it was handling.
        reason = error.__context__ if isinstance(error, AttributeError) and error.__context__ else error
        verdict["errors"].append(f"{type(reason).__name__}: {reason}")
    else:
        report = result["report"]
        verdict["valid"] = report["valid"]
        verdict["recipientProfile"] = report.get("recipientProfile")
        verdict["graph_types"] = [node.get("type") for node in result["graph"] if node.get("type")]
        for message in report["messages"]:
            line = f"{message['name']}: {message['result']}".strip()
            if message["messageLevel"] == "ERROR":
                verdict["errors"].append(line)
            elif message["messageLevel"] == "WARNING":
                verdict["warnings"].append(line)
    verdict["fetched"] = SITE.fetched
    return verdict


def main() -> None:
    request = json.load(sys.stdin)
    SITE.base = request["base"] if request["base"].endswith("/") else request["base"] + "/"
    SITE.authority = request.get("authority")
    SITE.root = Path(request.get("root", ".")).resolve()
    logging.disable()  # the validator logs a traceback for each error that it also reports
    sys.addaudithook(forbid_network)
    json.dump([judge(check) for check in request["checks"]], sys.stdout)


if __name__ == "__main__":
    main()
