"""Everything that knows MkDocs and Material: a temporary MkDocs project for each language, built once.

MkDocs sees nothing but Markdown pages and their images, in a folder of their own. Raw HTML in a page is
escaped and links that run code are dropped, whatever the Markdown says.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, TemplateNotFound
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import escape

from badge_passport.pages.hosts import SHELL, Hosted, HostError, Request, Shell
from badge_passport.pages.hosts.plain import title_of
from badge_passport.pages.languages import Language
from badge_passport.pages.templates import Compiled, TemplateFault, located
from badge_passport.registry.entities import Page
from badge_passport.resources import Theme
from badge_passport.source import markdown, yaml
from badge_passport.urls import HOME

_ROOTED = re.compile(r'(\b(?:href|src|action)=")\.\.(?:/|(?="))')
_ASSET = re.compile(r'(\b(?:href|src)="|"search": ?")((?:\.\./)*)assets/')
_DROPPED = re.compile(r"(sitemap\.xml(\.gz)?|passport-shell-page/.*|objects\.inv)\Z")
# Material shows the title of the page in its header once the reader has scrolled.
_SHELL_PAGE = b"---\ntitle: '@@passport:title@@'\ntemplate: shell.html\nsearch:\n  exclude: true\n---\n"
# What Material writes that HTML does not allow; none of it means anything.
_FAULTS = re.compile(
    r'((?:id="__(?:drawer|search)"|<label class="md-nav__link[^>]*)) (?:autocomplete="off"|tabindex="")'
)
_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.I)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", re.I)
_INERT = re.compile(
    r"(?:aria|data)-[a-z-]+|id|class|title|alt|lang|dir|role|rel|target|download|name|width|height|align|"
    r"loading|start|type|value|reversed|colspan|rowspan|headers|scope|cite|datetime"
)
_ALIGNED = re.compile(r"text-align: ?(?:left|center|right);?")
# A quarter of Material's frame is space at the beginning of lines and between them, on every page.
_SPACE = re.compile(r"\s*\n\s*")


def host(request: Request) -> Hosted:
    """Build the pages and the shell of one language with MkDocs and Material."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="passport-") as name:
        folder = Path(name)
        docs = folder / "docs"
        for page in request.pages:
            _write(docs / f"{page.path}.md", _safe_page(page).encode("utf-8"))
        for path, data in request.assets.items():
            _write(docs / path, data)
        for path, file in request.theme.files("mkdocs").items():
            _write(folder / "theme" / path, file.read_bytes())
        words = _words(request.language)
        if words:
            _write(folder / "theme" / "partials" / "languages" / f"{request.language.tag}.html", words)
        _write(docs / f"{SHELL}index.md", _SHELL_PAGE)
        config = folder / "mkdocs.yml"
        config.write_text(json.dumps(_config(request, folder)), encoding="utf-8")
        try:
            settings = load_config(config_file=str(config))
            settings.plugins["passport"] = _compiling()
            with located():
                build(settings)
        except TemplateFault as fault:
            raise _of_theme(fault, folder / "theme", request.theme) from fault
        except TemplateNotFound as error:  # which is an OSError, unlike a full disk no fault of the machine
            raise HostError(f"there is no {error.name}") from error
        except OSError:
            raise
        except (Exception, SystemExit) as error:  # what a promoter hands to its templates may fail anyhow
            raise HostError(" ".join(str(error).split())[:300]) from error
        site = folder / "site"
        files = {
            p.relative_to(site).as_posix(): (
                _mended(p.read_bytes(), request) if p.suffix == ".html" else p.read_bytes()
            )
            for p in sorted(site.rglob("*"))
            if p.is_file()
        }
    template = str(request.theme.files("mkdocs").get("shell.html", "shell.html"))
    shell = _shell(files[f"{SHELL}index.html"].decode("utf-8"), request).whole(template)
    files = {path: data for path, data in files.items() if not _DROPPED.match(path)}
    _add_to_search(files, request)
    if request.prefix:
        # Material's assets are the same in every language: one copy, at the root.
        files = {
            p: _outward(d) if p.endswith(".html") else d
            for p, d in files.items()
            if not p.startswith("assets/")
        }
        files.pop("404.html", None)
    return Hosted(shell, {request.prefix + path: data for path, data in files.items()})


def _of_theme(fault: TemplateFault, folder: Path, theme: Theme) -> Exception:
    """A mistake in a file of the site's own theme; one elsewhere comes of the site's options."""
    file = Path(fault.file)
    path = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else ""
    own = theme.files("mkdocs").get(path)
    if own is not None and len(theme.layers) > 1 and own.is_relative_to(theme.layers[0]):
        return TemplateFault(str(own), fault.line, fault.reason)
    return HostError(fault.reason[:300])


class _Compiled(Compiled):
    """Material's templates, compiled once for all languages; folders of projects do not last."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 (Jinja's signature)
        return super().get_cache_key(f"mkdocs {name}")


def _compiling() -> Any:
    """A plugin of MkDocs that has templates compiled once."""
    from mkdocs.plugins import BasePlugin

    # MkDocs has its plugins made with a type of settings, which this one has none of.
    class Compiling(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
        def on_env(self, env: Environment, **_: object) -> Environment:
            env.bytecode_cache = _Compiled()
            return env

    return Compiling()


def _words(language: Language) -> bytes:
    """A dictionary for Material of a language that it has none for: ours says the few words that matter.

    The rest is the nearest it has. Nothing if it knows the language.
    """
    known = resources.files("material") / "templates" / "partials" / "languages"
    if known.joinpath(f"{language.tag}.html").is_file():
        return b""
    near = language.tag.split("-")[0]
    near = near if known.joinpath(f"{near}.html").is_file() else "en"
    _ = language.gettext
    words = {"language": language.tag, "direction": language.dir}
    if near == "en":
        words |= {
            "action.skip": _("Skip to content"),
            "search": _("Search"),
            "search.placeholder": _("Search"),
            "select.language": _("Languages"),
        }
    said = json.dumps(words, ensure_ascii=False)
    return (
        f'{{% import "partials/languages/{near}.html" as near %}}'
        f"{{% macro t(key) %}}{{{{ {said}[key] or near.t(key) }}}}{{% endmacro %}}"
    ).encode()


def _mended(page: bytes, request: Request) -> bytes:
    """A page without what HTML does not allow, whose root says in which direction it is written.

    Material says so of the body alone: what it keeps beside the screen then makes a phone's page wider.
    """
    html = _FAULTS.sub(r"\1", page.decode("utf-8"))
    return html.replace("<html lang=", f'<html dir="{request.language.dir}" lang=', 1).encode("utf-8")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _safe(text: str) -> str:
    """Text for MkDocs and Material, whose templates escape nothing."""
    return str(escape(text))


def _safe_page(page: Page) -> str:
    """A page with its front matter written again, as JSON (which is YAML) and escaped."""
    matter, body, _ = markdown.front_matter(page.text)
    value = yaml.load(matter, page.file)[0] if matter else None
    meta = {k: _safe(v) if isinstance(v, str) else v for k, v in (value or {}).items()}
    return f"---\n{json.dumps(meta, ensure_ascii=False)}\n---\n{body}" if meta else body


def _config(request: Request, folder: Path) -> dict[str, Any]:
    options = request.options
    palette = _safe_values(options.get("palette")) or [
        {
            "media": "(prefers-color-scheme: light)",
            "scheme": "default",
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": "material/weather-night", "name": request.language.gettext("Switch to dark")},
        },
        {
            "media": "(prefers-color-scheme: dark)",
            "scheme": "slate",
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": "material/weather-sunny", "name": request.language.gettext("Switch to light")},
        },
    ]
    alternate = [
        {"name": request.language.name_of(tag), "lang": tag, "link": request.urls.page("", tag)}
        for tag in request.languages
    ]
    return {
        "site_name": _safe(request.name),
        "site_url": request.urls.absolute(request.prefix),
        "site_description": _safe(request.description),
        "docs_dir": str(folder / "docs"),
        "site_dir": str(folder / "site"),
        "use_directory_urls": True,
        "theme": {
            "name": "material",
            "custom_dir": str(folder / "theme"),
            "language": request.language.tag,
            "font": False,
            "features": ["navigation.tabs", "navigation.top", *options.get("features", [])],
            "palette": palette,
            "icon": {"logo": "material/certificate-outline"},
            "static_templates": ["404.html"],
        },
        "plugins": [{"search": {}}],
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "def_list",
            "footnotes",
            "tables",
            f"{__name__}:SafeMarkdown",
        ],
        "extra": {
            **_safe_values(options.get("extra", {})),
            "alternate": alternate if len(alternate) > 1 else [],
            "passport": {
                "notice": _safe(request.notice),
                "base": request.urls.base,
                "feeds": [request.urls.absolute(request.urls.feed("", kind)) for kind in ("xml", "json")],
                # Names in Latin letters stand on every Arabic page.
                "fonts": [
                    *(["readex-pro-arabic.woff2"] if request.language.dir == "rtl" else []),
                    "readex-pro-latin.woff2",
                ],
                "logo": request.logo,
                "tag": request.language.tag,
                "draft": _safe(request.language.draft_note),
                # From this language's root to the site's: where assets and other languages are.
                "up": "../" * request.prefix.count("/"),
                "showcase": [[_safe(e.name), e.path, e.image] for e in request.showcase],
                "footer": [
                    *((section.title, section.path) for section in (*request.sections, *request.footer)),
                    (request.language.gettext("Open data"), "index.json"),
                ],
                "people": {
                    "found": _safe(request.language.gettext("People")),
                    "badges": _safe(request.language.gettext("Badges")),
                    "nobody": _safe(request.language.gettext("Nobody is listed under this name.")),
                    "more": _safe(request.language.gettext("There may be more: write more of the name.")),
                }
                if request.many_people
                else {},
                "lost": [{key: _safe(value) for key, value in asdict(one).items()} for one in request.lost],
            },
            "generator": False,
        },
        "nav": _safe_values(options["nav"]) if "nav" in options else _nav(request),
        "validation": {
            "nav": dict.fromkeys(["omitted_files", "not_found", "absolute_links"], "ignore"),
            "links": dict.fromkeys(
                ["not_found", "absolute_links", "unrecognized_links", "anchors"], "ignore"
            ),
        },
    }


def _nav(request: Request) -> list[dict[str, Any]]:
    """Start page, the sections of records, and the other written pages: together if they are many."""
    home = [page for page in request.pages if page.path == HOME]
    others = [page for page in request.pages if page.path != HOME]
    nav: list[dict[str, Any]] = [{request.language.gettext("Home"): "index.md"} for _ in home]
    nav += [{_safe(section.title): section.path} for section in request.sections]
    written = [{_safe(title_of(page)): f"{page.path}.md"} for page in others]
    return [*nav, *(written if len(written) < 3 else [{request.language.gettext("About"): written}])]


def _safe_values(value: Any) -> Any:
    """What a promoter hands to the templates, which escape nothing, with every text in it escaped."""
    if isinstance(value, dict):
        return {_safe(str(key)): _safe_values(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_safe_values(item) for item in value]
    if isinstance(value, str):
        return "#" if _SCRIPT.match(markdown.bare(value)) else _safe(value)
    return value


def _shell(html: str, request: Request) -> Shell:
    """Mark the links to the language's root; assets are linked from the site's root."""
    html = _SPACE.sub("\n", html)
    html = html.replace('"base": ".."', '"base": "@@passport:root@@"').replace(
        '"base":".."', '"base":"@@passport:root@@"'
    )
    if request.prefix:
        html = _outward(html.encode("utf-8")).decode("utf-8")
    # The title of a page may be in another language than the frame, and end in somebody's name.
    html = html.replace('<span class="md-ellipsis">', '<span class="md-ellipsis" dir="auto">')
    html = re.sub(r'("search": ?")\.\./', r"\1@@passport:root@@", html)
    return Shell(_ROOTED.sub(r"\1@@passport:root@@", html))


def _outward(html: bytes) -> bytes:
    """Point assets one folder further out: from a language's folder to the root."""
    return _ASSET.sub(r"\1../\2assets/", html.decode("utf-8")).encode("utf-8")


def _add_to_search(files: dict[str, bytes], request: Request) -> None:
    index = files.get("search/search_index.json")
    if index is None:
        return
    content = json.loads(index)
    content["docs"] += [dict(entry) for entry in request.search]
    files["search/search_index.json"] = json.dumps(
        content, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode("utf-8")


class SafeMarkdown(Extension):
    """Python-Markdown without raw HTML and without links that run code."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's own name)
        """Take the two places out that pass HTML through, and look at every link at the end."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_SafeLinks(md), "passport-safe-links", 0)


class _SafeLinks(Treeprocessor):
    """Keeps attributes that only describe: `attr_list` takes any, in letters of any size.

    A picture on another site becomes a link to it, because pages ask nobody else for anything.
    """

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if element.tag == "img" and _ELSEWHERE.match(markdown.bare(element.get("src", ""))):
                element.tag, element.text = "a", element.get("alt") or element.get("src")
                element.attrib = {"href": element.get("src", "")}
            for name, value in list(element.attrib.items()):
                if name in ("href", "src"):
                    if not markdown.is_safe(value):
                        element.set(name, "#")  # MkDocs counts on there being one
                elif not _INERT.fullmatch(name) and not (name == "style" and _ALIGNED.fullmatch(value)):
                    del element.attrib[name]
