"""Bitstring status lists: a bit for every credential, in a file that the issuer signs anew at each change.

Source: Bitstring Status List 1.0 (W3C). All credentials of an issuer share long lists, so that whoever looks
one up does not tell whose it was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from badge_passport.credentials.contexts import CREDENTIALS
from badge_passport.credentials.documents import Document

SIZE: Final = 131_072
"""Bits of a list; the standard wants no fewer."""
PURPOSE: Final = "revocation"

# Deflate, no flags, no time, best compression, unknown system (RFC 1952): the same bytes everywhere.
_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


class StatusListError(ValueError):
    """A status list that cannot be read; the message is one plain sentence."""


def encode(bits: Iterable[int], size: int = SIZE) -> str:
    """``encodedList`` of a list of ``size`` bits, of which those with these indices are set.

    Raises:
        ValueError: an index is outside the list, or ``size`` is not a number of whole bytes.
    """
    if size <= 0 or size % 8:
        raise ValueError(f"a status list cannot have {size} bits")
    data = bytearray(size // 8)
    for index in bits:
        if not 0 <= index < size:
            raise ValueError(f"the status list has no index {index}")
        data[index // 8] |= 0x80 >> index % 8  # bit 0 is the most significant one
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = deflater.compress(data) + deflater.flush()
    ending = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return "u" + base64.urlsafe_b64encode(_GZIP_HEADER + deflated + ending).rstrip(b"=").decode("ascii")


def decode(text: str, limit: int = SIZE // 8) -> bytes:
    """The bytes of an ``encodedList``.

    Raises `StatusListError` for anything else, and for more than ``limit`` bytes: a small text can be made
    to grow without end.
    """
    if not text.startswith("u"):
        raise StatusListError("The status list is not multibase in base64url.")
    try:
        coded = text[1:].encode("ascii")
        packed = base64.b64decode(coded + b"=" * (-len(coded) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise StatusListError("The status list is not base64url.") from None
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, limit + 1)
    except zlib.error:
        raise StatusListError("The status list is not compressed with gzip.") from None
    if len(data) > limit:
        raise StatusListError(f"The status list is larger than {limit:,} bytes.")
    if not inflater.eof or inflater.unused_data:
        raise StatusListError("The status list is truncated, or something follows it.")
    return data


def is_set(data: bytes, index: int) -> bool:
    """The bit with this index."""
    return bool(data[index // 8] & 0x80 >> index % 8)


def allocate(
    award_ids: Sequence[str], size: int = SIZE, fixed: Mapping[str, tuple[int, int]] | None = None
) -> dict[str, tuple[int, int]]:
    """The list (from 0) and the index of every award.

    ``fixed`` has the places of further awards that were given one by hand: nobody else gets these.

    ``award_ids`` are in the order of first publication. An award's place depends on its id and on those
    before it, so appending never moves one; removing or reordering published ids does, and must not happen:
    a revoked award stays. A list takes awards up to half its size. Within it an award has the place that
    the hash of its id says, or the next free one: neighbours in time are no neighbours there.

    Raises:
        ValueError: an id comes twice.
    """
    places: dict[str, tuple[int, int]] = dict(fixed or {})
    room = max(1, size // 2)
    taken: set[int] = set()
    for position, award_id in enumerate(award_ids):
        number, first = divmod(position, room)
        if first == 0:
            taken = {index for there, index in (fixed or {}).values() if there == number}
        if award_id in places:
            raise ValueError(f"the award {award_id} comes twice")
        index = int.from_bytes(hashlib.sha256(award_id.encode("utf-8")).digest()[:8], "big") % size
        while index in taken:
            index = (index + 1) % size
        taken.add(index)
        places[award_id] = number, index
    return places


def status_entry(list_url: str, index: int) -> Document:
    """``credentialStatus`` of a credential: one object, whose id must not be that of the list."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index),  # a text in the standard
        "statusListCredential": list_url,
    }


def status_list_credential(
    url: str, issuer_profile: Document | str, bits: Iterable[int], valid_from: str
) -> Document:
    """The credential with a list, to be signed by the issuer of the credentials.

    Of a profile only the id is used: its other terms are not of the one context that this has. There is no
    ``validUntil``, which would end every credential of a site that is not built again in time.
    """
    return {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_profile if isinstance(issuer_profile, str) else issuer_profile["id"],
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encode(bits),
        },
    }
