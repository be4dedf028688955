"""What it costs to find a person by name among many: `make bench`.

    python benchmarks/searching.py [--people 100000] [--questions 300]

Makes people, cuts their names into the shards of the site, and asks the script of the pages for names as
they are typed. Prints what a reader loads, and how long the script thinks; and beside it the size of the
one index that the host's search would load instead.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from badge_passport.pages.names import Found, fold, index, shards
from generate import ARABIC, FAMILY, LATIN

SCRIPT = Path(__file__).parents[1] / "themes/passport/assets/search.js"
SYLLABLES = [first + vowel + last for first in "bdfhklmnrst" for vowel in "aeio" for last in ("", "n")]

# What a page does with a question: parse the list of beginnings, choose a node, parse it, and filter.
ASK = """
const fs = require("fs"), s = require(process.argv[1]), folder = process.argv[2];
const read = (name) => fs.readFileSync(`${folder}/${name}.json`);
const answers = JSON.parse(fs.readFileSync(0, "utf8")).map((text) => {
  const start = performance.now();
  const list = read("index"), question = s.fold(text).split(" ");
  const number = s.node(JSON.parse(list), question);
  const data = number < 0 ? Buffer.from('{"people": []}') : read(number);
  const names = JSON.parse(data).people.map(([name]) => name).filter((name) => s.fits(question, name));
  return [performance.now() - start, list.length + data.length, names.includes(text)];
});
console.log(JSON.stringify(answers));
"""


def people(number: int) -> list[Found]:
    """People like those of a real site: many share a given name, and few a whole one."""
    chance = random.Random(20190618)
    families = [*FAMILY, *("".join(chance.choices(SYLLABLES, k=3)).title() for _ in range(2000))]
    given = [*LATIN, *ARABIC]
    weights = [1 / (place + 1) for place in range(len(families))]
    family = chance.choices(families, weights, k=number)
    return [Found(f"{chance.choice(given)} {family[n]}", f"person-{n:06}", n % 9) for n in range(number)]


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description="What finding a person costs.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    everybody = people(options.people)
    start = time.process_time()
    nodes = shards(everybody)
    seconds = time.process_time() - start
    asked = [p.name for p in random.Random(1).sample(everybody, min(options.questions, len(everybody)))]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for number, node in enumerate(nodes):
            _write(folder / f"{number}.json", {"people": [_row(p) for p in node.people], "more": node.more})
        _write(folder / "index.json", {"default": "en", **index(nodes)})
        sizes = [p.stat().st_size for p in folder.iterdir()]
        node_js = shutil.which("node")
        answers = [[0.0, 0, True]]
        if node_js:
            done = subprocess.run(
                [node_js, "-e", ASK, str(SCRIPT), name],
                input=json.dumps(asked).encode(),
                capture_output=True,
                check=True,
            )
            answers = json.loads(done.stdout)
    one = [{"location": f"passports/{p.slug}/", "title": p.name, "text": ""} for p in everybody]
    whole = len(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode())
    times = sorted(a[0] for a in answers)
    loaded = max(a[1] for a in answers) / 1000
    found = sum(bool(a[2]) for a in answers) / len(answers)
    print(f"{len(everybody)} people, {len({fold(p.name) for p in everybody})} different names")
    print(f"shards: {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB, made in {seconds:.1f} s of CPU")
    print(f"index.json {sizes and len(json.dumps(index(nodes), ensure_ascii=False).encode()) / 1000:.0f} kB")
    print(f"a question loads at most {loaded:.0f} kB; one index of all would be {whole / 1e6:.1f} MB")
    print(f"the script thinks {times[len(times) // 2]:.1f} ms (median), {times[-1]:.1f} ms at most")
    print(f"found by their whole name: {found:.1%}")
    print(f"bar people-search-kB {loaded:.0f} 300 {'ok' if loaded < 300 else 'short'}")
    print(f"bar people-search-ms {times[-1]:.1f} 100 {'ok' if times[-1] < 100 else 'short'}")


def _row(person: Found) -> list[object]:
    return [person.name, person.slug, person.badges]


def _write(path: Path, value: object) -> None:
    path.write_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


if __name__ == "__main__":
    main()
