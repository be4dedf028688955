"""Milliseconds a picture costs: badges that are drawn, those that people supply, and cards.

    python benchmarks/pictures.py [--cards 400]

In one process; CPU time. Layers of drawings, letters and lines are drawn once by each process: “first” rows
say what a process pays that has none of them yet. The designs of the bar all differ in shape, icon or level:
none is merely another colour of one before. The names on the cards are made up, and nearly all differ.
"""

from __future__ import annotations

import argparse
import io
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from PIL import Image

from badge_passport.pages import cardpictures
from badge_passport.pages.cardpictures import Card
from badge_passport.pages.designs import ICONS, SHAPES, Design, draw
from badge_passport.pages.painting import paint
from badge_passport.pages.pictures import optimise
from badge_passport.source.pictures import Picture
from generate import ARABIC, FAMILY, LATIN

COLOURS = ("#205070", "#2b6777", "#c2410c", "#f5c518", "#7c3aed")
SYLLABLES = ("ba", "ko", "lin", "ter", "man", "son", "ski", "ova", "ge", "ri", "au", "mül", "sen", "de", "vo")
Item = TypeVar("Item")


def cost(work: Callable[[Item], bytes], items: Sequence[Item]) -> tuple[float, float]:
    """Mean milliseconds and kilobytes of the pictures that are made of items."""
    start = time.process_time()
    sizes = [len(work(item)) for item in items]
    return (time.process_time() - start) / len(items) * 1e3, statistics.mean(sizes) / 1e3


def designs(color: str) -> list[Design]:
    """Every icon, on all shapes and levels in turn."""
    return [Design(SHAPES[n % 6], color, icon, n % 4) for n, icon in enumerate(ICONS)]


def supplied() -> list[Picture]:
    """Pictures as people make them: drawings with soft edges, and photographs."""
    made = []
    for design in designs("#2b6777")[:6]:
        with Image.open(io.BytesIO(paint(design)), formats=["PNG"]) as image:
            made.append(image.convert("RGBA").resize((700, 700), Image.Resampling.BICUBIC))
    noise = Image.frombytes("RGB", (24, 24), random.Random(1).randbytes(3 * 24 * 24))
    made.append(noise.resize((512, 512), Image.Resampling.BICUBIC))
    pictures = []
    for image in made:
        buffer = io.BytesIO()
        image.save(buffer, "PNG", compress_level=1)
        pictures.append(Picture("png", buffer.getvalue(), *image.size))
    return pictures


def cards(number: int, pictures: Sequence[bytes]) -> list[Card]:
    """Cards of passports with one to five pictures, in the order of cohorts."""
    chance = random.Random(20190618)
    made = []
    for person in range(number):
        given = chance.choice(ARABIC if person % 5 == 0 else LATIN)
        family = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title()
        name = f"{given} {family if person % 2 else chance.choice(FAMILY)}"
        shown = tuple(pictures[(person // 30 + n) % len(pictures)] for n in range(1 + person // 30 % 5))
        count = f"{len(shown)} badges"
        made.append(Card(name, "Badge passport · Benchmark", count, "", "#2b6777", shown, row=True))
    return made


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="What a picture costs.")
    parser.add_argument("--cards", type=int, default=400)
    options = parser.parse_args()
    rows = {}
    rows["drawn badges, first: layers too"] = cost(paint, designs(COLOURS[0]))
    # Other shapes for the same icons: the layers are there, and the compositions are not.
    others = [Design(SHAPES[(n + 1) % 6], COLOURS[n % 3], icon, n % 4) for n, icon in enumerate(ICONS)]
    drawn = rows["drawn badges"] = cost(paint, others)
    rows["drawn badges in another colour"] = cost(paint, designs("#7c3aed"))
    rows["the SVG of a drawn badge"] = cost(draw, designs(COLOURS[1]))
    rows["pictures that people supply"] = cost(optimise, supplied())
    people = cards(options.cards, [paint(design) for design in designs(COLOURS[1])[:12]])
    half = len(people) // 2
    rows["cards of passports, first"] = cost(cardpictures.draw, people[:half])
    warm = rows["cards of passports"] = cost(cardpictures.draw, people[half:])
    for name, (milliseconds, kilobytes) in rows.items():
        print(f"{name:<36}{milliseconds:>8.2f} ms{kilobytes:>8.1f} kB")
    print(f"\nbar drawn-badge-ms {drawn[0]:.1f} 15 {'ok' if drawn[0] <= 15 else 'short'}")
    print(f"bar card-ms {warm[0]:.2f} 1 {'ok' if warm[0] <= 1 else 'short'}")


if __name__ == "__main__":
    main()
