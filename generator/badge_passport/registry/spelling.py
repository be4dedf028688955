"""How an e-mail address may be spelt in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Deliberately wide: letters of any script, and the @ as URLs, HTML and YAML may write it.
AT = r"@|%40|&#0*64;|&#[xX]0*40;|&commat;|\\x40|\\u0040|\\U00000040"
"""What stands in the middle of every address."""
_AT = re.compile(AT)
_BEFORE = re.compile(r"[\w.+-]{1,64}\Z")
_AFTER = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})+")


def addresses_in(text: str) -> Iterator[tuple[str, int]]:
    """Every address and where it starts: from each @ outwards, so that no text takes long."""
    for at in _AT.finditer(text):
        before = _BEFORE.search(text, max(0, at.start() - 64), at.start())
        after = _AFTER.match(text, at.end())
        if before and after:
            yield text[before.start() : after.end()], before.start()


def holds_address(data: bytes) -> bool:
    """Whether there is an address in a file."""
    return next(addresses_in(data.decode("utf-8", "replace")), None) is not None
