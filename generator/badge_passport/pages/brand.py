"""The site's own colours, as custom properties at the end of the theme's style sheet.

Every colour is shifted until what stands on it, or is written in it, can be read (WCAG 2.2, 4.5 to 1): a
promoter chooses one and cannot make a page that nobody can read.
"""

from __future__ import annotations

from badge_passport.model.site import Brand
from badge_passport.pages.colors import BLACK, mix, parse, readable, to_hex

PAPER, NIGHT = "#f7f4ec", "#1a222e"
"""What coloured text stands on, in the light and in the dark; those of assets/passport.css."""


OURS = "#1d3557"
"""The brand colour of a site that has none of its own, as in assets/passport.css."""


def color(brand: Brand) -> str:
    """The brand colour as pages have it, on which white can be read."""
    return readable(brand.color, "#ffffff", 7.0) if brand.color else OURS


OURS_AT_NIGHT = "#8cc8f2"
"""The same in the dark, where other sites show us: embed.css and badge-passport.js."""


def branded(brand: Brand, name: str, asset: bytes) -> bytes:
    """An asset of the theme by its name, with the site's colours where it has any."""
    if name == "passport.css":
        return asset + style(brand)
    if name in ("embed.css", "badge-passport.js") and brand.color:
        light, dark = color(brand), readable(brand.color, NIGHT, 5.0)
        return asset.replace(_brand_is(OURS), _brand_is(light)).replace(
            _brand_is(OURS_AT_NIGHT), _brand_is(dark)
        )
    return asset


def _brand_is(color: str) -> bytes:
    return f"-brand: {color};".encode()


def style(brand: Brand) -> bytes:
    """The rules for a brand; nothing for one without colours."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    if brand.color:
        strong = color(brand)
        light |= {"--pp-brand": strong, "--pp-link": readable(brand.color, PAPER, 5.0)}
        dark |= {
            "--pp-brand": to_hex(mix(parse(strong), BLACK, 0.35)),
            "--pp-link": readable(brand.color, NIGHT, 5.0),
        }
    if brand.accent:
        light["--pp-accent"] = readable(brand.accent, PAPER)
        dark["--pp-accent"] = readable(brand.accent, NIGHT)
    if not light:
        return b""
    rules = [
        (':root, [data-md-color-scheme="default"]', light),
        ('[data-md-color-scheme="slate"]', dark),
    ]
    text = "\n/* site.yml: brand */\n" + "".join(f"{where} {{ {_rules(what)} }}\n" for where, what in rules)
    # The plain host has no switch: it follows the reader's system.
    night = f"html:not(:has([data-md-color-scheme])) {{ {_rules(dark)} }}"
    return f"{text}@media (prefers-color-scheme: dark) {{ {night} }}\n".encode()


def _rules(properties: dict[str, str]) -> str:
    return " ".join(f"{name}: {value};" for name, value in properties.items())
