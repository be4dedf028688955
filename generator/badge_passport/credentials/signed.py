"""Signing a site: credentials, status lists and DID documents of every issuer that has a key.

An issuer without a key is published with Open Badges 2.0 alone. Everything signed is computed from the
records, `created` included, so two builds with the same keys give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from badge_passport.credentials import collections, ob2, ob3
from badge_passport.credentials.canonical import Canonizer, canonical
from badge_passport.credentials.contexts import CONTEXTS
from badge_passport.credentials.did import did_document, did_key, did_web, verification_method
from badge_passport.credentials.documents import Document, Finished, to_bytes
from badge_passport.credentials.keys import IssuerKeys
from badge_passport.credentials.places import Places, given_by, lists, places_of
from badge_passport.credentials.proofs import Known, add_proof, verify_proof
from badge_passport.credentials.status import status_entry, status_list_credential
from badge_passport.credentials.tokens import token
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, BadgeClass, Endorsement, Issuer
from badge_passport.urls import Urls

Files = Iterator[tuple[str, bytes]]
SAMPLE = 2500
"""One proof of so many is verified the long way, by a library; the first of every key and kind always is."""


class SigningFault(Exception):
    """A proof of ours that does not verify: nothing may be published."""


class Signing:
    """What one build signs with: keys by issuer, and the places of awards in the status lists.

    ``places`` are those of the awards at hand: ``registry`` may not have all awards of the site.
    """

    def __init__(
        self,
        registry: Registry,
        urls: Urls,
        keys: Mapping[str, IssuerKeys],
        places: Places,
    ) -> None:
        self.registry, self.urls, self.keys = registry, urls, keys
        self.places = places
        self._canonize: Callable[[Document], str] = Canonizer().signable
        self._known: Known = {}
        self._signed = 0
        self._verified: set[str] = set()
        self._shared = ob3.Shared(registry, urls)

    def did(self, issuer: str) -> str:
        """The issuer's ``did:web``, whose document lies beside its profile."""
        return did_web(self.urls.base, self.urls.did_document(issuer).removesuffix("did.json"))

    def lasting_did(self, issuer: str) -> str:
        """Who signs what shall hold: ``did:key`` on an archived site, whose host need not answer any more."""
        return did_key(self.keys[issuer].proof.multibase) if self.registry.site.archived else self.did(issuer)

    def credential(self, award: Award) -> Finished | None:
        """The signed credential of an award, or None if its issuer does not sign.

        On an archived site a badge in force names no status list: nobody will withdraw it, and verifiers
        refuse what names a list that is gone. A withdrawn one keeps its place in the list.
        """
        issuer = award.badge.issuer
        if issuer.slug not in self.keys:
            return None
        created = ob2.timestamp(award.issued_on)
        if self._lasts(award):
            did, status = self.lasting_did(issuer.slug), None
        else:
            number, index = self.places[award.id]
            did = self.did(issuer.slug)
            status = status_entry(self._url(self.urls.status_list(issuer.slug, number + 1)), index)
        document = ob3.credential(self._shared, award, did, status)
        return self._sign(document, issuer, did, created)

    def token(self, award: Award, credential: Document) -> bytes | None:
        """The signed credential of an award once more as VC-JWT, or None if its issuer makes no tokens."""
        issuer = award.badge.issuer.slug
        key = self.keys[issuer].token
        if key is None:
            return None
        did = did_key(key.multibase) if self._lasts(award) else self.did(issuer)
        unsigned = {name: value for name, value in credential.items() if name != "proof"}
        method = verification_method(did, key.multibase)
        return token(unsigned, self._url(self.urls.token(award.id)), did, key, method)

    def _lasts(self, award: Award) -> bool:
        """Whether its credential must hold without the site."""
        return self.registry.site.archived is not None and award.in_force

    def learner_record(self, awards: Sequence[Award], credentials: Sequence[Document]) -> Finished:
        """The signed record of what one issuer gave one person."""
        issuer = awards[0].badge.issuer
        did = self.lasting_did(issuer.slug)
        document = collections.learner_record(self._shared, issuer, did, awards, credentials)
        return self._sign(document, issuer, did, document["validFrom"])

    def _sign(self, document: Document, issuer: Issuer, did: str, created: str) -> Finished:
        key = self.keys[issuer.slug].proof
        method = verification_method(did, key.multibase)
        signed = add_proof(document, key, method, created, self._canonize, self._known)
        self._signed += 1
        first = {method, *document["type"]} - self._verified
        if first or self._signed % SAMPLE == 0:
            if not verify_proof(signed, key.multibase, canonical):
                raise SigningFault(f"the proof of {document['id']} does not verify")
            self._verified |= first
        return signed

    # --- Endorsements -----------------------------------------------------------------------------------

    @cached_property
    def endorsements(self) -> Mapping[str, Document]:
        """Every signed EndorsementCredential, by its path."""
        return {
            self.urls.endorsement_credential(given.endorser.slug, given.slug): self._endorsement(given)
            for given in self.registry.endorsements
            if given.endorser.slug in self.keys
        }

    def _endorsement(self, given: Endorsement) -> Document:
        did = self.lasting_did(given.endorser.slug)
        document = ob3.endorsement(self.registry, self.urls, given, did, self._endorsed(given))
        return self._sign(document, given.endorser, did, document["validFrom"])

    def _endorsed(self, given: Endorsement) -> str:
        """The id of what is endorsed, in terms of Open Badges 3.0 where it has one."""
        if given.badge is not None:
            return self._url(self._endorsed_achievement(given.badge))
        if given.issuer is not None:
            slug = given.issuer.slug
            return self.lasting_did(slug) if slug in self.keys else self._url(self.urls.issuer_document(slug))
        if given.award is None:
            raise ValueError("an endorsement is of a badge, an issuer or an award")
        signs = given.award.badge.issuer.slug in self.keys
        return self._url((self.urls.credential if signs else self.urls.assertion)(given.award.id))

    def _endorsed_achievement(self, badge: BadgeClass) -> str:
        language = ob2.edition(self.registry, badge, self.registry.default_language)
        return self.urls.achievement(badge.ref, badge.version, language)

    @cached_property
    def _endorsements_by_id(self) -> Mapping[str, list[Document]]:
        """The same by the id of what is endorsed."""
        found: dict[str, list[Document]] = {}
        for document in self.endorsements.values():
            found.setdefault(document["credentialSubject"]["id"], []).append(document)
        return found

    # --- Documents of an issuer -------------------------------------------------------------------------

    def kept(self) -> list[str]:
        """The paths of what other documents are verified with: DID documents and status lists."""
        return [
            path
            for slug in self.keys
            for path in (
                self.urls.did_document(slug),
                *(self.urls.status_list(slug, number + 1) for number in lists(self.registry, slug)),
            )
        ]

    def documents(self, slug: str) -> Files:
        """DID document and achievements of an issuer, which stand alone, and its signed status lists."""
        issuer = self.registry.issuers[slug]
        yield self.urls.did_document(slug), to_bytes(self._did_document(issuer))
        yield from self._achievements(issuer)
        yield from self._status_lists(issuer)

    def endorsed(self) -> Files:
        """The signed endorsements."""
        for path, endorsement in self.endorsements.items():
            yield path, to_bytes(endorsement)

    def _did_document(self, issuer: Issuer) -> Document:
        trusted = [k.public_key_multibase for k in issuer.record.keys if k.compromised is None]
        return did_document(
            self.did(issuer.slug),
            trusted,
            [
                self._url(self.urls.issuer_document(issuer.slug)),
                issuer.record.url,
                *([self.lasting_did(issuer.slug)] if self.registry.site.archived else ()),
            ],
        )

    def _achievements(self, issuer: Issuer) -> Files:
        did = self.lasting_did(issuer.slug)
        for ref, versions in self.registry.versions.items():
            if versions[-1].issuer is not issuer:
                continue
            for badge, current in [*((b, False) for b in versions), (versions[-1], True)]:
                for language in ob2.editions(self.registry, badge):
                    path = self.urls.achievement(ref, None if current else badge.version, language)
                    document = ob3.achievement(
                        self.registry, self.urls, badge, language, did, current=current
                    )
                    # Not inside credentials, which shall stay small.
                    endorsements = self._endorsements_by_id.get(str(document["id"]), [])
                    given = {"endorsement": endorsements} if endorsements else {}
                    yield path, to_bytes({"@context": CONTEXTS, **document, **given})

    def _status_lists(self, issuer: Issuer) -> Files:
        did = self.did(issuer.slug)
        given: dict[int, list[Award]] = {number: [] for number in lists(self.registry, issuer.slug)}
        awards = given_by(self.registry, issuer.slug)
        places = places_of(awards)
        for award in awards:
            given[places[award.id][0]].append(award)
        for number, listed in given.items():
            path = self.urls.status_list(issuer.slug, number + 1)
            bits = [places[a.id][1] for a in listed if not a.in_force]
            first = min((a.issued_on for a in listed), default=issuer.record.keys[0].created)
            # The day of the last thing the list says: a build has no clock.
            days = [a.revoked.on if a.revoked else a.issued_on for a in listed]
            document = status_list_credential(
                self._url(path),
                ob3.profile(self.registry, self.urls, issuer, did),
                bits,
                ob2.timestamp(first),
            )
            created = ob2.timestamp(max(days, default=first))
            yield path, to_bytes(self._sign(document, issuer, did, created))

    def _url(self, path: str) -> str:
        return self.urls.absolute(path)
