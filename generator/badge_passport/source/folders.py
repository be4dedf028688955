"""What is in folders, asked of the disk once: whoever looks at a site later sees what was seen first."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

SETTLED = 2.0  # seconds after which a change of a file shows in its time, on any file system


@dataclass(frozen=True, slots=True)
class Folders:
    """Remembers what was in folders, and what is known of each file from then on.

    ``settled`` is the time (in ns) of the youngest files whose next change will show in their time: it was
    long enough before anybody looked.
    """

    settled: float = field(default_factory=lambda: (time.time() - SETTLED) * 1e9)
    _there: dict[str, list[os.DirEntry[str]]] = field(default_factory=dict)

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder, by name; an entry keeps its size and time once it was asked for them.

        Raises:
            OSError: it is no folder, or cannot be read.
        """
        if folder not in self._there:
            with os.scandir(folder) as entries:
                self._there[folder] = sorted(entries, key=lambda entry: entry.name)
        return self._there[folder]

    def forget(self) -> None:
        """Keep nothing of what was seen: of a large site it is much."""
        self._there.clear()
