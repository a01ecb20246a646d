"""Every page of the documentation, rendered from the versions and the texts beside this file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    select_autoescape,
)

from core.clients import PER_DAY, PER_MINUTE, Scope
from core.lifecycle import NOTICE_DAYS, QUIET_DAYS
from public_api.docs import prose, reference, search
from public_api.docs.faults import answers_of, faults_of
from public_api.docs.page import MISSING, Page, page_of, tag_of
from public_api.docs.prose import Prose
from public_api.docs.shapes import Contract
from public_api.docs.succession import (
    CONVENTIONS,
    SuccessionPage,
    example,
    object_tables,
    successions,
)
from public_api.schemas import PROMISES
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


class Site:
    """The documentation of these versions, newest first."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = versions
        self._contracts = {version.name: Contract.of(version) for version in versions}
        self._groups = {name: reference.groups(it) for name, it in self._contracts.items()}
        self._objects = {name: reference.objects(it) for name, it in self._contracts.items()}
        self._deliveries = {name: reference.deliveries(it) for name, it in self._contracts.items()}
        self._successions = successions(versions)
        self._faults = faults_of(versions, [each.address for each in self._successions])
        self._files = {file.name: file.read_bytes() for file in sorted(HERE.glob("static/*"))}
        self._templates = Environment(
            loader=_loader(versions),
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
            successions=self._successions,
            text_of=self._text_of,
            day=lambda date: f"{date:%-d %B %Y}",
        )

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Every address and its page."""
        for name, content in self._files.items():
            media_type = MEDIA_TYPES[Path(name).suffix]
            yield f"/docs/static/{name}", page_of("/docs/static/{file}", media_type, content)
        texts = {address: (title, self._text(name)) for address, (name, title) in TEXTS.items()} | {
            "/changelog": ("Changelog", prose.rendered(CHANGELOG.read_text()))
        }
        for address, (title, text) in texts.items():
            yield address, self._html(address, "prose.html", title, text=text)
        yield "/docs/index.json", self._index(texts)
        yield "/docs/try", self._html("/docs/try", "try.html", "Try it")
        yield MISSING, replace(self._html(MISSING, "missing.html", "No such page"), status=404)
        for version in self._versions:
            yield f"/docs/{version.name}", self._reference(version)
        for succession in self._successions:
            yield succession.address, self._succession(succession)
        yield from self._problems()

    def _index(self, texts: Mapping[str, tuple[str, Prose]]) -> Page:
        entries = list(search.of_faults(self._faults))
        for name in self._contracts:
            entries += search.of_version(name, self._groups[name], self._objects[name])
            entries += search.of_deliveries(name, self._deliveries[name])
        for address, (title, text) in texts.items():
            entries += search.of_text(address, title, text)
        body = orjson.dumps([tuple(each) for each in entries])
        return page_of("/docs/index.json", "application/json", body)

    def _reference(self, version: Version) -> Page:
        return self._html(
            f"/docs/{version.name}",
            "reference.html",
            f"Version {version.name.removeprefix('v')}",
            version=version,
            promises=self._contracts[version.name].document[PROMISES],
            deliveries=self._deliveries[version.name],
            objects=self._objects[version.name],
        )

    def _succession(self, succession: SuccessionPage) -> Page:
        old, new, data = succession.old, succession.new, succession.data
        was, now = self._contracts[old.name], self._contracts[new.name]
        answers = [answers_of((old, new), fault) for fault in self._faults]
        first = next(iter(data.operations.items()))
        examples = (example(was.document, first[0]), example(now.document, first[1]))
        return self._html(
            succession.address,
            "succession.html",
            succession.title,
            old=old.name,
            new=new.name,
            sunset=old.sunset,
            in_short=data.in_short,
            operations=[
                (self._operation(old, before), self._operation(new, after))
                for before, after in data.operations.items()
            ],
            objects=list(object_tables(data, was, now)),
            statuses=data.statuses,
            conventions=CONVENTIONS,
            was=was.document[PROMISES],
            now=now.document[PROMISES],
            faults=[(each[old.name], each[new.name]) for each in answers],
            samples=[reference.json_block(value, path) for path, value in examples],
        )

    def _operation(self, version: Version, name: str) -> reference.OperationChapter:
        operations = (each for group in self._groups[version.name] for each in group.operations)
        return next(each for each in operations if each.name == name)

    def _problems(self) -> Iterator[tuple[str, Page]]:
        faults = [(each, answers_of(self._versions, each)) for each in self._faults]
        yield "/docs/errors", self._html("/docs/errors", "errors.html", "Errors", faults=faults)
        for fault, answers in faults:
            address = f"/problems/{fault.slug}"
            bodies = {name: prose.coloured(it.body, "json", name) for name, it in answers.items()}
            yield (
                address,
                self._html(
                    address,
                    "problem.html",
                    fault.slug.replace("-", " ").capitalize(),
                    "/problems/{slug}",
                    fault=fault,
                    answers=answers,
                    bodies=bodies,
                ),
            )

    def _text(self, name: str) -> Prose:
        """A text as Markdown: of the newest version that has one, or of all of them."""
        for version in self._versions:
            if text := self._text_of(version, name):
                return prose.rendered(text)
        return prose.rendered(self._filled(f"{name}.md", self._versions[0]))

    def _text_of(self, version: Version, name: str) -> str:
        """What a version has to say on a page, or nothing."""
        try:
            return self._filled(f"{version.name}/{name}.md", version)
        except TemplateNotFound:
            return ""

    def _filled(self, template: str, version: Version) -> str:
        """A text, its placeholders filled, as this version tells it."""
        place = self._versions.index(version)
        addresses = {each.address for each in self._successions}
        return self._templates.get_template(template).render(
            per_minute=f"{PER_MINUTE:,}",
            per_day=f"{PER_DAY:,}",
            notice_days=NOTICE_DAYS,
            quiet_days=QUIET_DAYS,
            scopes={
                scope: [each.name for each in self._versions[0].operations if each.scope == scope]
                for scope in Scope
            },
            elders=self._versions[place + 1 :],
            succession=next((each for each in self._successions if each.new is version), None),
            ending=next(
                (each for each in reversed(self._versions) if each.successor in addresses), None
            ),
        )

    def _html(
        self, address: str, template: str, title: str, route: str = "", **values: Any
    ) -> Page:
        made = self._templates.get_template(template).render(here=address, title=title, **values)
        return page_of(route or address, "text/html; charset=utf-8", made.encode())

    def _asset(self, name: str) -> str:
        """The address of a file of ours, another for each content."""
        return f"/docs/static/{name}?v={tag_of(self._files[name])[:8]}"


def _loader(versions: Sequence[Version]) -> ChoiceLoader:
    """Finds our own templates and texts, and those of each version under its name."""
    texts = {version.name: version.documentation.texts for version in versions}
    return ChoiceLoader(
        [
            FileSystemLoader([HERE / "templates", HERE / "text"]),
            PrefixLoader({name: FileSystemLoader(it) for name, it in texts.items() if it}),
        ]
    )
