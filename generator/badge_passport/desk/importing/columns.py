"""Which column of a table means what: proposed from the headers, decided by people, and remembered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from badge_passport.desk.awarding.intents import folded
from badge_passport.desk.importing.reading import Table
from badge_passport.diagnostics import Diagnostic, Span
from badge_passport.model.values import is_slug

REMEMBERED = "private/import.json"
IGNORED = "-"
ADDRESSES = ("address", *(f"address{number}" for number in range(2, 10)))
FIELDS = (
    *ADDRESSES,
    *("participant", "name", "firstName", "lastName", "language", "country", "badge", "issuedOn"),
    *("expires", "level", "narrative", "evidence.url", "evidence.name", "number"),
    *("revoked.on", "revoked.reason"),
)
OURS = ("line", "reason")  # columns of private/rejected-….csv
MAX_REMEMBERED = 1024 * 1024  # bytes

# How headers name each field, folded: English, French, Arabic, and what other systems write. “Identifier”,
# “First Name”, “Evidence URL”, “Issue Date”, “Expiration Date” are those of Badgr and Canvas Credentials;
# “email”, “firstname”, “lastname”, “badge” those of Moodle, whose reports have “Full name”, “Badge name”,
# “Date issued” and “Expiry date”; “Criteria_add” is that of Open Badge Factory; “Recipient Email” and
# “Issued at” are Credly's.
_HEADERS: dict[str, str] = {
    "address": """email / e mail / mail / email address / e mail address / address / recipient
        / emails / recipient email / recipient identifier / identifier / earner email / user email
        / identifier email address url or phone number / courriel
        / adresse / adresse email / adresse mail
        / adresse e mail / adresse courriel / adresse electronique
        / mel / destinataire / email destinataire
        / البريد / البريد الالكتروني / بريد الكتروني / الايميل / ايميل / عنوان البريد الالكتروني""",
    "participant": "participant / slug / participant slug / passport / passeport / جواز",
    "name": """name / full name / fullname / recipient name / earner / earner name
        / participant name / student / student name / learner / nom complet / nom et prenom
        / prenom et nom / nom prenom / prenom nom / nom du participant
        / apprenant / etudiant / الاسم / الاسم الكامل / اسم
        / اسم المشارك / الاسم واللقب""",
    "firstName": "first name / firstname / given name / forename / prenom / الاسم الاول / الاسم الشخصي",
    "lastName": """last name / lastname / surname / family name / nom / nom de famille / اللقب / اسم العائلة
        / الاسم العائلي""",
    "language": "language / lang / locale / preferred language / langue / اللغة / لغة",
    "country": """country / country code / country of residence / pays / code pays / pays de residence
        / البلد / بلد / الدولة / دولة / رمز البلد / بلد الاقامة""",
    "badge": """badge / badge name / badge class / badge class name / badgeclass / badge title
        / badge template / badge slug / nom du badge / badge obtenu
        / الشارة / شارة / اسم الشارة / الوسام / وسام""",
    "issuedOn": """issued on / issuedon / issue date / date issued / issued / issued at / issue on / awarded
        / awarded on / award date / date awarded / date of issue
        / date / day / earned on / date d emission
        / emis le / date d obtention / obtenu le / delivre le / date de delivrance / jour
        / تاريخ / التاريخ / تاريخ الاصدار / تاريخ المنح / تاريخ الحصول""",
    "expires": """expires / expires on / expiry / expiry date / expiration / expiration date / expires at
        / valid until / date expires / expire le
        / date d expiration / date expiration / valable jusqu au
        / valide jusqu au / تاريخ الانتهاء / ينتهي في / صالح حتى""",
    "level": "level / niveau / المستوى / مستوى",
    # Not “notes”, “comments” or “description”: a narrative is public, and what was not meant to be stays out.
    "narrative": """narrative / award narrative / criteria add / criteria addendum / recit
        / texte de l attribution / السرد / نص المنح""",
    "evidence.url": """evidence url / evidence link / evidence / evidenceurl / link / url / proof / preuve
        / lien / lien de la preuve / url de la preuve / lien preuve / الدليل / رابط / رابط الدليل""",
    "evidence.name": """evidence name / evidence title / evidence narrative / evidence description
        / nom de la preuve / titre de la preuve / اسم الدليل / عنوان الدليل""",
    "number": "number / repeat / numero / رقم",
    "revoked.on": "revoked on / revoked at / revocation date / date revoked / revoque le / تاريخ الالغاء",
    "revoked.reason": """revocation reason / revoked reason / reason for revocation / motif de revocation
        / سبب الالغاء""",
}


def _key(header: str) -> str:
    """A header for comparing: no case, accents, punctuation or spacing, and one kind of Arabic alef."""
    return re.sub(r"[\W_ـ]+", "", folded(header))


_KNOWN = {
    _key(name): field for field, names in _HEADERS.items() for name in names.replace("\n", " ").split(" / ")
} | {_key(field): field for field in FIELDS}

_EITHER = {_key(name) for name in ("evidence", "proof", "preuve", "الدليل")}  # an address, or a name


def propose(table: Table) -> dict[str, str]:
    """The field of each column, as its header says; ``-`` for what is not understood.

    A second column of addresses is a further address of the same person. A column that is called nothing
    we know, but holds addresses, is the address if no other is.
    """
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    ours = set(OURS) <= set(table.headers)
    for number, header in enumerate(table.headers):
        field = IGNORED if ours and header in OURS else _proposed(header)
        if _key(header) in _EITHER and _holds(table, number, "") and not _holds(table, number, "://"):
            field = "evidence.name"
        if field == "participant" and not _holds_slugs(table, number):
            field = "name"  # as many call a column of people
        if field in ADDRESSES:
            field = next((a for a in ADDRESSES if a not in taken), IGNORED)
        mapping[header] = IGNORED if field in taken else field
        taken.add(mapping[header])
    if "lastName" in taken and "firstName" not in taken and "name" not in taken:
        # “Nom” by itself is the whole name.
        mapping = {header: "name" if field == "lastName" else field for header, field in mapping.items()}
    if not taken & {"address", "participant"}:
        for number, header in enumerate(table.headers):
            if mapping[header] == IGNORED and _holds(table, number, "@"):
                mapping[header] = "address"
                break
    return mapping


def _proposed(header: str) -> str:
    key = _key(header)
    numbered = re.fullmatch(r"(.+?)[2-9]", key)
    if key not in _KNOWN and numbered and _KNOWN.get(numbered[1]) == "address":
        return "address"
    return _KNOWN.get(key, IGNORED)


def _holds_slugs(table: Table, column: int) -> bool:
    return all(is_slug(row.cells[column]) for row in table.rows[:200] if row.cells[column])


def _holds(table: Table, column: int, mark: str) -> bool:
    """Whether most of the cells that are filled hold ``mark``."""
    cells = [row.cells[column] for row in table.rows[:200] if row.cells[column]]
    return bool(cells) and sum(mark in cell for cell in cells) * 2 > len(cells)


def overridden(mapping: Mapping[str, str], told: Sequence[str]) -> dict[str, str]:
    """The mapping with what ``--map "Column=field"`` says.

    Raises:
        ValueError: there is no such column or field, or two columns have one field; one plain sentence.
    """
    changed = dict(mapping)
    for words in told:
        column, _, field = words.rpartition("=")
        found = [h for h in mapping if h == column] or [h for h in mapping if _key(h) == _key(column)]
        if not found:
            raise ValueError(f"the table has no column “{column[:60]}”; it has {', '.join(mapping)}")
        if field not in (*FIELDS, IGNORED):
            raise ValueError(f"there is no field “{field[:60]}”; fields are {', '.join(FIELDS)}, and -")
        for header, other in changed.items():
            if other == field and field != IGNORED and header not in found:
                changed[header] = IGNORED  # what is said goes before what was guessed
        changed[found[0]] = field
    return changed


def lacks(mapping: Mapping[str, str], file: str, *, badge: bool, day: bool) -> list[Diagnostic]:
    """What the mapping must have and has not: ``badge`` and ``day`` say whether options give them."""
    fields = set(mapping.values())
    missing = []
    if not fields & {"address", "participant"}:
        missing.append(("whose the badges are", '--map "Column=address"'))
    if "badge" not in fields and not badge:
        missing.append(("which badge is given", "--badge ISSUER/BADGE, or --map “Column=badge”"))
    if "issuedOn" not in fields and not day:
        missing.append(("on which day it is given", "--on DATE, or --map “Column=issuedOn”"))
    return [
        Diagnostic("import-columns", f"no column says {what}", Span(file), f"add {how}.")
        for what, how in missing
    ]


def remembered(root: Path, headers: Sequence[str]) -> dict[str, str] | None:
    """What was decided about a table with these headers, in any order, or None."""
    for entry in _memory(root):
        if sorted(entry) == sorted(h for h in headers if h not in OURS):
            return {header: entry.get(header, IGNORED) for header in headers}
    return None


def remember(root: Path, mapping: Mapping[str, str]) -> bytes:
    """``private/import.json`` with this decision in it; the last hundred are kept."""
    entry = {header: field for header, field in mapping.items() if header not in OURS}
    others = [one for one in _memory(root) if sorted(one) != sorted(entry)]
    return (json.dumps([*others, entry][-100:], indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _memory(root: Path) -> list[dict[str, str]]:
    """What is remembered; a file that makes no sense is as none, for it is only a convenience."""
    file = root / REMEMBERED
    try:
        if file.stat().st_size > MAX_REMEMBERED:
            return []
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    known = {*FIELDS, IGNORED}
    return [
        entry
        for entry in (found if isinstance(found, list) else [])
        if isinstance(entry, dict) and all(isinstance(v, str) and v in known for v in entry.values())
    ]
