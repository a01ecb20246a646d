"""What a client of the public API is, what its keys may do, and what is sound of them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from core.audit import Actor, EndUser
from core.errors import Complaint, Forbidden, Invalid
from core.viewers import Viewer, Visibility

PER_MINUTE, PER_DAY = 6_000, 1_000_000
"""How many calls a client has, where neither it nor its key has a limit of its own."""
LONGEST_GRACE = timedelta(days=30)
MOST_CALLS = 2_147_483_647
SHOWN_OWN = 4
"""So many of a key's own characters are shown, after what it is for."""
Network = IPv4Network | IPv6Network


class Scope(StrEnum):
    """What a key may do."""

    APPLICATIONS_READ = "applications:read"
    APPLICATIONS_WRITE = "applications:write"
    DOCUMENTS_WRITE = "documents:write"
    REPORT_READ = "report:read"
    WEBHOOKS_MANAGE = "webhooks:manage"


@dataclass(frozen=True, slots=True)
class Caller:
    """The client that calls, by the key it showed or for a person who signed in to its app."""

    client_id: UUID
    name: str
    key_id: UUID
    scopes: frozenset[str]
    networks: tuple[Network, ...] = ()
    per_minute: int = PER_MINUTE
    per_day: int = PER_DAY
    end_user: EndUser | None = None
    # Made once, not for each of the calls in which a caller is remembered.
    actor: Actor = field(init=False, compare=False, repr=False)
    """The caller as the audit log names it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "actor", Actor("client", self.client_id, end_user=self.end_user))

    def viewer(self, visibility: Visibility) -> Viewer:
        """The caller as one who is shown what a face can speak of."""
        return Viewer(self.client_id, self.actor, visibility)

    def require_scope(self, scope: str) -> None:
        """Raise Forbidden unless the key carries the scope."""
        if scope not in self.scopes:
            raise Forbidden(f"This key lacks the scope {scope}.", code="scope_missing")

    def require_address(self, address: str | None) -> None:
        """Raise Forbidden unless the key may be used from this address."""
        if not self.networks:
            return
        try:
            allowed = any(ip_address(address or "") in network for network in self.networks)
        except ValueError:
            allowed = False
        if not allowed:
            raise Forbidden("This key may not be used from this address.", code="address_refused")


class CreatedClient(NamedTuple):
    """A partner that was taken in: its id, and its first key, which is shown this once."""

    id: UUID
    key: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner as people see it: what it is called, and whether all of it is a test."""

    name: str
    test: bool


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as far as it may be shown."""

    id: UUID
    masked: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client as operators see it: since when it is known, and whether it may call."""

    id: UUID
    name: str
    test: bool
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRules:
    """What a new key may do, from where, how often, and until when; None for no such limit."""

    scopes: Sequence[str]
    networks: Sequence[str] = ()
    per_minute: int | None = None
    expires_at: datetime | None = None


def require_sound(
    name: str, rules: KeyRules, per_day: int | None, app_networks: Sequence[str], now: datetime
) -> None:
    """Raise Invalid where a client of this name, with a key of these rules, would be of no use."""
    complaints = []
    if not name.strip():
        complaints.append(Complaint("/name", "name: what people call the partner is needed"))
    if rules.expires_at and rules.expires_at <= now:
        complaints.append(Complaint("/expires_at", "expires: the key would have ended already"))
    for bound, limit in (("per_minute", rules.per_minute), ("per_day", per_day)):
        if limit is not None and not 1 <= limit <= MOST_CALLS:
            complaints.append(Complaint(f"/{bound}", f"{bound}: 1 to {MOST_CALLS} calls"))
    if unknown := sorted(set(rules.scopes) - set(Scope)):
        complaints.append(
            Complaint(
                "/scopes", f"unknown scope {', '.join(unknown)}; there are {', '.join(Scope)}"
            )
        )
    complaints += [*_wrong_networks(rules.networks), *_wrong_networks(app_networks)]
    if complaints:
        raise Invalid(*complaints)


def _wrong_networks(networks: Sequence[str]) -> Iterator[Complaint]:
    for each in networks:
        try:
            ip_network(each)
        except ValueError:
            yield Complaint("/networks", f"{each}: a network such as 192.0.2.0/24 is needed")


def require_networks(networks: Sequence[str]) -> None:
    """Raise Invalid unless each is a network."""
    if wrong := list(_wrong_networks(networks)):
        raise Invalid(*wrong)


def key_prefix(*, test: bool) -> str:
    """What a key begins with, which says what it is for."""
    return "beleg_test_" if test else "beleg_live_"


def shown_mark(key: str) -> str:
    """Of a key's own characters, those that are shown."""
    return key[len(key_prefix(test=False)) :][:SHOWN_OWN]


def digest(token: str) -> bytes:
    """What is kept of a key or token."""
    return hashlib.sha256(token.encode()).digest()
