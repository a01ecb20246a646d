"""What the search on every page knows: titles, what they are, and where they lead."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from public_api.docs import faults
from public_api.docs.prose import Prose
from public_api.docs.reference import Delivery, Group, Thing


class Entry(NamedTuple):
    """A place to go to: its title, where that is, the words that find it, its address."""

    title: str
    place: str
    words: str
    address: str


def of_text(address: str, title: str, text: Prose) -> Iterator[Entry]:
    """A page of prose and its chapters."""
    yield _entry(title, "Guide", address)
    for anchor, chapter in text.chapters:
        yield _entry(chapter, title, f"{address}#{anchor}")


def of_version(name: str, groups: Sequence[Group], things: Sequence[Thing]) -> Iterator[Entry]:
    """A version's operations, its objects and their fields."""
    page, place = f"/docs/{name}", f"Version {name.removeprefix('v')}"
    for group in groups:
        for each in group.operations:
            said = f"{each.method} {each.path}"
            yield _entry(each.summary, said, f"{page}#{each.name}", each.name)
    for thing in things:
        yield _entry(thing.name, place, f"{page}#{thing.name}")
        for field in thing.fields:
            yield _entry(field.name, f"{thing.name}, {place}", f"{page}#{thing.name}")


def of_deliveries(name: str, deliveries: Sequence[Delivery]) -> Iterator[Entry]:
    """What a version sends to partners."""
    for each in deliveries:
        yield _entry(each.summary, "What you are sent", f"/docs/{name}#{each.name}", each.name)


def of_faults() -> Iterator[Entry]:
    """Everything that can go wrong."""
    for each in faults.FAULTS:
        yield _entry(each.refusal.code, "Error", f"/problems/{each.slug}", each.slug)


def _entry(title: str, place: str, address: str, more: str = "") -> Entry:
    return Entry(title, place, f"{title} {place} {more}".lower(), address)
