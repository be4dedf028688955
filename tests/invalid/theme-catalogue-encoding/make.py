"""A catalogue in Latin letters of Windows."""

from pathlib import Path


def make(site: Path) -> None:
    file = site / "themes/mine/locales/en.po"
    file.parent.mkdir(parents=True)
    file.write_bytes(b'msgid ""\nmsgstr ""\n\nmsgid "Badges"\nmsgstr "M\xe9dailles"\n')
