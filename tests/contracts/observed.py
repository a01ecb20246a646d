"""An exchange as it went, and what stands in its answer, wherever it stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class SentRequest:
    """A request as it was sent; RECEIVE is the method of a delivery, its target an address."""

    caller: str
    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.target.partition("?")[0]


@dataclass(frozen=True)
class Observed:
    """A request and the answer to it, or a delivery; and between which two moments it was given."""

    request: SentRequest
    status: int
    headers: dict[str, str]
    body: str
    began: datetime
    ended: datetime

    @property
    def json(self) -> Any:
        """The answer's JSON; None where it is none."""
        return json.loads(self.body) if "json" in self.headers.get("content-type", "") else None

    @property
    def objects(self) -> Iterator[dict[str, Any]]:
        """Every JSON object of the answer, however deep, outer ones first."""
        return objects_in(self.json) if self.body else iter(())

    @property
    def replayed(self) -> bool:
        """Whether it is an answer that was given before, under an Idempotency-Key."""
        return "idempotent-replayed" in self.headers


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, outer ones first."""
    if isinstance(value, list):
        for each in value:
            yield from objects_in(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects_in(each)


def instant(text: str) -> datetime:
    """A time as either version writes it."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
