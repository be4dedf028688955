"""The form “Award a badge”, as honest and as hostile people fill it in."""

from __future__ import annotations

import datetime
import random

import pytest

from badge_passport.desk.awarding.forms import MAX_FORM, Form, read_form
from minimal import CheckSite

GOOD = """### Badge

harbour/listener

### Participants

amira
jonas

### Day

2024-07-01

### Level

_No response_

### Evidence

https://example.org/report

### Name of the evidence

Report
"""


def read(checked: CheckSite, text: str | bytes) -> Form | str:
    registry = checked().registry
    form, problems = read_form(text if isinstance(text, bytes) else text.encode(), "form.md", registry)
    if form is not None:
        assert problems == []
        return form
    [problem] = problems
    assert problem.code == "form-unreadable" and problem.help
    assert problem.message.isprintable()
    return problem.message


def test_a_form_is_read(checked: CheckSite) -> None:
    day = datetime.date(2024, 7, 1)
    wanted = Form("harbour/listener", ("amira", "jonas"), day, "", "https://example.org/report", "Report")
    assert read(checked, GOOD) == wanted
    assert read(checked, GOOD.replace("\n", "\r\n")) == wanted
    assert read(checked, GOOD.replace("amira\njonas", "- amira, jonas; `amira`")) == wanted
    assert read(checked, GOOD.replace("harbour/listener", "Listener")) == wanted
    short = GOOD[: GOOD.index("### Level")]
    assert read(checked, short) == Form("harbour/listener", ("amira", "jonas"), day)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("amira\n", "amira\n\n### Badge\n\nharbour/other\n", "“Badge” stands twice in the form"),
        ("amira\n", "amira\n\n### Secret\n\nx\n", "the form has no field “Secret”"),
        ("### Badge", "hello\n\n### Badge", "the form does not begin with a field"),
        ("amira", "amira@example.net", "an e-mail address has no place in a form"),
        ("amira", "amria", "no participant called “amria”; did you mean “amira”?"),
        ("amira", "../../site", "no participant called"),
        ("amira", "$(touch /tmp/x)", "no participant called “$(touch”"),
        ("harbour/listener", "`id`", "no badge is called “`id`”"),
        ("harbour/listener", "harbour/listener\n--yes", "“Badge” is more than one plain line"),
        ("harbour/listener", "_No response_", "“Badge” is empty"),
        ("harbour/listener", "x\x1b[31m", "“Badge” is more than one plain line"),
        ("2024-07-01", "1 July", "“1 July” is not a day"),
        ("2024-07-01", "2024-02-31", "“2024-02-31” is not a day"),
        ("amira\njonas", "_No response_", "“Participants” is empty"),
        ("amira\njonas", " ".join(f"p{n}" for n in range(300)), "the form names more than 200 people"),
        ("### Day", "### Days", "the form has no field “Days”"),
        ("### Day\n\n2024-07-01\n", "", "“Day” is empty"),
    ],
)
def test_anything_unexpected_is_refused(checked: CheckSite, old: str, new: str, why: str) -> None:
    said = read(checked, GOOD.replace(old, new, 1))
    assert isinstance(said, str) and said.startswith(why), said


def test_what_is_no_form_is_refused(checked: CheckSite) -> None:
    assert read(checked, b"\xff") == "the form is not UTF-8"
    assert read(checked, "") == "“Badge” is empty"
    assert "more than 65,536" in str(read(checked, b"x" * (5 * MAX_FORM)))


def test_no_form_is_a_fault_of_ours(checked: CheckSite) -> None:
    chance, registry = random.Random(1), checked().registry
    bits = ["### ", "\n", "\r", "@", "\x00", "$(id)", "`", "### Badge\n", "\u202e", "_No response_", "'", '"']
    refused = 0
    for _ in range(500):
        text = list(GOOD)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 5)] = chance.choice(bits)
        form, problems = read_form("".join(text).encode(), "f", registry)
        assert (form is None) == bool(problems)
        refused += form is None
    assert refused > 200
