"""What `passport report` counts, and what it veils."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from badge_passport.cli import cli
from badge_passport.desk.people.countries import code_of, name_of
from badge_passport.desk.people.roster import read_roster
from badge_passport.desk.publishing.reporting import Country, Wanted, as_table, discreet, report
from badge_passport.desk.publishing.reportpage import bars
from badge_passport.desk.publishing.tips import tips
from minimal import MINIMAL, CheckSite, MakeSite

TODAY = datetime.date(2025, 1, 15)
AWARDS = """badge: listener
issuedOn: 2024-12-01
awards:
  - {participant: amira, expires: 2025-02-01}
  - {participant: jonas, expires: 2025-01-15}
  - {participant: amira, number: 2, revoked: {on: 2025-01-02, reason: Mistake}}
  - {participant: lea}
  - {participant: lea, issuedOn: 2023-02-03}
"""
LEA = """identities:
  - {identity: sha256$%s, salt: salt-of-lea-00000000}
responses:
  - {badge: harbour/listener, issuedOn: 2023-02-03, answer: declined, on: 2023-03-01}
""" % ("e" * 64)
ERASED = "erased: [{id: 0123456789ABCDEF, badge: listener, issuedOn: 2024-12-01, on: 2025-01-01}]\n"
FILES = {
    "content/awards/harbour/more.yml": AWARDS,
    "content/awards/harbour/erased.yml": ERASED,
    "content/participants/lea.yml": LEA,
}


def test_each_award_has_one_state(checked: CheckSite) -> None:
    site = checked(FILES)
    assert site.good, site.diagnostics
    made = report(site.registry, {"amira": "MA"}, Wanted(expiring=30), TODAY)
    assert [(line.badge, line.month, line.counts["awards"]) for line in made.lines] == [
        ("listener", "2023-02", 1),
        ("listener", "2024-06", 2),
        ("listener", "2024-12", 5),
    ]
    assert made.total == Counter(
        awards=8, accepted=4, pending=1, declined=1, revoked=1, erased=1, expired=1, expiring=1
    )
    states = ("accepted", "pending", "declined", "hidden", "revoked", "erased")
    assert sum(made.total[state] for state in states) == made.total["awards"] == len(site.registry.awards)
    assert [(i.participant, str(i.expires)) for i in made.expiring] == [("amira", "2025-02-01")]
    assert [i.participant for i in made.unclaimed] == ["lea"]
    assert made.people == 3
    assert made.countries == (Country("MA", 1, 3), Country("", 2, 4))
    assert made.by_month[0] == ("2023-02", 1) and made.by_month[-1] == ("2024-12", 5)
    assert len(made.by_month) == 23  # a month without awards is there


@pytest.mark.parametrize(
    ("wanted", "awards"),
    [
        (Wanted(["harbour"]), 8),
        (Wanted(["elsewhere"]), 0),
        (Wanted(since=datetime.date(2024, 12, 1)), 5),
        (Wanted(until=datetime.date(2024, 11, 30)), 3),
        (Wanted(since=datetime.date(2024, 12, 2)), 0),
    ],
)
def test_only_what_is_asked_for(checked: CheckSite, wanted: Wanted, awards: int) -> None:
    made = report(checked(FILES).registry, {}, wanted, TODAY)
    assert made.total["awards"] == awards
    assert bool(made.by_month) == bool(awards)


def test_few_people_of_a_country_are_veiled() -> None:
    many = [Country("FR", 40, 90), Country("MA", 12, 20), Country("SE", 5, 5)]
    assert discreet(many) == [("FR", "40", "90"), ("MA", "12", "20"), ("SE", "5", "5")]
    two = [*many, Country("IS", 4, 9), Country("MT", 1, 1)]
    assert discreet(two)[2:] == [("SE", "5", "5"), ("IS", "<5", "–"), ("MT", "<5", "–")]
    # One alone could be computed from the sum.
    one = [*many, Country("IS", 4, 9)]
    assert discreet(one)[2:] == [("SE", "5 or more", "–"), ("IS", "<5", "–")]


def test_countries_in_three_languages() -> None:
    for text in ("MA", "ma", "Morocco", "maroc", "المغرب", " MAROC "):
        assert code_of(text) == "MA", text
    assert code_of("Côte d’Ivoire") == code_of("cote d'ivoire") == "CI"
    for text in ("", "Narnia", "EU", "ZZ", "001", "M A R"):
        with pytest.raises(LookupError):
            code_of(text)
    assert name_of("DE", "fr") == "Allemagne"


def test_a_roster_with_countries(tmp_path: Path) -> None:
    file = tmp_path / "private/roster.csv"
    file.parent.mkdir()
    file.write_text("participant,address,country\namira,a@example.net,ma\njonas,j@example.net,\n")
    roster, problems = read_roster(tmp_path)
    assert problems == []
    assert [entry.country for entry in roster.entries] == ["MA", ""]
    assert roster.to_bytes().decode().splitlines()[:2] == [
        "participant,address,label,name,language,country",
        "amira,a@example.net,,,,MA",
    ]
    file.write_text("participant,address,country\namira,a@example.net,Narnia\n")
    assert [p.message for p in read_roster(tmp_path)[1]] == [
        "“Narnia” is not the code of a country, as MA or FR"
    ]


def test_the_chart_has_a_bar_for_each_month() -> None:
    made = bars([(f"20{n // 12:02}-{n % 12 + 1:02}", n) for n in range(120)])
    assert len(made) == 120
    assert sum(bool(bar.label) for bar in made) <= 12
    assert max(bar.height for bar in made) == 140 and made[0].height == 0
    assert bars([("2024-01", 0)])[0].height == 0


def run(site: Path, *arguments: str | Path, code: int = 0) -> Result:
    command = ["report", "--site", str(site), "--format", "concise", *map(str, arguments)]
    done = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def test_the_files_are_private_and_harmless(make_site: MakeSite, tmp_path: Path) -> None:
    evil = '"=HYPERLINK(1) & co"'
    listener = (MINIMAL / "badges/harbour/listener.yml").read_text("utf-8")
    people = "".join(f"p{n},p{n}@example.net,{'IS' if n < 2 else 'FR'}\n" for n in range(9))
    awards = "badge: listener\nissuedOn: 2024-12-01\nawards:\n" + "".join(
        f"  - participant: p{n}\n" for n in range(9)
    )
    site = make_site(
        {
            "badges/harbour/listener.yml": re.sub("(?m)^name:.*$", f"name: {evil}", listener),
            "private/roster.csv": "participant,address,country\n" + people,
            "content/awards/harbour/more.yml": awards,
            **{
                f"content/participants/p{n}.yml": f"identities: [{{identity: sha256${n:064}, "
                f"salt: salt-of-nobody-{n:02}}}]\n"
                for n in range(9)
            },
        }
    )
    page, numbers = tmp_path / "r.html", tmp_path / "r.csv"
    run(site, "--html", page, "--csv", numbers, "--unclaimed")
    html = page.read_text("utf-8")
    for file in (page, numbers):
        assert file.stat().st_mode & 0o777 == 0o600
    assert '<meta name="robots" content="noindex, nofollow">' in html and "Private" in html
    assert "example.net" not in html and "<script" not in html and "src=" not in html and "url(" not in html
    assert "=HYPERLINK(1) &amp; co" in html
    assert '<th scope="row">Iceland</th><td>&lt;5</td><td>–</td>' in html
    assert '<th scope="row">France</th><td>7</td><td>7</td>' in html
    run(site, "--html", page, "--exact")
    assert '<th scope="row">Iceland</th><td>2</td><td>2</td>' in page.read_text("utf-8")
    assert len(numbers.read_text().splitlines()) == 10  # the list that was asked for
    run(site, "--csv", numbers)
    rows = list(csv.DictReader(io.StringIO(numbers.read_text("utf-8"))))
    assert rows[0]["name"] == "'=HYPERLINK(1) & co"
    assert sum(int(row["awards"]) for row in rows) == 11


def test_a_report_is_not_written_where_it_would_be_published(make_site: MakeSite) -> None:
    site = make_site()
    for place in ("public/r.html", "content/pages/r.html", "badges/x/../r.csv", "themes/r.html"):
        assert "error[output-inside-source]" in run(site, "--html", site / place, code=1).output
        assert not (site / place).exists()
    run(site, "--html", site / "private/report.html")
    run(site, "--issuer", "nobody", code=2)
    run(site, "--since", "2024-02-01", "--until", "2024-01-01", code=2)


def test_the_same_numbers_give_the_same_table(checked: CheckSite) -> None:
    site = checked(FILES)
    made = [as_table(report(site.registry, {}, Wanted(), TODAY), ["expiring"]) for _ in range(2)]
    assert made[0] == made[1]


def test_tips_name_what_is_lacking_and_whose_it_is(checked: CheckSite, make_site: MakeSite) -> None:
    site = checked(FILES)
    found, people = tips(site.registry)
    lacking = {tip.lacks: tip.people for tip in found}
    assert people == len(site.registry.participants)
    assert lacking["nothing accepted"] == ("lea",)
    assert "lea" in lacking["no consent to a name"] and "amira" not in lacking["no consent to a name"]
    for record in site.registry.participants.values():
        assert (record.slug in lacking.get("no bio", ())) == (record.record.bio is None)
    assert tips(site.registry, ["nobody"]) == ((), 0)
    result = CliRunner().invoke(cli, ["report", "--tips", "--site", str(make_site(FILES))])
    assert result.exit_code == 0
    assert "nothing accepted: 1" in result.output and "    lea\n" in result.output
