from __future__ import annotations

import zipfile
from pathlib import Path


def make(site: Path) -> None:
    with zipfile.ZipFile(site / "table.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        with book.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(bytes(1024 * 1024))
