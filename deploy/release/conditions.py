"""Who is sent to B whatever the weight, or stays on A: written, checked, resolved, described.

`client:NAME`, `version:v1`, `app:ios/3.2.1`, `person:uta@lender.test`, `header:NAME=VALUE`; `!`
before it keeps on A, and wins over what sends to B. An edge sees of a partner only what it shows:
the beginning that its keys and access tokens have. So a rule for a partner is one for each of its
keys, and a key that it gets later is not in it until the rule is refreshed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from core import users
from core.db import Queryable
from core.errors import Complaint, Invalid
from deploy.release.model import Condition, ConditionKind
from deploy.release.shown_keys import ShownKey, shown_keys

POINTER = "condition"
BEGINNING = re.compile(r"beleg_(?:live|test)_[A-Za-z0-9_-]{4}\Z")
"""What is shown of a key: `beleg_live_` and four characters."""
FORMS = "client:NAME, version:v1, app:NAME[/VERSION], person:E-MAIL, header:NAME=VALUE"
KEPT_HEADERS = frozenset(
    ("authorization", "cookie", "host", "content-length", "x-beleg-shadow", "x-request-id")
)
_APP = re.compile(r"[a-z]{2,20}(/\d{1,6}(\.\d{1,6}){0,3})?\Z")
_VERSION = re.compile(r"v\d{1,3}\Z")
_HEADER = re.compile(r"[a-z0-9][a-z0-9-]{0,59}=[\x21-\x7e]{1,200}\Z")


def parse(text: str) -> Condition:
    """The condition as it is written; whom it names is not yet looked up."""
    body = text.strip()
    to_b = not body.startswith("!")
    kind, colon, value = body.removeprefix("!").strip().partition(":")
    value = value.strip()
    if not colon or kind not in list(ConditionKind) or not value:
        raise _refusal(text, f"there is no such condition; there are {FORMS}, and ! before each")
    condition = Condition(ConditionKind(kind), _normal(ConditionKind(kind), value), to_b)
    if problem := _problem(condition):
        raise _refusal(text, problem)
    return condition


def check(conditions: Iterable[Condition]) -> None:
    """Raise Invalid where one says the contrary of another, or can never come into effect."""
    known = set(conditions)
    for each in sorted(known, key=written):
        if not each.to_b:
            continue
        for kept in sorted(known, key=written):
            if not kept.to_b and _covers(kept, each):
                says = f"{written(kept)} keeps on A all whom {written(each)} would send to B"
                raise Invalid(Complaint(POINTER, f"{says}; leave one of them out."))


async def resolve(db: Queryable, texts: Sequence[str]) -> tuple[Condition, ...]:
    """The conditions as an edge can keep to them: partners by their keys, people by their ids."""
    found: dict[Condition, None] = {}
    keys = await shown_keys(db)
    for text in texts:
        condition = parse(text)
        for each in await _resolved(db, keys, text, condition):
            found[replace(each, rule=text.strip())] = None
    check(found)
    return tuple(found)


async def refreshed(db: Queryable, conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The same conditions, with all keys that their partners have by now."""
    if all(each.kind is not ConditionKind.CLIENT for each in conditions):
        return tuple(conditions)
    keys = await shown_keys(db)
    found: dict[Condition, None] = {}
    for each in conditions:
        found[each] = None
        for key in _missing(keys, each, conditions):
            found[replace(each, value=key.beginning)] = None
    return tuple(found)


async def warnings(db: Queryable, conditions: Sequence[Condition]) -> list[str]:
    """What has changed since the conditions were written: keys that they do not name, in words."""
    if all(each.kind is not ConditionKind.CLIENT for each in conditions):
        return []
    keys = await shown_keys(db)
    told: dict[str, None] = {}
    for each in conditions:
        for key in _missing(keys, each, conditions):
            since = key.created_at.astimezone(UTC)
            told[
                f"{key.client} has a key since {since:%Y-%m-%d %H:%M} UTC"
                f" ({key.beginning}…{key.last_four}) that no rule names: it goes by the weight"
                " until the rules are refreshed"
            ] = None
        if each.kind is ConditionKind.CLIENT and not _named(keys, each, conditions):
            told[f"{written(each)} names no key that still counts"] = None
        if len(owners := _owners(keys, each.value)) > 1:
            told[f"{written(each)} is also how a key of {owners[1]} begins by now"] = None
    return list(told)


def written(condition: Condition) -> str:
    """The condition as an operator writes it."""
    return f"{'' if condition.to_b else '!'}{condition.kind}:{condition.value}"


def by_rule(conditions: Iterable[Condition]) -> dict[str, list[Condition]]:
    """What became of each rule, as the operator wrote it."""
    found: dict[str, list[Condition]] = {}
    for each in conditions:
        found.setdefault(each.rule or written(each), []).append(each)
    return found


def lines(conditions: Iterable[Condition]) -> list[str]:
    """The rules as an operator wrote them, a line each, with what an edge goes by."""
    told = []
    for rule, found in by_rule(conditions).items():
        values = ", ".join(each.value for each in found)
        who = "sent to B" if found[0].to_b else "kept on A"
        told.append(f"{rule}: {who}" if values in rule else f"{rule}: {who}, by {values}")
    return told


def described(condition: Condition) -> str:
    """The condition as a sentence says it."""
    value = condition.value
    who = {
        ConditionKind.CLIENT: f"the partner whose key begins {value}",
        ConditionKind.VERSION: f"whoever calls /{value}",
        ConditionKind.APP: f"the app build {value}" if "/" in value else f"every build of {value}",
        ConditionKind.PERSON: f"the person {value}",
        ConditionKind.HEADER: f"whoever sends {value.replace('=', ': ', 1)}",
    }[condition.kind]
    return f"{who} {'is sent to B' if condition.to_b else 'stays on A'}"


def as_json(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """The conditions as they are kept."""
    return [
        {"kind": each.kind.value, "value": each.value, "to_b": each.to_b, "rule": each.rule}
        for each in conditions
    ]


def from_json(rows: Iterable[dict[str, Any]]) -> tuple[Condition, ...]:
    """The conditions that were kept."""
    return tuple(
        Condition(ConditionKind(e["kind"]), e["value"], e["to_b"], e.get("rule", "")) for e in rows
    )


def _normal(kind: ConditionKind, value: str) -> str:
    if kind is ConditionKind.HEADER:
        name, equals, content = value.partition("=")
        return f"{name.strip().lower()}{equals}{content.strip()}"
    if kind in (ConditionKind.VERSION, ConditionKind.APP):
        return value.lower()
    return value


def _problem(condition: Condition) -> str:
    """What is wrong with a condition as it stands; nothing, mostly."""
    kind, value = condition.kind, condition.value
    if kind is ConditionKind.VERSION:
        if not _VERSION.match(value) or find_spec(f"public_api.{value}") is None:
            return f"this build serves no version {value}"
    elif kind is ConditionKind.APP and not _APP.match(value):
        return "an app says itself as ios or ios/3.2.1 (App-Version, else User-Agent)"
    elif kind is ConditionKind.HEADER:
        if not _HEADER.match(value):
            return "a header's name and what it must say, such as header:x-try=b"
        if value.partition("=")[0] in KEPT_HEADERS:
            return f"{value.partition('=')[0]} is no header to choose by; take one of your own"
    return ""


def _refusal(text: str, problem: str) -> Invalid:
    return Invalid(Complaint(POINTER, f"{text!r}: {problem}."))


def _covers(wide: Condition, narrow: Condition) -> bool:
    if wide.kind is not narrow.kind:
        return False
    return narrow.value == wide.value or (
        wide.kind is ConditionKind.APP and narrow.value.startswith(f"{wide.value}/")
    )


async def _resolved(
    db: Queryable, keys: Sequence[ShownKey], text: str, condition: Condition
) -> Sequence[Condition]:
    if condition.kind is ConditionKind.PERSON:
        return (
            Condition(
                condition.kind, str(await _person(db, text, condition.value)), condition.to_b
            ),
        )
    if condition.kind is not ConditionKind.CLIENT:
        return (condition,)
    client_id = _client(keys, text, condition.value)
    beginnings = list(
        dict.fromkeys(e.beginning for e in keys if e.counts and e.client_id == client_id)
    )
    for each in beginnings:
        if len(owners := _owners(keys, each)) > 1:
            raise _refusal(
                text,
                f"{each} is the beginning of a key of {' and of '.join(owners)}, which an edge"
                " cannot tell apart: rotate one of them (beleg client rotate)",
            )
    return [Condition(condition.kind, each, condition.to_b) for each in beginnings]


def _client(keys: Sequence[ShownKey], text: str, value: str) -> UUID:
    """Whose keys are meant: by a beginning, an id, or a name that only one partner has."""
    folded = value.casefold()
    meant = {
        each.client_id
        for each in keys
        if each.counts
        and (value == each.beginning or folded in (str(each.client_id), each.client.casefold()))
    }
    if not meant:
        raise _refusal(
            text,
            "no partner is called so, has this id, or a key that counts and begins so"
            " (beleg key list)",
        )
    if len(meant) > 1:
        ids = ", ".join(sorted(map(str, meant)))
        raise _refusal(text, f"that is {len(meant)} partners; name one by its id: {ids}")
    return meant.pop()


async def _person(db: Queryable, text: str, value: str) -> UUID:
    try:
        person_id = UUID(value)
    except ValueError:
        found = await users.find_by_email(db, value)
        if found is None:
            raise _refusal(text, "nobody signs in with this address") from None
        return found.id
    if person_id not in await users.names(db):
        raise _refusal(text, "nobody here has this id")
    return person_id


def _owners(keys: Sequence[ShownKey], beginning: str) -> list[str]:
    names: dict[UUID, str] = {
        e.client_id: e.client for e in keys if e.counts and e.beginning == beginning
    }
    return list(names.values())


def _missing(
    keys: Sequence[ShownKey], condition: Condition, conditions: Sequence[Condition]
) -> list[ShownKey]:
    """The keys that count of a condition's partner and that no condition names."""
    named = _beginnings(conditions)
    return [each for each in _of_partner(keys, condition) if each.beginning not in named]


def _named(
    keys: Sequence[ShownKey], condition: Condition, conditions: Sequence[Condition]
) -> list[ShownKey]:
    """The keys that count of a condition's partner and that a condition names."""
    named = _beginnings(conditions)
    return [each for each in _of_partner(keys, condition) if each.beginning in named]


def _of_partner(keys: Sequence[ShownKey], condition: Condition) -> list[ShownKey]:
    """The keys that count of whoever has, or had, the key that a condition names."""
    if condition.kind is not ConditionKind.CLIENT:
        return []
    owners = {each.client_id for each in keys if each.beginning == condition.value}
    return [each for each in keys if each.counts and each.client_id in owners]


def _beginnings(conditions: Sequence[Condition]) -> set[str]:
    return {each.value for each in conditions if each.kind is ConditionKind.CLIENT}
