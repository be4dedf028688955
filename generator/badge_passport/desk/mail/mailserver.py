"""One mail server: how to reach it, and what it answers to one letter (SMTP, RFC 5321).

What matters most is what a lost connection means. Before the dot that ends a text has been sent, the server
must not deliver it, and trying again is safe. After the dot, until the answer, nobody knows.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from badge_passport.desk.mail.letters import Letter
from badge_passport.diagnostics import Diagnostic

URL = "PASSPORT_SMTP_URL"
PASSWORD = "PASSPORT_SMTP_PASSWORD"  # noqa: S105 (the name of a variable)
SECURITY = "PASSPORT_SMTP_SECURITY"
AUTHORITY = "PASSPORT_SMTP_CA"
TIMEOUT = "PASSPORT_SMTP_TIMEOUT"
SECONDS = 120.0
GRACE = 0.01  # seconds in which a server that hangs up in the middle of a text is noticed
_HERE = ("localhost", "127.0.0.1", "::1")
_FORM = "write it as smtp://user@mail.example.org:587, or smtps://user@mail.example.org:465."


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach a mail server."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    user: str = ""
    password: str = ""
    authority: Path | None = None
    timeout: float = SECONDS


class Stop(Exception):
    """Nothing can be sent through this server now; ``problem`` says why."""

    def __init__(self, problem: Diagnostic) -> None:
        """Keep the problem."""
        super().__init__(problem.message)
        self.problem = problem


class _Lost(Exception):
    """The connection ended, or never was, and nothing can have been delivered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a letter: ``uncertain`` if the connection was lost between the last dot and the answer."""

    event: Literal["sent", "refused", "deferred", "uncertain"]
    code: int = 0
    text: str = ""


def settings(environment: Mapping[str, str]) -> Settings | Diagnostic:
    """The mail server that the environment names, or the problem ``mail-settings``."""
    text = environment.get(URL, "")
    if not text:
        return _wrong(f"there is no mail server to send with: {URL} is not set", _FORM)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _wrong(f"{URL} is not an address of a mail server", _FORM)
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or parts.query:
        return _wrong(f"{URL} is not an address of a mail server", _FORM)
    if parts.password is not None:
        return _wrong(f"{URL} has a password in it", f"put it into {PASSWORD}; addresses end up in logs.")
    wanted = environment.get(SECURITY, "")
    if wanted not in ("", "none"):
        return _wrong(f"{SECURITY} can only be “none”", "leave it out: mail is encrypted on its way then.")
    user, password = unquote(parts.username or ""), environment.get(PASSWORD, "")
    if bool(user) != bool(password):
        missing = PASSWORD if user else f"the user name in {URL}"
        return _wrong(f"a login needs a user name and a password, and {missing} is not set", _FORM)
    open_text = parts.scheme == "smtp" and wanted == "none"
    if open_text and user and host not in _HERE:
        return _wrong("a password is never sent without encryption", f"leave {SECURITY} out.")
    authority = Path(environment[AUTHORITY]) if environment.get(AUTHORITY) else None
    if authority is not None and not authority.is_file():
        return _wrong(f"{AUTHORITY} is not a file", "name the PEM file of the authority your server uses.")
    try:
        timeout = float(environment.get(TIMEOUT) or SECONDS)
    except ValueError:
        timeout = 0.0
    if not 0.1 <= timeout <= 3600:
        return _wrong(f"{TIMEOUT} is not a number of seconds", "write 120, or leave it out.")
    secure = parts.scheme == "smtps"
    return Settings(
        host,
        port or (465 if secure else 587),
        "tls" if secure else "none" if open_text else "starttls",
        user,
        password,
        authority,
        timeout,
    )


def _wrong(message: str, fix: str) -> Diagnostic:
    return Diagnostic("mail-settings", message, None, fix)


def _failed(message: str, fix: str) -> Stop:
    return Stop(Diagnostic("mail-server", message, None, fix))


@dataclass
class Connection:
    """A connection that is opened when it is needed, and again after it was lost."""

    settings: Settings
    retries: int = 3
    delay: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    smtp: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        """The open connection; a server that does not answer is tried again, waiting longer each time.

        Raises:
            Stop: it cannot be reached, is not who it should be, or does not let us in.
        """
        why = ""
        for attempt in range(self.retries + 1):
            if self.smtp is not None:
                return self.smtp
            if attempt:
                self.sleep(self.delay * 2 ** (attempt - 1))
            try:
                self.smtp = _connect(self.settings)
            except _Lost as error:
                why = str(error)
        if self.smtp is not None:
            return self.smtp
        where = f"{self.settings.host}:{self.settings.port}"
        raise _failed(
            f"the mail server {where} cannot be reached ({why})",
            f"check {URL} and your network, and run the command again; only what is missing is sent.",
        )

    def close(self, *, politely: bool = False) -> None:
        """End the connection, if there is one."""
        smtp, self.smtp = self.smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                if politely:
                    smtp.quit()
            smtp.close()

    def deliver(self, letter: Letter, before_text: Callable[[], None]) -> Outcome:
        """Hand a letter over. ``before_text`` is called right before its text is offered, each time it is.

        Raises:
            Stop: as `open`, or the server does not take mail from this sender.
        """
        used = self.smtp is not None
        try:
            return self._deliver(letter, before_text)
        except _Lost as error:
            self.close()
            lost = error
        if used:  # it had been open for a while: servers end those
            try:
                return self._deliver(letter, before_text)
            except _Lost as error:
                self.close()
                lost = error
        return Outcome("deferred", 0, str(lost))

    def _deliver(self, letter: Letter, before_text: Callable[[], None]) -> Outcome:
        smtp = self.open()
        try:
            early = self._offer(smtp, letter)
            if early is not None:
                return early
            before_text()
            code, reply = smtp.docmd("DATA")
            if code != 354:
                return self._answer(code, reply, reset=True)
            smtp.send(_transparent(letter.data))
            # A server that speaks or hangs up now has not got it all: without the dot it must not deliver.
            if smtp.sock is None or select.select([smtp.sock], [], [], GRACE)[0]:
                raise _Lost("the connection was lost")
        except smtplib.SMTPServerDisconnected as error:
            raise _Lost("the connection was lost") from error
        except (smtplib.SMTPException, TimeoutError) as error:
            raise _Lost("the server did not answer as it should") from error
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except (smtplib.SMTPException, OSError):
            self.close()
            return Outcome("uncertain")
        return self._answer(code, reply)

    def _offer(self, smtp: smtplib.SMTP, letter: Letter) -> Outcome | None:
        """Name sender and recipient; an outcome if it ends there."""
        options = [f"SIZE={len(letter.data)}"] if smtp.has_extn("size") else []
        if letter.utf8:
            if not smtp.has_extn("smtputf8"):
                return Outcome("refused", 0, "the mail server cannot write to addresses with such letters")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        code, reply = smtp.mail(letter.sender, options)
        if code // 100 == 5 and code not in (552, 553, 555):
            said = _text(reply)
            raise _failed(
                f"the mail server does not take mail from this sender: {code} {said}",
                "set PASSPORT_SMTP_FROM to an address that this account may send from.",
            )
        if code // 100 == 2:
            code, reply = smtp.rcpt(letter.recipient)
        return None if code // 100 == 2 else self._answer(code, reply, reset=True)

    def _answer(self, code: int, reply: bytes, *, reset: bool = False) -> Outcome:
        if code == 421 or code not in range(200, 600):
            self.close()
        elif reset and self.smtp is not None:
            try:
                self.smtp.rset()
            except (smtplib.SMTPException, OSError):
                self.close()
        if code // 100 == 2:
            return Outcome("sent", code, _text(reply))
        if code // 100 == 5:
            return Outcome("refused", code, _text(reply))
        if code // 100 == 4 or reset:
            return Outcome("deferred", code, _text(reply))
        return Outcome("uncertain", code, _text(reply))


def _connect(settings: Settings) -> smtplib.SMTP:
    """A connection over which mail may be sent.

    Raises:
        Stop: the server is not who it should be, or does not let us in.
        _Lost: it could not be reached now.
    """
    where = f"{settings.host}:{settings.port}"
    smtp: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=settings.authority)
        if settings.security == "tls":
            smtp = smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=context)
        else:
            smtp = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise _failed(
                    f"the mail server {where} offers no encryption (STARTTLS)",
                    f"use smtps:// if it has a port for that; {SECURITY}=none sends in the open.",
                )
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        if smtp.sock is not None:  # the dot must not wait until the text before it has been acknowledged
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if settings.user:
            smtp.login(settings.user, settings.password)
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        meaning = _reason(error, where)
        if meaning is error:
            raise
        raise meaning from error
    return smtp


def _reason(error: BaseException, where: str) -> BaseException:
    """What an error of a connection means for us: `Stop`, `_Lost`, or itself."""
    match error:
        case ssl.SSLCertVerificationError():
            return _failed(
                f"the certificate of the mail server {where} is not trusted: {error.verify_message}",
                f"write the host name that is in the certificate; {AUTHORITY} names the file of an authority "
                "of your own.",
            )
        case ssl.SSLError():
            return _failed(
                f"the mail server {where} does not speak TLS as it should",
                "smtps:// is for port 465, and smtp:// for port 587.",
            )
        case smtplib.SMTPAuthenticationError() if error.smtp_code // 100 != 4:
            return _failed(
                f"the mail server {where} refuses the login: {error.smtp_code} {_text(error.smtp_error)}",
                f"check the user name in {URL}, and {PASSWORD}; many servers want an “app password”.",
            )
        case smtplib.SMTPNotSupportedError():
            return _failed(
                f"the mail server {where} offers no login",
                f"leave user name and {PASSWORD} out, if it needs none.",
            )
        case UnicodeError():
            return _failed(
                "the password has letters that a login cannot carry",
                "choose one of plain letters and digits.",
            )
        case smtplib.SMTPResponseException() if error.smtp_code // 100 == 5:
            said = f"{error.smtp_code} {_text(error.smtp_error)}"
            return _failed(f"the mail server {where} does not let us in: {said}", f"check {URL}.")
        case smtplib.SMTPResponseException():
            return _Lost(f"{error.smtp_code} {_text(error.smtp_error)}")
        case smtplib.SMTPException():
            return _Lost("it hung up")
        case OSError():
            return _Lost(error.strerror or str(error))
    return error


def _transparent(data: bytes) -> bytes:
    """A text as it is sent (RFC 5321, 4.5.2): lines that begin with a dot get another."""
    data = re.sub(rb"(?m)^\.", b"..", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _text(reply: bytes | str) -> str:
    from badge_passport.desk.mail.sentlog import without_addresses

    return without_addresses(reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply)
