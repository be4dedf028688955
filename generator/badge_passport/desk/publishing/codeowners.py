"""Who is asked about a change: the file CODEOWNERS of GitHub and GitLab, from the maintainers of a site.

The last line that fits decides, so that those of issuers come after the one of the site.
"""

from __future__ import annotations

from badge_passport.registry import Registry

MARK = "# Written by `passport codeowners` from “maintainers” in site.yml and in issuer.yml of each issuer.\n"


def codeowners(registry: Registry, folder: str = "") -> str:
    """The file, or nothing if no maintainers are named; ``folder`` is the site's in its repository."""
    site = registry.site.maintainers
    start = f"/{folder}/" if folder else "/"
    lines = [f"{start if folder else '*'} {' '.join(site)}"] if site else []
    for slug, issuer in sorted(registry.issuers.items()):
        if issuer.record.maintainers:
            names = " ".join(issuer.record.maintainers)
            lines += [f"{start}badges/{slug}/ {names}", f"{start}content/awards/{slug}/ {names}"]
    return MARK + "\n".join([*lines, ""]) if lines else ""
