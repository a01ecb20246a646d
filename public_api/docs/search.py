"""What the search on every page knows: titles, what they are, and where they lead."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from public_api.docs.faults import Fault
from public_api.docs.prose import Prose
from public_api.docs.reference import DeliveryChapter, ObjectChapter, OperationGroup


class SearchEntry(NamedTuple):
    """A place to go to: its title, where that is, the words that find it, its address."""

    title: str
    place: str
    words: str
    address: str


def of_text(address: str, title: str, text: Prose) -> Iterator[SearchEntry]:
    """A page of prose and its chapters."""
    yield _entry(title, "Guide", address)
    for anchor, chapter in text.chapters:
        yield _entry(chapter, title, f"{address}#{anchor}")


def of_version(
    name: str, groups: Sequence[OperationGroup], objects: Sequence[ObjectChapter]
) -> Iterator[SearchEntry]:
    """A version's operations, its objects and their fields."""
    page, place = f"/docs/{name}", f"Version {name.removeprefix('v')}"
    for group in groups:
        for operation in group.operations:
            route = f"{operation.method} {operation.path}"
            yield _entry(operation.summary, route, f"{page}#{operation.name}", operation.name)
    for each in objects:
        address = f"{page}#{each.name}"
        yield _entry(each.name, place, address)
        for field in each.fields:
            yield _entry(field.name, f"{each.name}, {place}", address)


def of_deliveries(name: str, deliveries: Sequence[DeliveryChapter]) -> Iterator[SearchEntry]:
    """What a version sends to partners."""
    for each in deliveries:
        yield _entry(each.summary, "What you are sent", f"/docs/{name}#{each.name}", each.name)


def of_faults(faults: Sequence[Fault]) -> Iterator[SearchEntry]:
    """Everything that can go wrong."""
    for each in faults:
        yield _entry(each.refusal.code, "Error", f"/problems/{each.slug}", each.slug)


def _entry(title: str, place: str, address: str, more: str = "") -> SearchEntry:
    return SearchEntry(title, place, f"{title} {place} {more}".lower(), address)
