"""From the files of a site to typed records, each with the way back to its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel

from badge_passport.diagnostics import Diagnostic, Place, Span
from badge_passport.model import records as r
from badge_passport.model.validate import validate
from badge_passport.model.values import is_slug
from badge_passport.registry import portfolio
from badge_passport.registry.entities import Entry as Entry
from badge_passport.registry.entities import Origin, Page, PortfolioPage
from badge_passport.registry.known import Known, records_of
from badge_passport.registry.wholecolumns import of_columns
from badge_passport.source import markdown, parquet, pictures, tables, yaml
from badge_passport.source.files import PAGE_ASSETS, Tree, decode

R = TypeVar("R", bound=BaseModel)
Problems = list[Diagnostic]

ERASED = "erased.yml"  # in an issuer's folder of awards: those without holders
_AWARD_KEYS = {f.alias or n for n, f in r.AwardRecord.model_fields.items()}
_ASSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PAGE = re.compile(r"(?P<path>.+?)(?:\.(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]+)?))?\.md\Z")


@dataclass(slots=True)
class Records:
    """Everything that was read, unresolved."""

    site: r.SiteRecord | None = None
    issuers: list[Entry[r.IssuerRecord]] = field(default_factory=list)
    badges: list[Entry[r.BadgeRecord]] = field(default_factory=list)
    frameworks: list[Entry[r.FrameworkRecord]] = field(default_factory=list)
    endorsements: list[Entry[r.EndorsementRecord]] = field(default_factory=list)
    participants: list[Entry[r.ParticipantRecord]] = field(default_factory=list)
    portfolios: dict[str, dict[str, PortfolioPage]] = field(default_factory=dict)
    kept: dict[str, dict[str, bytes]] = field(default_factory=dict)
    awards: list[Entry[r.AwardRecord]] = field(default_factory=list)
    erased: list[Entry[r.ErasedRecord]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    page_assets: dict[str, bytes] = field(default_factory=dict)


_Reading = Callable[..., Iterator[Entry[r.AwardRecord]]]
Keep = Callable[[str, object], bool]
"""Whether an award of this file to this participant is of interest; others are not looked at."""


def load(tree: Tree, keep: Keep = lambda *_: True, known: Known | None = None) -> tuple[Records, Problems]:
    """Read every record of the tree. Records with problems are left out and their problems returned.

    What is ``known`` of files of people and awards is not read again; it goes without ``keep``.
    """
    records, problems = Records(), Problems()
    defaults = {f[:-4] + ".yml" for f in tree.files if f.startswith("content/awards/") and f.endswith(".csv")}

    def awards(read: _Reading, file: str, issuer: str, *beside: str) -> list[Entry[r.AwardRecord]]:
        anew = partial(read, tree, file, issuer, keep=keep)
        return records_of(known, tree, file, beside, issuer, r.AwardRecord, anew, problems)

    for file in tree.files:
        match file.split("/"):
            case ["site.yml"]:
                site = _record(tree, file, "site", r.SiteRecord, problems)
                records.site = site.record if site else None
            case ["badges", "frameworks", name] if name.endswith(".yml"):
                _append(records.frameworks, _record(tree, file, _stem(name), r.FrameworkRecord, problems))
            case ["badges", issuer, "issuer.yml"]:
                _append(records.issuers, _record(tree, file, issuer, r.IssuerRecord, problems))
            case ["badges", issuer, "endorsements", name] if name.endswith(".yml"):
                slug = f"{issuer}/{_stem(name)}"
                _append(records.endorsements, _record(tree, file, slug, r.EndorsementRecord, problems))
            case ["badges", issuer, name] if name.endswith(".yml"):
                slug = f"{issuer}/{re.sub(r'[.]v[^/]+$', '', _stem(name))}"
                _append(records.badges, _record(tree, file, slug, r.BadgeRecord, problems))
            case ["content", "participants", name] if name.endswith(".yml"):
                overlay = f"private/participants/{name}"
                person = partial(_person, tree, file, _stem(name), overlay)
                own = known if overlay not in tree.files else None  # what is private is kept nowhere else
                people = records_of(own, tree, file, (), _stem(name), r.ParticipantRecord, person, problems)
                records.participants += people
            case ["content", "participants", name] if name.endswith(".md"):
                _portfolio(tree, file, _stem(name), "", records, problems)
            case ["content", "participants", slug, name] if name.endswith(".md"):
                _portfolio(tree, file, slug, _stem(name), records, problems)
            case ["content", "participants", slug, name] if name.endswith((".json", *portfolio.FILES)):
                records.kept.setdefault(slug, {})[name] = tree.files[file]
            case ["content", "awards", issuer, name] if name.endswith(".yml"):
                if name == ERASED:
                    _append(records.erased, _record(tree, file, issuer, r.ErasedRecord, problems))
                elif file not in defaults:
                    records.awards += awards(_award_file, file, issuer)
            case ["content", "awards", issuer, name] if name.endswith(".csv"):
                records.awards += awards(_award_table, file, issuer, *_there(tree, file[:-4] + ".yml"))
            case ["content", "awards", issuer, name] if name.endswith(".parquet"):
                records.awards += awards(_award_parquet, file, issuer)
            case ["content", "participants", name] if name.endswith(".parquet"):
                records.participants += _people_parquet(tree, file, problems)
            case ["content", "pages", *rest] if rest:
                _page(tree, file, "/".join(rest), records, problems)
            case ["badges", _, name] if name.endswith((".png", ".svg", ".jpg", ".jpeg", ".md")):
                pass  # images are read by the badge or issuer that names them
            case ["private", "participants", name]:
                if f"content/participants/{name}" not in tree.files:
                    problems.append(misplaced(file, "there is no public file that this one overlays"))
            case _ if file.endswith(".yaml"):
                problems.append(misplaced(file, "the name of a record ends in .yml, not in .yaml"))
            case _:
                problems.append(misplaced(file, "no part of a site is kept at this path"))
    return records, problems


def _there(tree: Tree, file: str) -> tuple[str, ...]:
    return (file,) if file in tree.files else ()


def _person(
    tree: Tree, file: str, slug: str, overlay: str, problems: Problems
) -> Iterator[Entry[r.ParticipantRecord]]:
    person = _record(tree, file, slug, r.ParticipantRecord, problems, overlay)
    if person is not None:
        yield person


def _append(entries: list[Entry[R]], entry: Entry[R] | None) -> None:
    if entry is not None:
        entries.append(entry)


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]


def misplaced(file: str, why: str) -> Diagnostic:
    """``misplaced-file``: nothing of a site is where this file is."""
    return Diagnostic(
        "misplaced-file",
        why,
        Span(file),
        "badges are badges/<issuer>/<badge>.yml, awards content/awards/<issuer>/<any>.yml or .csv, people "
        "content/participants/<slug>.yml, pages content/pages/….md.",
    )


def _text(tree: Tree, file: str, problems: Problems, *, bom: bool = False) -> str:
    text, found = decode(tree.files[file], file, bom=bom)
    problems += found
    return text


def _value(tree: Tree, file: str, problems: Problems) -> tuple[Any, bool]:
    """The YAML value of a file and whether it could be read without a problem."""
    text, found = decode(tree.files[file], file)
    value = None
    if not any(d.code == "not-utf8" for d in found):
        value, more = yaml.load(text, file)
        found += more
    problems += found
    return value, not found


def _record(
    tree: Tree, file: str, slug: str, record: type[R], problems: Problems, overlay: str = ""
) -> Entry[R] | None:
    if not all(is_slug(part) for part in slug.split("/")):
        problems.append(
            Diagnostic(
                "bad-slug",
                f"“{slug}” cannot be part of a web address",
                Span(file),
                "name the file (or folder) with small letters a-z, digits and single hyphens.",
            )
        )
        return None
    value, good = _value(tree, file, problems)
    origin = Origin(file)
    if overlay in tree.files and isinstance(value, dict):
        extra, well = _value(tree, overlay, problems)
        good = good and well
        if isinstance(extra, dict):
            value, origin = value | extra, Origin(file, shared=frozenset(extra), shared_file=overlay)
        elif well:
            problems.append(_no_mapping(overlay, "a file that overlays another holds keys and values"))
    if not good:
        return None
    result, found = validate(record, value, origin)
    problems += found
    return Entry(slug, result, origin) if result is not None else None


def _award_file(
    tree: Tree, file: str, issuer: str, problems: Problems, keep: Keep
) -> Iterator[Entry[r.AwardRecord]]:
    """One award, or a cohort: keys above ``awards`` hold for every award of the list."""
    value, good = _value(tree, file, problems)
    if not good:
        return
    if not isinstance(value, dict):
        problems.append(_no_mapping(file, "an award file holds keys and values (key: value)"))
        return
    shared = {k: v for k, v in value.items() if k != "awards"}
    rows = value.get("awards")
    if "awards" not in value:
        yield from _award(issuer, value, Origin(file), problems)
    elif not isinstance(rows, list):
        problems.append(
            Diagnostic(
                "wrong-type",
                "“awards” must be a list",
                Place(file, ("awards",)),
                "start each award with a hyphen.",
            )
        )
    else:
        yield from _cohort(file, issuer, shared, rows, problems, keep)


def _cohort(
    file: str, issuer: str, shared: dict[str, Any], rows: list[Any], problems: Problems, keep: Keep
) -> Iterator[Entry[r.AwardRecord]]:
    unknown = [key for key in shared if key not in _AWARD_KEYS]
    for key in unknown:
        # Said once here rather than once for every award below.
        problems += validate(r.AwardRecord, {key: shared.pop(key)}, Origin(file))[1][-1:]
    shared_keys = frozenset(shared)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            problems.append(
                Diagnostic(
                    "wrong-type",
                    "each award is a mapping that names a participant",
                    Place(file, ("awards", number)),
                    "write “- participant: …”.",
                )
            )
            continue
        if not keep(file, row.get("participant", shared.get("participant"))):
            continue
        keys = shared_keys if shared_keys.isdisjoint(row) else shared_keys.difference(row)
        origin = Origin(file, ("awards", number), keys, file)
        yield from _award(issuer, shared | row, origin, problems)


def _award_table(
    tree: Tree, file: str, issuer: str, problems: Problems, keep: Keep
) -> Iterator[Entry[r.AwardRecord]]:
    text, found = decode(tree.files[file], file, bom=True)
    problems += found
    if found:
        return
    rows, found = tables.load(text, file)
    problems += found
    beside = file[:-4] + ".yml"
    shared: dict[str, Any] = {}
    if beside in tree.files:
        value, good = _value(tree, beside, problems)
        if good and not isinstance(value, dict):
            problems.append(_no_mapping(beside, "the defaults of a table are keys and values (key: value)"))
        if not good or not isinstance(value, dict):
            return  # every row would lack what stands there
        shared = value
    if any(d.code == "csv-column" for d in found):
        return
    known = _AWARD_KEYS
    for name in sorted({key for row in rows for key in row.values if key not in known}):
        problems.append(
            Diagnostic(
                "csv-column",
                f"no award has a field for the column “{name[:40]}”",
                Place(file, (1, name)),
                f"columns are: {', '.join(sorted(known))}; nested ones have a dot: revoked.reason.",
            )
        )
    for row in rows:
        if not keep(file, row.values.get("participant", shared.get("participant"))):
            continue
        values = {key: value for key, value in row.values.items() if key in known}
        origin = Origin(file, (row.line,), frozenset(shared).difference(values), beside)
        yield from _award(issuer, shared | values, origin, problems)


def _rows(tree: Tree, file: str, problems: Problems) -> Iterator[tuple[tables.Row, Problems]]:
    """Each row, with a list for what is wrong with it."""
    found, rows = Problems(), 0
    for row in parquet.load(tree.files[file], file):
        if isinstance(row, Diagnostic):
            problems.append(row)
        else:
            rows += 1
            yield row, found
    problems += of_columns(found, rows)


def _award_parquet(
    tree: Tree, file: str, issuer: str, problems: Problems, keep: Keep
) -> Iterator[Entry[r.AwardRecord]]:
    for row, found in _rows(tree, file, problems):
        if keep(file, row.values.get("participant")):
            yield from _award(issuer, row.values, Origin(file, (row.line,)), found)


def _people_parquet(tree: Tree, file: str, problems: Problems) -> Iterator[Entry[r.ParticipantRecord]]:
    for row, found in _rows(tree, file, problems):
        slug, origin = str(row.values.pop("slug", "")), Origin(file, (row.line,))
        if not is_slug(slug):
            found.append(
                Diagnostic(
                    "bad-slug",
                    f"“{slug[:80]}” cannot be part of a web address",
                    origin.at("slug"),
                    "fill the column “slug” with small letters a-z, digits and single hyphens.",
                )
            )
        record, wrong = validate(r.ParticipantRecord, row.values, origin)
        found += wrong
        if record is not None and is_slug(slug):
            yield Entry(slug, record, origin)


def _no_mapping(file: str, message: str) -> Diagnostic:
    return Diagnostic("wrong-type", message, Place(file), "write “badge: …”, “issuedOn: …” and so on.")


def _award(
    issuer: str, value: dict[str, Any], origin: Origin, problems: Problems
) -> Iterator[Entry[r.AwardRecord]]:
    record, found = validate(r.AwardRecord, value, origin)
    problems += found
    if record is not None:
        yield Entry(issuer, record, origin)


def _page(tree: Tree, file: str, path: str, records: Records, problems: Problems) -> None:
    match = _PAGE.match(path)
    steps = (match["path"] if match else path).split("/")
    if not all(is_slug(step) if match else _ASSET.fullmatch(step) for step in steps):
        problems.append(
            Diagnostic(
                "bad-slug",
                f"“{path[:80]}” cannot be part of a web address",
                Span(file),
                "name pages and their folders with small letters a-z, digits and single hyphens.",
            )
        )
    elif match:
        text = _text(tree, file, problems)
        problems += _front_matter_problems(text, file)
        records.pages.append(Page(match["path"], match["language"] or "", text, file))
    elif file.endswith(PAGE_ASSETS):
        records.page_assets[path] = tree.files[file]
        judged = pictures.inspect(tree.files[file]) if file.endswith(".svg") else None
        if isinstance(judged, pictures.Fault):  # browsers run what an SVG says, on the site's own address
            where = Span(file, judged.line, judged.column, judged.column + 1)
            problems.append(Diagnostic(judged.code, judged.message, where, judged.help))
    else:
        problems.append(misplaced(file, "only Markdown pages, images and PDF may stand in content/pages"))


def _portfolio(tree: Tree, file: str, person: str, slug: str, records: Records, problems: Problems) -> None:
    if slug and (not is_slug(slug) or slug in portfolio.RESERVED):
        problems.append(
            Diagnostic(
                "bad-slug",
                f"“{slug}” cannot be the name of a page of a passport",
                Span(file),
                "name it with small letters a-z, digits and single hyphens; "
                f"{', '.join(sorted(portfolio.RESERVED))} are taken.",
            )
        )
        return
    text = _text(tree, file, problems)
    records.portfolios.setdefault(person, {})[slug] = portfolio.parse(slug, text, file)


def _front_matter_problems(text: str, file: str) -> Problems:
    matter = markdown.front_matter(text)[0]
    if not matter.strip():
        return []
    value, problems = yaml.load(matter, file)
    if problems:  # their lines are counted from the line after the first ---
        return [
            replace(d, where=replace(d.where, line=d.where.line + 1)) if isinstance(d.where, Span) else d
            for d in problems
        ]
    return validate(r.PageRecord, value, Origin(file))[1]
