"""What a build signs is looked at by a library now and then, and nothing wrong is published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from badge_passport.credentials import signed
from badge_passport.credentials.keys import IssuerKeys, load_pem
from badge_passport.credentials.places import SitePlaces
from badge_passport.credentials.signed import Signing, SigningFault
from badge_passport.pipeline import check
from badge_passport.urls import Urls
from demo import copy_of_demo
from key_fixtures import pem


@pytest.fixture
def signing(tmp_path: Path) -> Signing:
    registry = check(copy_of_demo(tmp_path / "site")).registry
    assert registry is not None
    keys = {slug: IssuerKeys(load_pem(pem(number), None)) for number, slug in enumerate(registry.issuers, 1)}
    urls = Urls.of(registry.site.url, registry.default_language)
    return Signing(registry, urls, keys, SitePlaces(registry, keys))


def verified(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kind of every document that is verified from now on."""
    seen: list[str] = []
    verify = signed.verify_proof

    def verifying(document: dict[str, Any], *rest: Any) -> bool:
        seen.append(document["type"][1])
        return verify(document, *rest)

    monkeypatch.setattr(signed, "verify_proof", verifying)
    return seen


def test_the_first_of_every_key_and_kind_is_verified(
    signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = verified(signing, monkeypatch)
    awards = list(signing.registry.awards.values())
    credentials = [signing.credential(award) for award in awards]
    assert seen == ["OpenBadgeCredential"] * len({award.badge.issuer for award in awards})
    for award, credential in zip(awards[:3], credentials, strict=False):
        assert credential is not None
        signing.learner_record([award], [credential])
    assert seen[-1] == "ClrCredential" and seen.count("ClrCredential") == 1


def test_so_many_later_another_one_is(signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    [award, *_] = signing.registry.awards.values()
    monkeypatch.setattr(signed, "SAMPLE", 10)
    seen = verified(signing, monkeypatch)
    for _ in range(30):
        signing.credential(award)
    assert len(seen) == 4


def test_a_text_that_is_not_the_canonical_one_is_a_fault(signing: Signing) -> None:
    [award, *_] = signing.registry.awards.values()
    right = signing._canonize
    signing._canonize = lambda document: right(document).replace("awardedDate", "awardedDates")
    with pytest.raises(SigningFault, match="does not verify"):
        signing.credential(award)
