"""Every page of the documentation, rendered from the versions and the texts beside this file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core.clients import PER_DAY, PER_MINUTE, Scope
from public_api.docs import faults, moving, prose, reference, search
from public_api.docs.page import MISSING, Page, page_of, tag_of
from public_api.docs.prose import Prose
from public_api.openapi import published
from public_api.schemas import JsonObject
from public_api.versions import Version

HERE = Path(__file__).parent
CHANGELOG = HERE.parent / "CHANGELOG.md"
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
TEXTS = {
    "/docs": ("start", "Beleg API"),
    "/docs/authentication": ("authentication", "Authentication"),
    "/docs/conventions": ("conventions", "Conventions"),
    "/docs/sandbox": ("sandbox", "Sandbox"),
    "/docs/webhooks": ("webhooks", "Webhooks"),
    "/docs/versions": ("versions", "Versions"),
}
SUCCESSION = "/docs/v1-to-v2"


class Site:
    """The documentation of these versions, newest first."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = versions
        self._documents = {version.name: published(version) for version in versions}
        self._groups = {name: reference.groups(it) for name, it in self._documents.items()}
        self._things = {name: reference.things(it) for name, it in self._documents.items()}
        self._deliveries = {name: reference.deliveries(it) for name, it in self._documents.items()}
        self._files = {file.name: file.read_bytes() for file in sorted(HERE.glob("static/*"))}
        self._templates = Environment(
            loader=FileSystemLoader([HERE / "templates", HERE / "text"]),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["line"] = prose.line
        self._templates.globals.update(
            asset=self._asset,
            versions=versions,
            groups=self._groups,
            moved=self._moved,
            day=lambda date: f"{date:%-d %B %Y}",
        )

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Every address and its page."""
        for name, content in self._files.items():
            media_type = MEDIA_TYPES[Path(name).suffix]
            yield f"/docs/static/{name}", page_of("/docs/static/{file}", media_type, content)
        texts = {address: (title, self._text(name)) for address, (name, title) in TEXTS.items()} | {
            "/changelog": ("Changelog", prose.told(CHANGELOG.read_text()))
        }
        for address, (title, text) in texts.items():
            yield address, self._html(address, "prose.html", title, text=text)
        yield "/docs/index.json", self._index(texts)
        yield "/docs/try", self._html("/docs/try", "try.html", "Try it")
        yield MISSING, replace(self._html(MISSING, "missing.html", "No such page"), status=404)
        for version in self._versions:
            yield f"/docs/{version.name}", self._reference(version)
        if self._moved:
            yield SUCCESSION, self._succession()
        yield from self._faults()

    @property
    def _moved(self) -> bool:
        """Whether both sides of the move from v1 to v2 are served."""
        return {"v1", "v2"} <= self._documents.keys()

    def _index(self, texts: Mapping[str, tuple[str, Prose]]) -> Page:
        found = list(search.of_faults())
        for name in self._documents:
            found += search.of_version(name, self._groups[name], self._things[name])
            found += search.of_deliveries(name, self._deliveries[name])
        for address, (title, text) in texts.items():
            found += search.of_text(address, title, text)
        body = orjson.dumps([tuple(each) for each in found])
        return page_of("/docs/index.json", "application/json", body)

    def _reference(self, version: Version) -> Page:
        return self._html(
            f"/docs/{version.name}",
            "reference.html",
            f"Version {version.name.removeprefix('v')}",
            version=version,
            promises=self._documents[version.name]["x-beleg-promises"],
            deliveries=self._deliveries[version.name],
            things=self._things[version.name],
        )

    def _succession(self) -> Page:
        old, new = self._documents["v1"], self._documents["v2"]
        named = {each.name: each for each in self._versions}
        said = [faults.said_by((named["v1"], named["v2"]), each) for each in faults.FAULTS]
        return self._html(
            SUCCESSION,
            "moving.html",
            "From v1 to v2",
            old=named["v1"],
            operations=[
                (self._operation("v1", was), self._operation("v2", now))
                for was, now in moving.OPERATIONS.items()
            ],
            tables=list(moving.tables(old, new)),
            statuses=moving.statuses(),
            promises=moving.PROMISES,
            was=old["x-beleg-promises"],
            now=new["x-beleg-promises"],
            faults=[(each["v1"], each["v2"]) for each in said],
            samples=[_sample(old, "/v1/applications"), _sample(new, "/v2/applications")],
        )

    def _operation(self, version: str, name: str) -> reference.OperationChapter:
        operations = (each for group in self._groups[version] for each in group.operations)
        return next(each for each in operations if each.name == name)

    def _faults(self) -> Iterator[tuple[str, Page]]:
        said = [(each, faults.said_by(self._versions, each)) for each in faults.FAULTS]
        yield "/docs/errors", self._html("/docs/errors", "errors.html", "Errors", faults=said)
        for fault, each in said:
            address = f"/problems/{fault.slug}"
            bodies = {name: prose.coloured(it.body, "json", name) for name, it in each.items()}
            yield (
                address,
                self._html(
                    address,
                    "problem.html",
                    fault.slug.replace("-", " ").capitalize(),
                    "/problems/{slug}",
                    fault=fault,
                    said=each,
                    bodies=bodies,
                ),
            )

    def _text(self, name: str) -> Prose:
        """A text of ours as Markdown, its placeholders filled."""
        template = self._templates.get_template(f"{name}.md")
        scopes = {
            scope: [
                operation.name
                for operation in self._versions[0].operations
                if operation.scope == scope
            ]
            for scope in Scope
        }
        return prose.told(
            template.render(per_minute=f"{PER_MINUTE:,}", per_day=f"{PER_DAY:,}", scopes=scopes)
        )

    def _html(
        self, address: str, template: str, title: str, route: str = "", **values: Any
    ) -> Page:
        made = self._templates.get_template(template).render(here=address, title=title, **values)
        return page_of(route or address, "text/html; charset=utf-8", made.encode())

    def _asset(self, name: str) -> str:
        """The address of a file of ours, another for each content."""
        return f"/docs/static/{name}?v={tag_of(self._files[name])[:8]}"


def _sample(document: JsonObject, path: str) -> str:
    said = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return reference.json_block(said["example"], path)
