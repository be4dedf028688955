"""A mistake in each row of a table: people see the first ones and where the others are, programs see all."""

from __future__ import annotations

import json

from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.diagnostics.rendering import ALIKE, FORMATS, Format, render


def problem(line: int, code: str = "invalid-value", file: str = "a.csv") -> Diagnostic:
    return Diagnostic(code, f"line {line} is wrong", Span(file, line, 3, 5), "write it otherwise.")


def shown(problems: list[Diagnostic], form: Format = "pretty") -> str:
    return render(problems, form, lambda span: f"text of {span.line}")


def test_as_many_as_can_be_read_are_told_one_by_one() -> None:
    said = shown([problem(line) for line in range(1, ALIKE + 1)])
    assert said.count("error[invalid-value]: line") == ALIKE
    assert "more of" not in said


def test_of_more_only_the_lines_are_told() -> None:
    lines = [*range(1, ALIKE + 1), 30, 31, 32, 40]
    said = shown([problem(line) for line in lines]).split("\n\n")
    assert len(said) == ALIKE + 1
    assert said[-1].splitlines() == [
        "a.csv: 4 more of error[invalid-value], at lines 30-32, 40",
        "  help: `--format concise` tells each of them.",
    ]


def test_other_kinds_and_other_files_are_told_all_the_same() -> None:
    many = [problem(line) for line in range(1, 1001)]
    said = shown([*many, problem(7, "unknown-badge"), problem(9, file="b.csv")])
    assert "a.csv:7:3: error[unknown-badge]: line 7 is wrong" in said
    assert "b.csv:9:3: error[invalid-value]: line 9 is wrong" in said
    assert said.count("more of") == 1
    assert f"{1000 - ALIKE} more of error[invalid-value], at lines {ALIKE + 1}-1000\n" in said


def test_a_list_of_lines_has_an_end() -> None:
    said = shown([problem(line) for line in range(1, 2001, 2)]).split("\n\n")[-1]
    assert said.splitlines()[0].endswith("61, 63, …")


def test_problems_of_no_file_are_counted() -> None:
    said = shown([Diagnostic("output-failed", f"number {n}") for n in range(ALIKE + 2)])
    assert said.split("\n\n")[-1].splitlines()[0] == "2 more of error[output-failed]"


def test_programs_see_each_of_them() -> None:
    many = [problem(line) for line in range(1, 301)]
    assert len(json.loads(shown(many, "json"))) == len(many)
    for form in set(FORMATS) - {"pretty", "json"}:
        assert len(shown(many, form).splitlines()) == len(many)
