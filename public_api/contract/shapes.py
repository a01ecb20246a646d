"""When a JSON schema changed so that somebody breaks: a request may not ask more, an answer may
not surprise."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from public_api.schemas import Schema

Document = Schema

UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
EXACT = ("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding")
NUMBER = frozenset(("integer", "number"))


class Side(StrEnum):
    """Who writes what the schema describes."""

    REQUEST = "request"
    ANSWER = "answer"

    @property
    def who_breaks(self) -> str:
        """Who would break."""
        return "clients that send" if self is Side.REQUEST else "clients that read"


SchemaPair = tuple[str, str]
"""The names of two schemas, old and new, that are compared."""


@dataclass(frozen=True, slots=True)
class Break:
    """One change that somebody would notice."""

    place: str
    affected: str
    how: str

    def __str__(self) -> str:
        return f"{self.place}: {self.affected} would break: {self.how}"


@dataclass(frozen=True, slots=True)
class SchemaComparison:
    """Compares the schemas of two documents, as written by one side."""

    old: Document
    new: Document
    side: Side
    # Clients were told to expect new words, so a new one is no surprise.
    extensible: bool = False

    def breaks(
        self,
        place: str,
        old: Schema,
        new: Schema,
        visited: frozenset[SchemaPair] = frozenset(),
    ) -> Iterator[Break]:
        """All that breaks when the old schema becomes the new one."""
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if all(pair) and pair in visited:
            return
        visited |= {pair}
        before = [resolved(self.old, each) for each in branches(resolved(self.old, old))]
        after = [resolved(self.new, each) for each in branches(resolved(self.new, new))]
        if self.side is Side.REQUEST:
            needed, offered = before, after
        else:
            needed, offered = after, before
        for one in needed:
            # The nearest alternative tells best what changed: one of the same type, else any.
            alike = [it for it in offered if types(it) & types(one)] or offered
            pairs = [(one, it) if self.side is Side.REQUEST else (it, one) for it in alike]
            yield from min((list(self._one(place, *pair, visited)) for pair in pairs), key=len)
        yield from self._default(place, resolved(self.old, old), resolved(self.new, new))

    def _one(
        self, place: str, old: Schema, new: Schema, visited: frozenset[SchemaPair]
    ) -> Iterator[Break]:
        wide, narrow = (new, old) if self.side is Side.REQUEST else (old, new)
        if not accepts(types(wide), types(narrow)):
            yield self._break(
                place, f"its type was {_listed(types(old))}, now it is {_listed(types(new))}"
            )
            return
        yield from self._words(place, old, new)
        yield from self._bounds(place, old, new)
        yield from self._fields(place, old, new, visited)
        if "items" in old and "items" in new:
            yield from self.breaks(f"{place}[]", old["items"], new["items"], visited)

    def _words(self, place: str, old: Schema, new: Schema) -> Iterator[Break]:
        before, after = words(old), words(new)
        if self.side is Side.REQUEST:
            if after is not None and (before is None or before - after):
                lost = sorted(before - after) if before else ["anything else"]
                yield self._break(place, f"{', '.join(lost)} is no longer taken")
        elif before is not None and not self.extensible and (after is None or after - before):
            fresh = sorted(after - before) if after else ["any word"]
            yield self._break(place, f"{', '.join(fresh)} may come, which was never named")

    def _bounds(self, place: str, old: Schema, new: Schema) -> Iterator[Break]:
        wide, narrow = (new, old) if self.side is Side.REQUEST else (old, new)
        verb = "tighter" if self.side is Side.REQUEST else "looser"
        for name in (*UPPER, *LOWER):
            limit, bound = wide.get(name), narrow.get(name)
            if limit is None:
                continue
            if bound is None or (bound > limit if name in UPPER else bound < limit):
                yield self._break(
                    place, f"{name} is {verb}: it was {old.get(name)}, now {new.get(name)}"
                )
        for name in EXACT:
            if old.get(name) != new.get(name) and wide.get(name) is not None:
                yield self._break(place, f"{name} was {old.get(name)}, now it is {new.get(name)}")

    def _fields(
        self, place: str, old: Schema, new: Schema, visited: frozenset[SchemaPair]
    ) -> Iterator[Break]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in before.keys() - after.keys():
            yield self._break(f"{place}/{name}", "the field is gone (or renamed)")
        for name in before.keys() & after.keys():
            yield from self.breaks(f"{place}/{name}", before[name], after[name], visited)
        must_before, must_after = set(old.get("required", ())), set(new.get("required", ()))
        if self.side is Side.REQUEST:
            for name in must_after - must_before:
                yield self._break(f"{place}/{name}", "the field is required now")
            if closed(new) and not closed(old):
                yield self._break(place, "unknown fields are refused now")
        else:
            for name in (must_before - must_after) & after.keys():
                yield self._break(f"{place}/{name}", "the field may be absent now")
            if closed(old):
                for name in after.keys() - before.keys():
                    yield self._break(f"{place}/{name}", "the object was said to be closed")
                if not closed(new):
                    yield self._break(place, "the object was said to be closed, now it is open")

    def _default(self, place: str, old: Schema, new: Schema) -> Iterator[Break]:
        if "default" in old and old["default"] != new.get("default", _NOTHING):
            yield self._break(
                place, f"its default was {old['default']!r}, now {new.get('default', 'none')!r}"
            )

    def _break(self, place: str, how: str) -> Break:
        return Break(place, f"{self.side.who_breaks} it", how)


_NOTHING = object()


def resolved(document: Document, schema: Schema) -> Schema:
    """The schema itself, or the component that it names."""
    while "$ref" in schema:
        value = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            value = value[step]
        schema = value
    return schema


def branches(schema: Schema) -> list[Schema]:
    """The alternatives of a union; the schema alone where it is none."""
    listed: list[Schema] = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return listed


def types(schema: Schema) -> frozenset[str]:
    """The JSON types that a value may have; none named is any."""
    named = schema.get("type", ())
    return frozenset((named,) if isinstance(named, str) else named)


def accepts(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Whether each of the narrow types is one of the wide."""
    if "number" in wide:
        wide |= NUMBER
    return not wide or (bool(narrow) and narrow <= wide)


def words(schema: Schema) -> frozenset[str] | None:
    """The only values taken, as text; None where there is no such list."""
    if "const" in schema:
        return frozenset((str(schema["const"]),))
    return frozenset(map(str, schema["enum"])) if "enum" in schema else None


def closed(schema: Schema) -> bool:
    """Whether no field but those named may occur."""
    return schema.get("additionalProperties") is False


def _listed(names: frozenset[str]) -> str:
    return " or ".join(sorted(names)) or "anything"
