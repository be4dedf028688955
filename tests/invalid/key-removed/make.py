"""The key that signed is taken out of the profile."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    file = site / "badges/harbour/issuer.yml"
    text = file.read_text(encoding="utf-8")
    key = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
    keys = f"keys: [{{publicKeyMultibase: {key}, created: 2024-01-01}}]\n"
    file.write_text(text + keys, encoding="utf-8")
    start(site)
    file.write_text(text, encoding="utf-8")
