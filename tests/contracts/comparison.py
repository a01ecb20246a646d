"""What became of the golden exchanges of a story: what was added to them, and what would break.

A header more is an addition, and so is a field more in an object of version 2, whose clients were
told to expect it, and an exchange more. All else is a break: version 1 is flat and byte for byte,
as its first clients read it. Placeholders may be counted anew, one for one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.contracts.exchange import Ask, Exchange, Reply

NUMBERED = re.compile(r"{{(\w+):(\d+)}}")
MARK = "\ufffc"


class Difference(NamedTuple):
    """One thing that is not as it was: where, what, and whether somebody would notice it."""

    place: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"{'!' if self.breaks else '+'} {self.place}: {self.what}"


@dataclass
class Naming:
    """Which placeholder stands now for which of old: one for one, for a whole story."""

    _now: dict[str, str] = field(default_factory=dict)
    _then: dict[str, str] = field(default_factory=dict)

    def same(self, old: str, new: str) -> bool:
        """Whether two templates say the same, their numbered placeholders taken one for one."""
        if NUMBERED.sub(MARK, old) != NUMBERED.sub(MARK, new):
            return False
        pairs = list(zip(NUMBERED.finditer(old), NUMBERED.finditer(new), strict=True))
        return all(
            before[1] == after[1]
            and self._now.setdefault(before[0], after[0]) == after[0]
            and self._then.setdefault(after[0], before[0]) == before[0]
            for before, after in pairs
        )


def differences(
    story: str, old: Sequence[Exchange], new: Sequence[Exchange]
) -> Iterator[Difference]:
    """All that is not as it was in a story, in its order."""
    naming, left = Naming(), list(new)
    for exchange in old:
        place = f"{story}, {exchange.ask.name!r}"
        at = next((n for n, it in enumerate(left) if it.ask.name == exchange.ask.name), None)
        if at is None:
            yield Difference(place, "the exchange is gone", breaks=True)
            continue
        for each in left[:at]:
            yield _added(story, each)
        now, left = left[at], left[at + 1 :]
        if not _same_ask(exchange.ask, now.ask, naming):
            yield Difference(place, "something else is asked under this name", breaks=True)
            continue
        yield from _reply(place, exchange.reply, now.reply, naming)
    for each in left:
        yield _added(story, each)


def _added(story: str, exchange: Exchange) -> Difference:
    what = f"the exchange is new ({exchange.ask.line} → {exchange.reply.status})"
    return Difference(f"{story}, {exchange.ask.name!r}", what, breaks=False)


def _same_ask(old: Ask, new: Ask, naming: Naming) -> bool:
    texts = zip(
        (old.line, old.body, *old.before, *old.headers.values()),
        (new.line, new.body, *new.before, *new.headers.values()),
        strict=False,
    )
    return (
        (old.caller, list(old.headers), len(old.before))
        == (new.caller, list(new.headers), len(new.before))
    ) and all(naming.same(*pair) for pair in texts)


def _reply(place: str, old: Reply, new: Reply, naming: Naming) -> Iterator[Difference]:
    if old.status != new.status:
        what = f"the status was {old.status}, now it is {new.status}"
        yield Difference(place, what, breaks=True)
    yield from _headers(place, old.headers, new.headers, naming)
    if naming.same(old.body, new.body):
        return
    if "beleg-version: v2" in old.headers and _is_json(old.body) and _is_json(new.body):
        yield from _values(place, json.loads(old.body), json.loads(new.body), naming)
    else:
        what = f"the body was {old.body!r}, now it is {new.body!r}"
        yield Difference(place, what, breaks=True)


def _headers(
    place: str, old: Sequence[str], new: Sequence[str], naming: Naming
) -> Iterator[Difference]:
    before, after = (dict(line.split(": ", 1) for line in lines) for lines in (old, new))
    for name, value in before.items():
        if name not in after:
            yield Difference(place, f"the header {name} is gone", breaks=True)
        elif not naming.same(value, after[name]):
            what = f"the header {name} was {value!r}, now it is {after[name]!r}"
            yield Difference(place, what, breaks=True)
    for name in after.keys() - before.keys():
        yield Difference(place, f"the header {name} is new", breaks=False)


def _values(place: str, old: Any, new: Any, naming: Naming) -> Iterator[Difference]:
    """What is not the same in two JSON values: objects may gain fields, and nothing else."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name, value in old.items():
            if name in new:
                yield from _values(f"{place}/{name}", value, new[name], naming)
            else:
                yield Difference(f"{place}/{name}", "the field is gone", breaks=True)
        for name in new.keys() - old.keys():
            yield Difference(f"{place}/{name}", "the field is new", breaks=False)
        if [name for name in new if name in old] != [name for name in old if name in new]:
            yield Difference(place, "its fields are in another order", breaks=True)
    elif isinstance(old, list) and isinstance(new, list) and _is_reordered(old, new):
        yield Difference(place, "its items are in another order", breaks=True)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _values(f"{place}/{number}", before, after, naming)
    elif not _same_value(old, new, naming):
        yield Difference(place, f"it was {old!r}, now it is {new!r}", breaks=True)


def _is_reordered(old: list[Any], new: list[Any]) -> bool:
    before, after = ([json.dumps(item, sort_keys=True) for item in each] for each in (old, new))
    return before != after and sorted(before) == sorted(after)


def _same_value(old: Any, new: Any, naming: Naming) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return naming.same(old, new)
    return type(old) is type(new) and bool(old == new)


def _is_json(body: str) -> bool:
    return body.startswith(("{", "["))
