"""Instances that share what each must have alone: their database, their identity, their blobs."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping

from core.errors import Conflict, Refused
from deploy.ops.fleet.addresses import blob_place, database_place, share_blobs
from deploy.ops.fleet.file import Fleet
from deploy.ops.fleet.inspection import Inspection


def require_apart(fleet: Fleet, seen: Mapping[str, Inspection]) -> None:
    """Raise Conflict naming all instances that share something."""
    if said := [*by_file(fleet), *by_database(seen)]:
        raise Conflict("\n".join([*said, "Nothing was done: correct the fleet's file first."]))


def by_file(fleet: Fleet) -> list[str]:
    """What is shared by what the file says alone."""
    places: dict[Hashable, list[str]] = defaultdict(list)
    blobs: list[tuple[str, str]] = []
    for instance in fleet.instances:
        try:
            for place in sorted(database_place(fleet.url(instance)).places()):
                places[place].append(instance.name)
        except Refused:
            pass  # its own row says that it has no address
        if instance.blob_url:
            blobs.append((instance.name, blob_place(instance.blob_url)))
    said = list(_met_twice("the database's URL", places.values()))
    for at, (name, store) in enumerate(blobs):
        twins = [other for other, its in blobs[at + 1 :] if share_blobs(store, its)]
        said += [f"{name} and {twin} share the blob store." for twin in twins]
    return said


def by_database(seen: Mapping[str, Inspection]) -> list[str]:
    """What is shared by what the databases say themselves."""
    places: dict[Hashable, list[str]] = defaultdict(list)
    identities: dict[Hashable, list[str]] = defaultdict(list)
    for each in seen.values():
        if each.place is not None:
            places[each.place].append(each.name)
        if each.identity is not None:
            identities[each.identity].append(each.name)
    said = list(_met_twice("the database, by different URLs", places.values()))
    together = {tuple(names) for names in places.values()}
    others = (names for names in identities.values() if tuple(names) not in together)
    cure = ": one is a copy of the other; run `beleg adopt --as-copy` in the copy"
    return said + list(_met_twice("an identity", others, cure))


def _met_twice(what: str, groups: Iterable[list[str]], cure: str = "") -> Iterator[str]:
    for names in dict.fromkeys(tuple(dict.fromkeys(each)) for each in groups):
        if len(names) > 1:
            yield f"{', '.join(names[:-1])} and {names[-1]} share {what}{cure}."
