"""The plain host: one template of the theme, no MkDocs, no JavaScript framework.

It is the way out on the day MkDocs or Material are gone, and it makes small sites in milliseconds.
"""

from __future__ import annotations

import posixpath
import re

from markupsafe import Markup

from badge_passport.pages.hosts import SHELL, Hosted, Request, Shell
from badge_passport.pages.templates import environment
from badge_passport.registry.entities import Page
from badge_passport.source import markdown, yaml
from badge_passport.urls import output, page_path, relative

_MD_LINK = re.compile(r'href="(?![a-z]+:|/|#)([^"#]+)\.md(#[^"]*)?"')


def host(request: Request) -> Hosted:
    """Render written pages with CommonMark, all in the theme's ``plain/page.html``."""
    template = environment(request.theme.folders("plain"), request.language).get_template("page.html")
    shell = Shell(
        template.render(
            request=request,
            language=request.language,
            shell=SHELL,
            others=[
                (tag, request.language.name_of(tag), request.urls.page("", tag)) for tag in request.languages
            ],
        )
    ).whole(template.filename or "page.html")
    files: dict[str, bytes] = {}
    if not request.prefix:
        files.update(request.assets)
        files["404.html"] = _not_found(shell, request)
    for page in request.pages:
        path = page_path(page.path)
        files[output(request.prefix + path)] = _page(shell, request, page, path)
    return Hosted(shell, files)


def title_of(page: Page) -> str:
    """A written page's title: of its front matter, else its first heading, else its name."""
    matter, body, _ = markdown.front_matter(page.text)
    meta = yaml.load(matter, page.file)[0] if matter else {}
    if isinstance(meta, dict) and meta.get("title"):
        return str(meta["title"])
    heading = next((line[2:].strip() for line in body.splitlines() if line.startswith("# ")), None)
    return heading or page.path.rsplit("/", 1)[-1].replace("-", " ").capitalize()


def _resolved(here: str, link: str) -> str:
    """The address of the page whose file ``link`` names, as seen from the page whose file is ``here``."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(here), link))
    return relative(page_path(target), page_path(here))


def _page(shell: Shell, request: Request, page: Page, path: str) -> bytes:
    _, body, _ = markdown.front_matter(page.text)
    html = _MD_LINK.sub(
        lambda link: f'href="{_resolved(page.path, link[1])}{link[2] or ""}"',
        markdown.to_html(body, heading=1),
    )
    title = Markup("{} - {}").format(title_of(page), request.name)
    head = Markup(
        '<link rel="canonical" href="{}">\n<link rel="alternate" type="application/atom+xml" href="{}">'
    ).format(request.urls.absolute(request.prefix + path), request.urls.absolute(request.urls.feed("")))
    if len(request.languages) > 1:
        head += _alternates(request, path)
    return shell.pour(path.count("/"), path, str(title), str(head), html).encode("utf-8")


def _not_found(shell: Shell, request: Request) -> bytes:
    """The page for what is not there, which says so in every language."""
    html = Markup()
    for number, one in enumerate(request.lost):
        frame = Markup("<h2>{}</h2>") if number else Markup("<h1>{}</h1>")
        html += Markup(
            '<section lang="{}" dir="{}">{}<p>{}</p><p><a href="{}">{}</a></p></section>\n'
        ).format(one.tag, one.dir, frame.format(one.title), one.text, one.home, one.link)
    title = Markup("{} - {}").format(request.lost[0].title, request.name)
    return shell.pour(request.urls.base, "", str(title), "", html).encode("utf-8")


def _alternates(request: Request, path: str) -> Markup:
    """The same page in every language, and for readers of none of them."""
    named = [(tag, request.urls.page(path, tag)) for tag in request.languages]
    link = Markup('\n<link rel="alternate" hreflang="{}" href="{}">')
    return Markup("").join(
        link.format(tag, request.urls.absolute(address)) for tag, address in [*named, ("x-default", path)]
    )
