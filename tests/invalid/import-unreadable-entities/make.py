from __future__ import annotations

import zipfile
from pathlib import Path


def make(site: Path) -> None:
    with zipfile.ZipFile(site / "table.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "&c;&c;">]><workbook>&b;</workbook>')
