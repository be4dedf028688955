"""Cells of tables: what a spreadsheet would compute is written so that it is a text, and read back as it was.

Source: OWASP, CSV Injection. Such a text has an apostrophe in front, which spreadsheets do not show.
"""

from __future__ import annotations

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """``cell`` as it may be opened by a spreadsheet.

    >>> neutral('=HYPERLINK("https://evil.example")')
    '\\'=HYPERLINK("https://evil.example")'
    """
    return "'" + cell if cell.lstrip(" '").startswith(_COMPUTED) else cell


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" '").startswith(_COMPUTED) else cell
