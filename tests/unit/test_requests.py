"""Requests of participants, found in whatever mail programs and forges make of them."""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from badge_passport.desk.claims.codes import claim_code
from badge_passport.desk.claims.requests import MAX_FILE, canonical, proof, read
from claim_fixtures import JONAS, SECRET, answer, handed_over

CODE = claim_code(SECRET, JONAS, "jonas@example.org")
ODD = answer(display="full", name='Zoë {"x": "y"} \\ Al-ʿArabī سلمى 🦊 & co')


def only(data: bytes | str) -> dict[str, Any]:
    """The one request in a file, which must be proven."""
    offers, problems = read(data.encode() if isinstance(data, str) else data, None)
    assert problems == []
    [offer] = offers
    assert offer.proven_by(CODE)
    return dict(json.loads(offer.message))


def mail(text: str, encoding: str, subtype: str = "plain") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Answer"
    message["From"] = "Jonas <jonas@example.org>"
    message.set_content(text, subtype=subtype, cte=encoding)
    return message.as_bytes(policy=SMTP)


def expected() -> dict[str, Any]:
    return {key: value for key, value in ODD.items() if key != "proof"}


def test_canonical_json_is_that_of_rfc_8785() -> None:
    value = {"b": True, "a": 'é" \\ \x7f\u2028', "c": 1}
    assert canonical(value) == '{"a":"é\\" \\\\ \x7f\u2028","b":true,"c":1}'.encode()
    assert proof("A" * 24, b"x") == proof("A" * 24, b"x") != proof("B" * 24, b"x")


@pytest.mark.parametrize(
    "text",
    [
        handed_over(ODD),
        json.dumps(ODD),
        json.dumps(ODD, ensure_ascii=False, indent=4).replace("\n", "\r\n"),
        "\ufeff" + handed_over(ODD),
        "".join(f"> {line}\n" for line in handed_over(ODD).splitlines()),
        handed_over(ODD).replace("  ", "\u00a0 "),
        handed_over(ODD).replace("Al-ʿArabī سلمى", "Al-ʿArabī \nسلمى"),  # wrapped by a mail program
        json.dumps([{"number": 7, "title": "Answer", "body": handed_over(ODD)}]),  # as tools export
        '{ "type": {{{ ' + handed_over(ODD),
    ],
    ids=["fenced", "json", "crlf", "bom", "quoted", "nbsp", "wrapped", "exported", "brackets"],
)
def test_a_request_is_found_in_any_text(text: str) -> None:
    assert only(text) == expected()


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_request_is_found_in_a_message(encoding: str) -> None:
    assert only(mail(handed_over(ODD), encoding)) == expected()


def test_a_message_that_is_html_alone() -> None:
    text = handed_over(ODD).replace("&", "&amp;").replace('"', "&quot;").replace("  ", "&nbsp; ")
    page = "<html><body><div>" + text.replace("\n", "<br>\n") + "</div></body></html>"
    assert only(mail(page, "quoted-printable", "html")) == expected()


def test_a_message_with_both_forms_is_one_request() -> None:
    message = EmailMessage()
    message["Subject"] = "Answer"
    message.set_content(handed_over(ODD))
    message.add_alternative("<pre>" + handed_over(ODD).replace("🦊", "?") + "</pre>", subtype="html")
    assert only(message.as_bytes()) == expected()


def test_an_attached_file_and_a_forwarded_message() -> None:
    message = EmailMessage()
    message["Subject"] = "See the file"
    message.set_content("Here it is.")
    message.add_attachment(handed_over(ODD).encode(), maintype="text", subtype="plain", filename="answer.txt")
    assert only(message.as_bytes()) == expected()
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer.set_content("Please do this.")
    outer.add_attachment(message)
    assert only(outer.as_bytes()) == expected()


def test_several_requests_in_a_mailbox_each_once() -> None:
    other = answer(answer="hidden")
    box = b"".join(
        b"From x Wed Mar  4 12:00:00 2026\n"
        + mail(handed_over(one), "base64").replace(b"\r\n", b"\n")
        + b"\n"
        for one in (ODD, other, ODD)
    )
    offers, problems = read(box, None)
    assert problems == []
    assert [offer.request.answer for offer in offers] == ["accepted", "hidden"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"display": "full", "name": "a@example.org"}, "e-mail address"),
        ({"display": "full", "name": "a\uff20example.org"}, "e-mail address"),
        ({"display": "full", "name": "<script>alert(1)</script>"}, "HTML"),
        ({"display": "full", "name": "x" * 101}, "100 characters"),
        ({"display": "full", "name": "Jo\u202enas"}, "U+202E"),
        ({"display": "full", "name": "Jo\x1bnas"}, "U+001B"),
        ({"display": "full", "name": "   "}, "name"),
        ({"display": "full"}, "does not fit"),
        ({"name": "Jonas"}, "does not fit"),
        ({"display": "none", "name": "Jonas"}, "does not fit"),
        ({"display": "full", "name": "Jonas", "pseudonym": "Fox"}, "does not fit"),
        ({"display": "pseudonym", "name": "Jonas"}, "does not fit"),
        ({"display": "initials", "pseudonym": "J. " * 10}, "20 characters"),
        ({"visibility": "listed"}, "visibility"),
        ({"answer": "yes"}, "answer"),
        ({"acceptAll": "true"}, "acceptAll"),
        ({"erase": 1}, "erase"),
        ({"version": 2}, "version"),
        ({"language": "../../etc"}, "language"),
        ({"award": "../../../etc/passwd"}, "award"),
        ({"made": "2026-02-30T00:00:00.000Z"}, "not a time"),
        ({"made": "yesterday"}, "made"),
        ({"more": "x"}, "more"),
    ],
)
def test_what_a_request_must_not_be(changes: dict[str, Any], why: str) -> None:
    offers, [problem] = read(handed_over({**answer(), **changes}).encode(), None)
    assert offers == []
    assert problem.code == "claim-unreadable"
    assert why in problem.message
    assert "\n" not in problem.message


def test_what_looks_like_html_and_is_none_is_text() -> None:
    assert only(handed_over(answer(display="pseudonym", pseudonym="I <3 R&D")))["pseudonym"] == "I <3 R&D"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b'"BadgePassportRequest"' * 2000,
        b"{" * 200_000 + b'"BadgePassportRequest"',
        b'{"a":' * 3_000 + b'"BadgePassportRequest"' + b"}" * 3_000,
        b"[" * 200_000,
        b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 10_000,
        b"Subject: x\nContent-Type: text/plain; charset=nothing\n\nhello",
        b'{"type": "BadgePassportRequest", "type": "BadgePassportRequest"}',
        b"x" * (MAX_FILE + 1),
    ],
    ids=["empty", "bytes", "marks", "open", "deep", "lists", "parts", "charset", "twice", "large"],
)
def test_hostile_files_are_refused_and_not_for_long(data: bytes) -> None:
    offers, [problem] = read(data, None)
    assert offers == []
    assert problem.code == "claim-unreadable"
