"""What is wrong with a file that is not valid YAML, said to somebody who does not know the parser's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import yaml


class Mistake(NamedTuple):
    """A sentence, what to do, and whether it is about where something began, rather than where it failed."""

    sentence: str
    help: str
    at_beginning: bool = False


_QUOTES: Final = "put the whole text in quotes."
_BROKEN: Final = Mistake(
    "this is not valid YAML",
    "check the indentation (spaces, never tabs), the colons and the quotes around this place.",
)


def mistake(text: str, error: yaml.MarkedYAMLError) -> Mistake:
    """What somebody wrote who made the C parser say this of a text."""
    said = str(error.problem)
    for words, of in _MISTAKES.items():
        if words in said:
            found = of(_Place.of(text, error))
            if found is not None:
                return found
    what = " ".join(filter(None, [error.context, error.problem]))
    return _BROKEN._replace(sentence=f"{_BROKEN.sentence}: {what}")


class _Place(NamedTuple):
    """The line in which it failed, up to there and from there on; and the lines before it."""

    before: str
    after: str
    above: list[str]

    @classmethod
    def of(cls, text: str, error: yaml.MarkedYAMLError) -> _Place:
        mark = error.problem_mark or error.context_mark
        lines = text.splitlines()
        line = lines[mark.line] if mark and mark.line < len(lines) else ""
        column = mark.column if mark else 0
        above = [one for one in lines[: mark.line if mark else 0] if one.strip()]
        return cls(line[:column], line[column:], above)

    @property
    def sign(self) -> str:
        """What stands where it failed."""
        return self.after[:1]


def _start(place: _Place) -> Mistake | None:
    if place.sign == "\t":
        return _tab(place)
    return Mistake(f"a text cannot begin with “{place.sign}”", _QUOTES) if place.sign else None


def _tab(_: _Place) -> Mistake:
    return Mistake("a tab stands here, where only spaces may", "write spaces in its place.")


def _colon(place: _Place) -> Mistake:
    if re.search(r":\s", place.before):
        help_ = "put what follows the first one in quotes."
        return Mistake("this line has a second colon, with a space after it", help_)
    above = place.above[-1] if place.above else ""
    if re.match(r"\s*[\w-]+:[^\s/]", above):
        return Mistake("no space follows the colon in the line above", "put a space after it.")
    return Mistake(
        "a key stands here, and the line above is not finished",
        "begin it in the same column as the key above; a key that has keys below it has no text of its own.",
    )


def _no_colon(_: _Place) -> Mistake:
    return Mistake(
        "this line has no key with a colon and a space after it",
        "write it as “key: value”; lines of a longer text are indented, below “key: |”.",
        at_beginning=True,
    )


def _key(place: _Place) -> Mistake:
    if place.before.rstrip().endswith(('"', "'")):
        return Mistake(
            "something stands after the quote that ends a text",
            "put all of the text in quotes of the other kind, or without any.",
        )
    if place.sign in ("}", "]"):
        return Mistake(
            f"“{place.sign}” closes nothing that was opened", "remove it, or put the text in quotes."
        )
    if place.sign == ":":
        return Mistake("no key stands before this colon", "write one, or put the text in quotes.")
    return Mistake(
        "this line does not begin in the column of the others that it belongs to",
        "indent keys of one record alike, and so the “-” of one list.",
    )


def _dash(_: _Place) -> Mistake:
    return Mistake(
        "a key stands among the items of a list",
        "indent it as the keys of the item, or less than the list if it does not belong there.",
    )


def _bracket(opening: str, closing: str) -> Callable[[_Place], Mistake]:
    found = Mistake(
        f"after this “{opening}” a comma or the closing “{closing}” is missing",
        "put commas between the values, and close the bracket; or put the text in quotes.",
        at_beginning=True,
    )
    return lambda _: found


def _open_quote(_: _Place) -> Mistake:
    return Mistake("the quote that begins here has no end", "end it with the same sign.", at_beginning=True)


def _sign(_: _Place) -> Mistake:
    return Mistake("a text that begins with this sign must stand in quotes", _QUOTES, at_beginning=True)


def _block(_: _Place) -> Mistake:
    return Mistake(
        "nothing may follow | or > in its line",
        "write the text below, indented; or put all of it in quotes.",
    )


def _list(_: _Place) -> Mistake:
    return Mistake("a list begins in the line of its key", "begin it in the next line.")


def _backslash(_: _Place) -> Mistake:
    return Mistake(
        "a backslash within double quotes stands for something special",
        "use single quotes, or write two of them.",
    )


# What the C parser says (libyaml, scanner.c and parser.c), and who knows what it means.
_MISTAKES: Final[dict[str, Callable[[_Place], Mistake | None]]] = {
    "found character that cannot start any token": _start,
    "tab character": _tab,
    "mapping values are not allowed in this context": _colon,
    "could not find expected ':'": _no_colon,
    "did not find expected key": _key,
    "did not find expected '-' indicator": _dash,
    "did not find expected ',' or '}'": _bracket("{", "}"),
    "did not find expected ',' or ']'": _bracket("[", "]"),
    "found unexpected end of stream": _open_quote,
    "did not find expected node content": _start,
    "unknown directive": _sign,
    "could not find expected directive name": _sign,
    "expected alphabetic or numeric character": _sign,
    "did not find expected comment or line break": _block,
    "block sequence entries are not allowed in this context": _list,
    "did not find expected hexdecimal number": _backslash,
    "found unknown escape character": _backslash,
}
