"""What is wrong with a documentation: links that lead nowhere, and words that name a version."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from lxml import html

from public_api.docs.page import Page
from public_api.versions import Version

INDEX, CHANGELOG, CONSOLE = "/docs/index.json", "/changelog", "/docs/try"
Pages = Mapping[str, Page]


@lru_cache(maxsize=256)
def tree(page: Page) -> Any:
    """A page as a tree."""
    return html.fromstring(page.body.decode())


def trees(pages: Pages) -> dict[str, Any]:
    """The pages for people, by address."""
    return {
        address: tree(page)
        for address, page in pages.items()
        if page.media_type.startswith("text/html")
    }


def attributes(pages: Pages) -> Iterator[tuple[str, str, str]]:
    """Every address that any page links to or loads."""
    for address, root in trees(pages).items():
        for name in ("href", "src", "action"):
            yield from ((address, name, str(value)) for value in root.xpath(f"//@{name}"))


def dead_links(pages: Pages, versions: Sequence[Version]) -> Iterator[str]:
    """Every link that leads nowhere."""
    known = {address: set(root.xpath("//@id")) for address, root in trees(pages).items()}
    elsewhere = {f"/{version.name}/openapi.json" for version in versions}
    for address, _, value in attributes(pages):
        path, _, anchor = value.partition("#")
        path = path.partition("?")[0] or address
        if path == CONSOLE:
            anchor = ""  # an operation, which its script knows
        if path not in {*pages, *elsewhere} or (anchor and anchor not in known[path]):
            yield f"{address} links to {value}"


def dead_ends(pages: Pages) -> Iterator[str]:
    """Everything that the search would find where nothing is."""
    known = {address: set(root.xpath("//@id")) for address, root in trees(pages).items()}
    for title, *_, address in orjson.loads(pages[INDEX].body):
        path, _, anchor = address.partition("#")
        if anchor not in {"", *known.get(path, ())} or path not in pages:
            yield f"{title} is found at {address}"


def mentions(pages: Pages, version: str) -> Iterator[str]:
    """Every page that names a version, but for the history of all of them."""
    named = re.compile(rf"\b{version}\b(?!,)|\bversion {version[1:]}\b", re.IGNORECASE)
    for address, page in pages.items():
        text = page.body.decode() if "json" in page.media_type else ""
        if page.media_type.startswith("text/html"):
            text = page.body.decode()
        if address == INDEX:  # which knows the chapters of the history too
            text = "".join(
                "".join(entry) for entry in orjson.loads(text) if CHANGELOG not in entry[-1]
            )
        if address != CHANGELOG and (found := named.search(text)):
            yield f"{address}: {text[max(0, found.start() - 40) : found.end() + 20]}"
