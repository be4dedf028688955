"""What people do wrong in YAML is told in their words, at the place where they can mend it."""

from __future__ import annotations

import pytest

from badge_passport.source.yaml import load

MISTAKES = {
    "a tab for indentation": ("name: a\nawards:\n\t- b\n", "3:1", "a tab stands here"),
    "a tab before a key": ("name: a\n\tb: c\n", "2:1", "a tab stands here"),
    "a colon in a text": ("name: Foo: bar\nb: c\n", "1:10", "this line has a second colon"),
    "no space after a colon": ("name:Foo\nbadge: x\n", "2:6", "no space follows the colon in the line"),
    "the same at the end": ("badge: x\nname:Foo\n", "2:1", "this line has no key with a colon and a space"),
    "a quote that is not closed": (
        'a: x\nname: "Foo\nbadge: x\n',
        "2:7",
        "the quote that begins here has no end",
    ),
    "an apostrophe in quotes": ("name: 'l'amie'\nb: c\n", "1:10", "something stands after the quote"),
    "a word after quotes": ('name: "Foo" bar\nb: c\n', "1:13", "something stands after the quote"),
    "too far to the right": ("name: Foo\n  badge: x\n", "2:8", "the line above is not finished"),
    "too far to the left": ("a:\n    b: 1\n  c: 2\n", "3:3", "does not begin in the column of the others"),
    "items of a list": ("a:\n  - b: c\n - b: d\n", "3:2", "does not begin in the column of the others"),
    "a key among items": ("a:\n  - b: c\n  d: e\n", "3:3", "a key stands among the items of a list"),
    "an open brace": (
        "z: 1\na: {b: 1\nc: 2\n",
        "2:4",
        "after this “{” a comma or the closing “}” is",
    ),
    "an open bracket": ("a: [b, c\nd: 2\n", "1:4", "after this “[” a comma or the closing “]” is missing"),
    "a bracket too many": ("a: {b: c}}\n", "1:10", "“}” closes nothing that was opened"),
    "a bracket alone": ("a: b\nc: ]\n", "2:4", "a text cannot begin with “]”"),
    "an at sign": ("a: @foo\n", "1:4", "a text cannot begin with “@”"),
    "a per cent sign": ("%foo\n", "1:1", "a text that begins with this sign must stand in quotes"),
    "a star": ("a: *bold* text\n", "1:4", "a text that begins with this sign must stand in quotes"),
    "an ampersand": ("a: & b\n", "1:4", "a text that begins with this sign must stand in quotes"),
    "a text beside >": ("a: > text\nb: c\n", "1:6", "nothing may follow | or > in its line"),
    "a list beside its key": ("a: - b\n", "1:4", "a list begins in the line of its key"),
    "a colon alone": (": a\n", "1:1", "no key stands before this colon"),
    "a path of Windows": ('a: "C:\\Users"\n', "1:9", "a backslash within double quotes"),
    "an unknown escape": ('a: "C:\\files\\Docs"\n', "1:13", "a backslash within double quotes"),
    "words without a key": ("name: x\nsome words\n", "2:1", "this line has no key with a colon and a space"),
    "a line that ends the file": ("a: 'b", "1:4", "the quote that begins here has no end"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_in_plain_words(case: str) -> None:
    text, place, words = MISTAKES[case]
    value, problems = load(text, "a.yml")
    assert value is None
    [problem] = problems
    assert problem.code == "yaml-syntax" and problem.span is not None
    assert words in problem.message
    assert f"{problem.span.line}:{problem.span.column}" == place
    assert problem.help.endswith(".")


def test_what_nobody_foresaw_has_the_words_of_the_parser() -> None:
    [problem] = load("%YAML 1.1\n%YAML 1.1\n---\na: b\n", "a.yml")[1]
    assert problem.message.startswith("this is not valid YAML: found duplicate %YAML directive")
