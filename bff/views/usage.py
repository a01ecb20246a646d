"""Who called the public API."""

from typing import TypedDict

from core.irregularities import Irregularity


class UsagePartner(TypedDict):
    """A partner, and by version how often it called and when last."""

    id: str
    name: str
    sandbox: bool
    calls: dict[str, int]
    last_at: dict[str, str]


class UsageDay(TypedDict):
    """A day, and how often each version was called."""

    day: str
    calls: dict[str, int]


class UsageRow(TypedDict):
    """How often a partner called an operation from a build; null where none was named."""

    partner: str
    sandbox: bool
    version: str
    operation: str
    build: str | None
    calls: int
    last_at: str


class IrregularRow(TypedDict):
    """How often a partner sent an operation something that is taken and should not be sent."""

    partner: str
    sandbox: bool
    version: str
    operation: str
    irregularity: Irregularity
    calls: int
    last_at: str


class Usage(TypedDict):
    """Who called the public API: partners and days of the period, and the busiest operations."""

    versions: list[str]
    partners: list[UsagePartner]
    days: list[UsageDay]
    rows: list[UsageRow]
    irregular: list[IrregularRow]
    more: bool
