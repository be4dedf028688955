"""Finding people by name: folding is the same in Python and in the browser, and nodes stay small."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_passport.pages.names import MOST, SAMPLE, Found, fold, index, shards

SCRIPT = Path(__file__).parents[2] / "themes/passport/assets/search.js"
NODE = shutil.which("node")
# Python and Node know different versions of Unicode: characters that are new to either are not compared.
KNOWN = st.characters(exclude_categories=("Cs", "Cn", "Co"), max_codepoint=0x1E8FF).filter(
    lambda c: unicodedata.ucd_3_2_0.category(c) != "Cn"
)


def ask(program: str, values: object) -> list[object]:
    """What search.js answers to each of ``values``, by an expression of ``s`` (the script) and ``v``."""
    assert NODE is not None
    code = (
        f"const s = require({json.dumps(str(SCRIPT))});"
        f"const values = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        f"console.log(JSON.stringify(values.map((v) => {program})));"
    )
    done = subprocess.run(
        [NODE, "-e", code], input=json.dumps(values).encode(), capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أَمِيرَة", "اميره"),
        ("إبراهيم", "ابراهيم"),
        ("هُدى", "هدي"),
        ("محمـــد", "محمد"),
        ("Müller-Lüdenscheidt", "muller LUDENSCHEIDT"),
        ("Weiß", "WEISS"),
        ("İbrahim", "ibrahim"),
        ("Ｆｕｌｌ", "full"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("O’Brien", "o brien"),
    ],
)
def test_what_people_write_alike_is_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.skipif(NODE is None, reason="there is no node")
@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(KNOWN, max_size=30), min_size=20, max_size=100))
def test_the_browser_folds_in_the_same_way(names: list[str]) -> None:
    assert ask("s.fold(v)", names) == [fold(name) for name in names]


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_every_letter_is_folded_in_the_same_way() -> None:
    letters = [
        chr(n)
        for n in range(0x20, 0x1E900)
        if unicodedata.ucd_3_2_0.category(chr(n)) not in ("Cn", "Cs", "Co")
    ]
    answers = ask("s.fold(v)", letters)
    assert [(c, a, fold(c)) for c, a in zip(letters, answers, strict=True) if a != fold(c)] == []


NAMES = st.lists(
    st.sampled_from(["Amira", "Émile", "Jonas", "سلمى", "Aly", "Li", "Ó"]), min_size=1, max_size=4
)


def people(number: int) -> list[Found]:
    given, family = ("Amira", "Jonas", "Salma", "محمد"), ("Khalil", "Berger", "Ben Aly", "حداد")
    return [
        Found(f"{given[n % 4]} {family[n // 4 % 4]} {chr(97 + n % 23)}", f"person-{n:06}", n % 7)
        for n in range(number)
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=60))
def test_everybody_is_in_a_node_of_each_of_their_words(names: list[list[str]]) -> None:
    found = [Found(" ".join(words), f"p-{n}", 1) for n, words in enumerate(names)]
    nodes = shards(found)
    for person in found:
        for word in fold(person.name).split():
            assert any(word.startswith(n.beginning) and person in n.people for n in nodes), (person, word)


def test_nodes_are_small_and_say_what_they_leave_out() -> None:
    nodes = shards(people(5000))
    beginnings = [n.beginning for n in nodes]
    assert beginnings == sorted(set(beginnings))
    for node in nodes:
        size = len(json.dumps([[p.name, p.slug, p.badges] for p in node.people], ensure_ascii=False).encode())
        assert size <= MOST * 1.1
        assert not node.more or len(node.people) >= SAMPLE
    same = shards([Found("Amira", f"p-{n:05}", 1) for n in range(3000)])
    assert sum(len(n.people) for n in same if n.beginning == "amira") + same[-1].more == 3000


@pytest.mark.skipif(NODE is None, reason="there is no node")
def test_the_browser_finds_everybody_by_their_words_in_any_order() -> None:
    everybody = people(3000)
    nodes = shards(everybody)
    asked = [(p, fold(p.name).split()[::step]) for p in everybody[::17] for step in (1, -1)]
    numbers = ask("v.map ? s.node(values[0], v) : null", [index(nodes), *(q for _, q in asked)])[1:]
    fitting = ask(
        "v[1].filter((name) => s.fits(v[0], name))",
        [[q, [p.name for p in nodes[int(str(n))].people]] for (_, q), n in zip(asked, numbers, strict=True)],
    )
    for (person, question), number, names in zip(asked, numbers, fitting, strict=True):
        node = nodes[int(str(number))]
        assert not node.more and person in node.people, question
        assert isinstance(names, list) and person.name in names
        assert set(names) == {p.name for p in everybody if sorted(fold(p.name).split()) == sorted(question)}
