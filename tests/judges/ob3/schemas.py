"""Take 1EdTech's JSON Schemas out of the source archive of openbadgeslib: archive, folder."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path, PurePosixPath


def main(archive: str, folder: str) -> None:
    Path(folder).mkdir()
    with tarfile.open(archive) as source:
        for member in source:
            path = PurePosixPath(member.name)
            if path.match("tests/fixtures/ob_schemas/*.json"):
                content = source.extractfile(member)
                assert content is not None
                (Path(folder) / path.name).write_bytes(content.read())


if __name__ == "__main__":
    main(*sys.argv[1:])
