"""Signing a site: credentials, status lists and DID documents of every issuer that has a key.

An issuer without a key is published with Open Badges 2.0 alone. Everything signed is computed from the
records, `created` included, so two builds with the same keys give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from badge_passport.credentials import ob2, ob3
from badge_passport.credentials.canonical import Canonizer, canonical
from badge_passport.credentials.did import did_document, did_web, verification_method
from badge_passport.credentials.documents import Document, to_bytes
from badge_passport.credentials.keys import SigningKey
from badge_passport.credentials.proofs import add_proof, verify_proof
from badge_passport.credentials.status import allocate, status_entry, status_list_credential
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Issuer
from badge_passport.urls import Urls

Files = Iterator[tuple[str, bytes]]
LIST_SIZE = 131_072  # bits: the least that Bitstring Status List allows
SAMPLE = 100  # one proof of so many is verified the long way, by a library


class SigningFault(Exception):
    """A proof of ours that does not verify: nothing may be published."""


class Signing:
    """What one build signs with: keys by issuer, and the places of awards in the status lists."""

    def __init__(self, registry: Registry, urls: Urls, keys: Mapping[str, SigningKey]) -> None:
        self.registry, self.urls, self.keys = registry, urls, keys
        self._canonize: Callable[[Document], str] = Canonizer().signable
        self._signed = 0

    def did(self, issuer: str) -> str:
        """The issuer's ``did:web``, whose document lies beside its profile."""
        return did_web(self.urls.base, self.urls.did_document(issuer).removesuffix("did.json"))

    @cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """Award id to status list (from 0) and index.

        Awards are in the order of their day, so that an award appended later moves none.
        """
        found: dict[str, tuple[int, int]] = {}
        for issuer in self.keys:
            found |= allocate([a.id for a in self._awards(issuer)], LIST_SIZE)
        return found

    def _awards(self, issuer: str) -> list[Award]:
        own = [a for a in self.registry.awards.values() if a.badge.issuer.slug == issuer]
        return sorted(own, key=lambda a: (a.issued_on, a.id))

    def credential(self, award: Award) -> Document | None:
        """The signed credential of an award, or None if its issuer does not sign."""
        issuer = award.badge.issuer
        if issuer.slug not in self.keys:
            return None
        number, index = self.places[award.id]
        status = status_entry(self.urls.absolute(self.urls.status_list(issuer.slug, number + 1)), index)
        document = ob3.credential(self.registry, self.urls, award, self.did(issuer.slug), status)
        return self._sign(document, issuer, ob2.timestamp(award.issued_on))

    def _sign(self, document: Document, issuer: Issuer, created: str) -> Document:
        key = self.keys[issuer.slug]
        method = verification_method(self.did(issuer.slug), key.multibase)
        signed = add_proof(document, key, method, created, self._canonize)
        if self._signed % SAMPLE == 0 and not verify_proof(signed, key.multibase, canonical):
            raise SigningFault(f"the proof of {document['id']} does not verify")
        self._signed += 1
        return signed

    def documents(self) -> Files:
        """DID documents and achievements, which stand alone, and the signed status lists."""
        for slug in self.keys:
            issuer = self.registry.issuers[slug]
            yield self.urls.did_document(slug), to_bytes(self._did_document(issuer))
            yield from self._achievements(issuer)
            yield from self._status_lists(issuer)

    def _did_document(self, issuer: Issuer) -> Document:
        trusted = [k.public_key_multibase for k in issuer.record.keys if k.compromised is None]
        return did_document(
            self.did(issuer.slug),
            trusted,
            [self.urls.absolute(self.urls.issuer_document(issuer.slug)), issuer.record.url],
        )

    def _achievements(self, issuer: Issuer) -> Files:
        did = self.did(issuer.slug)
        for ref, versions in self.registry.versions.items():
            if versions[-1].issuer is not issuer:
                continue
            for badge, current in [*((b, False) for b in versions), (versions[-1], True)]:
                for language in ob2.editions(self.registry, badge):
                    path = self.urls.achievement(ref, None if current else badge.version, language)
                    document = ob3.achievement(
                        self.registry, self.urls, badge, language, did, current=current
                    )
                    yield path, to_bytes({"@context": ob3.CONTEXTS, **document})

    def _status_lists(self, issuer: Issuer) -> Files:
        awards = self._awards(issuer.slug)
        lists: dict[int, list[Award]] = {0: []}
        for award in awards:
            lists.setdefault(self.places[award.id][0], []).append(award)
        for number, listed in sorted(lists.items()):
            path = self.urls.status_list(issuer.slug, number + 1)
            bits = [self.places[a.id][1] for a in listed if not a.in_force]
            first = min((a.issued_on for a in listed), default=issuer.record.keys[0].created)
            # The day of the last thing the list says: a build has no clock.
            days = [a.revoked.on if a.revoked else a.issued_on for a in listed]
            document = status_list_credential(
                self.urls.absolute(path),
                ob3.profile(self.registry, self.urls, issuer, self.did(issuer.slug)),
                bits,
                ob2.timestamp(first),
            )
            yield path, to_bytes(self._sign(document, issuer, ob2.timestamp(max(days, default=first))))
