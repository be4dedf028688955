"""What the script of the verify page is told: the site, its own documents, its sentences in one language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from badge_passport.credentials.contexts import LEARNER_RECORD, load_context
from badge_passport.pages.languages import Language
from badge_passport.resources import bundled
from badge_passport.urls import Urls, relative

MOST = 40
"""Documents of the site that the page reads when it is opened."""


def page_data(urls: Urls, language: Language, own: Sequence[str], here: str) -> dict[str, Any]:
    """The JSON of the page at ``here``; ``own`` are paths of DID documents, status lists and profiles."""
    sentences = json.loads(bundled("messages.json"))
    translated = {sentence: language.gettext(sentence) for sentence in sentences}
    return {
        "base": urls.base,
        "root": relative("", here),
        "own": list(own[:MOST]),
        "texts": {sentence: text for sentence, text in translated.items() if text != sentence},
    }


def script() -> bytes:
    """The script, after the context that no npm package has: it comes with an installed one."""
    contexts = {LEARNER_RECORD: {"@context": load_context(LEARNER_RECORD)}}
    text = json.dumps(contexts, separators=(",", ":"), sort_keys=True)
    return f"globalThis.badgePassportContexts={text};\n".encode() + bundled("verify.js")
