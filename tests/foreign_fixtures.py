"""Badges of an invented issuer elsewhere: signed with a key made of numbers in this file, or hosted here.

    python -m foreign_fixtures

writes the one that the demonstration shows. Its key is `did:key`, so that it verifies for ever.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from badge_passport.credentials.canonical import canonical
from badge_passport.credentials.contexts import CREDENTIALS, OPEN_BADGES
from badge_passport.credentials.did import did_key
from badge_passport.credentials.documents import Document, to_bytes
from badge_passport.credentials.identity import hash_identity
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.multibase import multikey_encode
from badge_passport.credentials.proofs import add_proof
from badge_passport.credentials.tokens import token
from badge_passport.pages.designs import Design, draw
from key_fixtures import private_key, token_key

ROOT = Path(__file__).parents[1]
EMAIL, SALT = "amira@example.net", "Jm4vQ8sXc2LpZ7Tn"
KEY = SigningKey(multikey_encode("Ed25519", private_key(77).public_key().public_bytes_raw()), private_key(77))
DEMO_PERSON = "amira-k"
DEMO_EMAIL, DEMO_SALT = "amira.k@example.org", "Wd6rN3kHb9TgYc5P"


def picture() -> bytes:
    """A drawing that is the same with every version of every library."""
    return draw(Design(shape="rosette", color="#8a4b2a", icon="book", level=0, levels=0))


def credential(email: str = EMAIL, salt: str = SALT, **changes: Any) -> Document:
    """An Open Badges 3.0 credential, unsigned."""
    did = did_key(KEY.multibase)
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": "urn:uuid:7b0f0c2e-5a55-4a0e-8f0b-1d6f0a3c9e21",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Night Library Volunteer",
        "issuer": {
            "id": did,
            "type": ["Profile"],
            "name": "Lakeside Reading Rooms",
            "url": "https://example.org/lakeside",
        },
        "validFrom": "2020-11-14T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": hash_identity(email, salt),
                    "identityType": "emailAddress",
                    "salt": salt,
                }
            ],
            "achievement": {
                "id": "https://example.org/lakeside/night-library",
                "type": ["Achievement"],
                "name": "Night Library Volunteer",
                "description": "Kept a reading room open for a winter of evenings.",
                "criteria": {"narrative": "Opened and closed the room on twenty evenings."},
                "image": {
                    "id": "data:image/svg+xml;base64," + base64.b64encode(picture()).decode("ascii"),
                    "type": "Image",
                    "caption": "A rosette with an open book",
                },
            },
        },
        **changes,
    }


def signed(document: Document) -> bytes:
    """With a proof of its issuer's key, as bytes."""
    did = did_key(KEY.multibase)
    method = f"{did}#{KEY.multibase}"
    return to_bytes(add_proof(document, KEY, method, "2020-11-14T12:00:00Z", canonical))


def as_token(email: str = EMAIL) -> bytes:
    """The same as a token of a key of the other kind."""
    from cryptography.hazmat.primitives import serialization as s

    private = token_key(78)
    point = private.public_key().public_bytes(s.Encoding.X962, s.PublicFormat.CompressedPoint)
    multibase = multikey_encode("P-256", point)
    did = did_key(multibase)
    document = credential(email, issuer={"id": did, "type": ["Profile"], "name": "Lakeside Reading Rooms"})
    return token(document, str(document["id"]), did, SigningKey(multibase, private), f"{did}#{multibase}")


def hosted(base: str, email: str = EMAIL, **changes: Any) -> dict[str, Document | bytes]:
    """An Open Badges 2.0 site: path to document or bytes."""
    from badge_passport.pages.pictures import optimise
    from badge_passport.source.pictures import Picture

    return {
        "a.json": {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": base + "a.json",
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": SALT,
                "identity": hash_identity(email, SALT),
            },
            "badge": base + "b.json",
            "issuedOn": "2021-03-05T10:00:00Z",
            "verification": {"type": "HostedBadge"},
            **changes,
        },
        "b.json": {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "BadgeClass",
            "id": base + "b.json",
            "name": "Repair Café Host",
            "description": "Hosted a repair café.",
            "criteria": {"narrative": "Hosted it."},
            "image": base + "i.png",
            "issuer": base + "o.json",
        },
        "o.json": {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Issuer",
            "id": base + "o.json",
            "name": "Fixers of the Old Town",
            "url": "https://example.org/fixers",
            "email": "hello@example.org",
        },
        "i.png": optimise(Picture("svg", picture(), 512, 512), trusted=True),
    }


class Elsewhere:
    """Another host: what it answers may change while it runs."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.files: dict[str, bytes] = {}

    def serve(self, files: Mapping[str, Document | bytes]) -> None:
        self.files = {
            path: value if isinstance(value, bytes) else json.dumps(value, indent=1).encode()
            for path, value in files.items()
        }


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """A real server on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = host.files.get(self.path.lstrip("/"))
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (http.server's own name)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Elsewhere(f"http://127.0.0.1:{server.server_port}/")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()


def demo_credential() -> bytes:
    """What the demonstration keeps."""
    return signed(credential(DEMO_EMAIL, DEMO_SALT))


if __name__ == "__main__":
    import hashlib

    data = demo_credential()
    name = f"night-library-volunteer-{hashlib.sha256(data).hexdigest()[:8]}.json"
    target = ROOT / "content" / "participants" / DEMO_PERSON / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    print(target)
