"""An award is entered late, and its place is taken."""

from pathlib import Path

from repositories import start


def make(site: Path) -> None:
    file = site / "badges/harbour/issuer.yml"
    key = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
    keys = f"keys: [{{publicKeyMultibase: {key}, created: 2024-01-01}}]\n"
    file.write_text(file.read_text(encoding="utf-8") + keys, encoding="utf-8")
    start(site)
    text = (site / "content/participants/jonas.yml").read_text(encoding="utf-8")
    text = text.replace("80905d63", "90905d63").replace("salt-of-jonas", "salt-of-lea-x")
    (site / "content/participants/late-68879.yml").write_text(text, encoding="utf-8")
    late = "badge: listener\nissuedOn: 2023-01-01\nparticipant: late-68879\n"
    (site / "content/awards/harbour/late.yml").write_text(late, encoding="utf-8")
