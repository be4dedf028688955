"""``site.yml``: everything about the site, and what it hands to MkDocs."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from badge_passport.model.texts import NOTHING, LanguageTag, Record, Short, Text, Title, distinct
from badge_passport.model.values import BaseUrl, Color, Date, Handle, Slug, Url


class Privacy(Record):
    """Rules about personal data that `passport check` enforces."""

    plain_email: Literal["forbid", "allow"] = "forbid"


LogoPath = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*\.(png|svg|jpg|jpeg|webp)$")]


class Brand(Record):
    """How the site looks, without touching a template."""

    color: Color | None = Field(default=None, description="Of header, footer and links.")
    accent: Color | None = Field(default=None, description="Of marks and of the focus.")
    logo: LogoPath | None = Field(default=None, description="A picture below content/pages: images/logo.svg.")


class OutputOptions(Record):
    """What is published beside the pages and documents that every site has."""

    baked: Annotated[list[Literal["png", "svg"]], distinct()] = Field(
        default=["png", "svg"],
        description="Pictures of awards that hold the badge; without png the browser makes one when asked.",
    )
    zip: bool = Field(default=True, description="All badges of a person as a ZIP, on each passport.")


class Requests(Record):
    """Where participants may hand over their answers, besides the contact of the issuer."""

    issues: Url = Field(description="The page on which a new issue is written; issues are public.")
    kind: Literal["github", "gitlab"] | None = Field(
        default=None, description="What it runs; by default the name of the host tells."
    )

    @property
    def forge(self) -> Literal["github", "gitlab"]:
        """How title and text of a new issue are named in its address."""
        return self.kind or ("gitlab" if "gitlab" in (urlsplit(self.issues).hostname or "") else "github")


class Share(Record):
    """What is made so that pages can be shared and embedded."""

    cards: bool = Field(default=True, description="Pictures for links to badges and listed passports.")
    award_cards: bool = Field(
        default=False, description="One more for each award of a listed person, with the name as shown."
    )
    embeds: bool = Field(
        default=True, description="Small pages that other sites show in a frame, with their oEmbed answers."
    )


PUBLISH_FORMS = "a folder, git:REMOTE#BRANCH, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX"
_BRANCH = re.compile(r"git:[^-#\s][^#\s]*#[A-Za-z0-9][A-Za-z0-9._/-]*")
_STORES = ("s3:", "gs:", "az:")
_BUCKET = re.compile(r"(?:s3|gs|az)://[A-Za-z0-9][A-Za-z0-9._-]*(?:/[^?#]*)?")


def is_publish_target(text: str) -> bool:
    """Whether a text says where a site can be published to, in one of `PUBLISH_FORMS`."""
    if text.startswith("git:"):
        return _BRANCH.fullmatch(text) is not None
    if "://" in text or text.startswith(_STORES):  # “s3:badges” would be a folder of that name
        return _BUCKET.fullmatch(text) is not None
    return bool(text.strip()) and "\0" not in text


def _publish_target(text: str) -> str:
    if not is_publish_target(text):
        raise PydanticCustomError(
            "bad-value",
            "“{text}” is no place that a site can be published to",
            {"text": text, "help": f"write {PUBLISH_FORMS}."},
        )
    return text


class PublishOptions(Record):
    """Where `passport publish` puts the site, unless it is told another place."""

    to: Annotated[Short, AfterValidator(_publish_target)] = Field(
        description="A folder, git:REMOTE#BRANCH, s3://…, gs://… or az://…; never a password or a key."
    )
    endpoint: Url | None = Field(default=None, description="The server of a store that is not the usual one.")


def _navigation(items: list[Any]) -> list[Any]:
    """MkDocs' form: a page, or a title with a page, a URL or a list of the same."""
    for item in items:
        target = next(iter(item.values())) if isinstance(item, dict) and len(item) == 1 else item
        if isinstance(target, list):
            _navigation(target)
        elif not isinstance(target, str):
            raise PydanticCustomError(
                "bad-value",
                "an entry of the navigation is a page, or a title with a page or a list",
                {"help": "write “- about.md”, or “- About: about.md”."},
            )
    return items


def _no_third_party(extra: dict[str, Any]) -> dict[str, Any]:
    """Variables for templates, without those by which Material loads something from elsewhere."""
    for name in extra:
        if name in ("analytics", "consent", "polyfills", "version", "homepage"):
            raise PydanticCustomError(
                "bad-value",
                "“{name}” makes pages ask or lead to other sites",
                {"name": name, "help": "remove it: no page of a site asks anything of a third party."},
            )
    return extra


class MkDocsOptions(Record):
    """What is passed through to MkDocs and Material; nothing here can load code."""

    nav: Annotated[list[Any], AfterValidator(_navigation)] | None = Field(
        default=None, description="MkDocs navigation, in place of the one made for you."
    )
    palette: list[dict[str, Any]] | dict[str, Any] | None = Field(
        default=None, description="Material's palette."
    )
    features: list[Short] = Field(default=NOTHING, description="More of Material's features.")
    extra: Annotated[dict[str, Any], AfterValidator(_no_third_party)] = Field(
        default={}, description="Extra variables for templates."
    )


class SiteRecord(Record):
    """``site.yml``: everything about the site."""

    name: Title
    description: Text
    url: BaseUrl = Field(description="Where the site will live, for ever: every badge carries it.")
    id_namespace: Short = Field(description="Any text that never changes: award ids are computed from it.")
    languages: Annotated[list[LanguageTag], distinct()] = Field(
        default=["en"], min_length=1, description="The first is the default."
    )
    notice: Text | None = Field(default=None, description="A line at the top of every page.")
    archived: Date | None = Field(
        default=None,
        description="The day the project ended: since then badges are signed to outlive the site.",
    )
    maintainers: Annotated[list[Handle], distinct()] = Field(
        default=NOTHING, description="Who reviews what belongs to no issuer; see `passport codeowners`."
    )
    theme: Slug = "passport"
    host: Literal["mkdocs", "plain"] = "mkdocs"
    privacy: Privacy = Privacy()
    requests: Requests | None = None
    output: OutputOptions = OutputOptions()
    brand: Brand = Brand()
    share: Share = Share()
    publish: PublishOptions | None = None
    mkdocs: MkDocsOptions = MkDocsOptions()
