"""A real mail server that fails as servers do, for tests: on purpose, or at random from a seed.

    with MailServer(script={"lea@example.org": ["later", "take"]}) as server:
        …                       # send to server.url
        server.received         # what was taken, in order

For each recipient ``script`` has what happens to one attempt after the other, and `TAKE` after its end. Where
there is no script, ``odds`` are the chances of each behaviour, drawn from ``seed`` by recipient and attempt.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import random
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TAKE = "take"
LATER = "later"  # 451 to the recipient
LATER_TEXT = "later-text"  # 451 to the text
BUSY = "busy"  # 421 and an end of the connection
NO_SUCH = "no-such"  # 550 to the recipient, with the address in it
SPAM = "spam"  # 554 to the text
STALL = "stall"  # no answer to the recipient
STALL_TAKEN = "stall-taken"  # takes the text and does not answer
DROP = "drop"  # hangs up at the recipient
DROP_IN_TEXT = "drop-in-text"  # asks for the text and hangs up
DROP_AFTER_TAKEN = "drop-after-taken"  # takes the text and hangs up
DROP_AFTER_LOST = "drop-after-lost"  # hears the last dot, hangs up, and has lost the text
SAFE_FAULTS = (LATER, LATER_TEXT, BUSY, DROP, DROP_IN_TEXT)

USER, PASSWORD = "badges@example.org", "open sesame"


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was taken."""

    sender: str
    recipient: str
    data: bytes
    encrypted: bool

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return BytesParser(EmailMessage, policy=default).parsebytes(self.data)


class _Protocol(SMTP):
    """aiosmtpd's protocol, which can also fail between the parts of a command."""

    server: MailServer

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (the name is aiosmtpd's)
        if self.server.now == DROP_IN_TEXT and self.envelope and self.envelope.rcpt_tos:
            await self.push("354 go on")
            if self.transport.can_write_eof():
                self.transport.write_eof()
            self.transport.close()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def __init__(self, server: MailServer, **options: Any) -> None:
        self.mail = server
        super().__init__(server, **options)

    def factory(self) -> SMTP:
        protocol = _Protocol(self.mail, **self.SMTP_kwargs)
        protocol.server = self.mail
        return protocol


class MailServer:
    """The server; a context manager that listens on a free port of this machine."""

    def __init__(
        self,
        script: Mapping[str, Sequence[str]] | None = None,
        odds: Mapping[str, float] | None = None,
        seed: int = 0,
        *,
        security: str = "none",
        certificate: Certificate | None = None,
        login: bool = False,
        stall: float = 3.0,
        utf8: bool = True,
        delay: float = 0.0,
    ) -> None:
        """``security`` is none, starttls or tls; the last two need a ``certificate``."""
        self.script = dict(script or {})
        self.odds = dict(odds or {})
        self.seed = seed
        self.stall = stall
        self.delay = delay
        self.received: list[Received] = []
        self.attempts: Counter[str] = Counter()
        self.connections = 0
        self.now = TAKE
        self._lock = threading.Lock()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options: dict[str, Any] = {"enable_SMTPUTF8": utf8, "hostname": "127.0.0.1", "port": port}
        context = certificate.context() if certificate else None
        if security == "tls":
            options["ssl_context"] = context
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if login:
            options |= {
                "authenticator": self._login,
                "auth_required": True,
                "auth_require_tls": security == "starttls",
            }
        self._controller = _Controller(self, **options)
        user = USER.replace("@", "%40") + "@" if login else ""
        self.url = f"{'smtps' if security == 'tls' else 'smtp'}://{user}127.0.0.1:{port}"
        self.environment = {
            "PASSPORT_SMTP_URL": self.url,
            "PASSPORT_SMTP_SECURITY": "",
            "PASSPORT_SMTP_TIMEOUT": "5",
        }
        if security == "none":
            self.environment["PASSPORT_SMTP_SECURITY"] = "none"
        if login:
            self.environment["PASSPORT_SMTP_PASSWORD"] = PASSWORD
        if certificate:
            self.environment["PASSPORT_SMTP_CA"] = str(certificate.authority)

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    def counts(self) -> Counter[str]:
        """How many messages each recipient got."""
        with self._lock:
            return Counter(message.recipient for message in self.received)

    def _login(self, server: SMTP, session: Session, envelope: Envelope, kind: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=good, handled=good)

    def _choose(self, recipient: str) -> str:
        """What happens to this attempt; drawn from the seed, whatever else is going on."""
        attempt = self.attempts[recipient]
        self.attempts[recipient] += 1
        if recipient in self.script:
            steps = self.script[recipient]
            return steps[attempt] if attempt < len(steps) else TAKE
        drawn = random.Random(f"{self.seed}\n{recipient}\n{attempt}").random()
        for behaviour, odds in self.odds.items():
            drawn -= odds
            if drawn < 0:
                return behaviour
        return TAKE

    # What aiosmtpd calls.

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        self.now = self._choose(address)
        if self.now == LATER:
            return "451 4.7.1 come back later"
        if self.now == NO_SUCH:
            return f"550 5.1.1 <{address}>: no such user"
        if self.now == STALL:
            await asyncio.sleep(self.stall)
        if self.now == DROP:
            server.transport.abort()
        if self.now == BUSY:
            await server.push("421 4.3.2 too busy")
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.now == LATER_TEXT:
            return "451 4.3.0 no room now"
        if self.now == SPAM:
            return "554 5.7.1 this looks like spam"
        if self.now != DROP_AFTER_LOST:
            data = envelope.content
            assert isinstance(data, bytes)
            encrypted = server.transport.get_extra_info("sslcontext") is not None
            with self._lock:
                self.received += [
                    Received(envelope.mail_from or "", to, data, encrypted) for to in envelope.rcpt_tos
                ]
        if self.now == STALL_TAKEN:
            await asyncio.sleep(self.stall)
        if self.now in (DROP_AFTER_LOST, DROP_AFTER_TAKEN):
            server.transport.abort()
        return "250 2.0.0 taken"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and key of a server, and the authority that stands for it."""

    chain: Path
    key: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        """For the server."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain, self.key)
        return context


def make_certificate(folder: Path, name: str = "127.0.0.1") -> Certificate:
    """A certificate for ``name`` (an address or a host), by an authority that is made for it."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    keys = {who: ec.generate_private_key(ec.SECP256R1()) for who in ("authority", "server")}
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
    try:
        subject: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        subject = x509.DNSName(name)

    def build(subject_name: x509.Name, who: str, *extensions: tuple[x509.ExtensionType, bool]) -> bytes:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject_name)
            .issuer_name(authority)
            .public_key(keys[who].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        return made.sign(keys["authority"], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    identifier = x509.SubjectKeyIdentifier.from_public_key(keys["authority"].public_key())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    files = Certificate(folder / "server.pem", folder / "server.key", folder / "authority.pem")
    files.authority.write_bytes(
        build(
            authority,
            "authority",
            (x509.BasicConstraints(ca=True, path_length=None), True),
            (usage, True),
            (identifier, False),
        )
    )
    files.chain.write_bytes(
        build(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:60])]),
            "server",
            (x509.SubjectAlternativeName([subject]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False),
        )
    )
    files.key.write_bytes(
        keys["server"].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files
