"""Each Envoy that an edge is made of: where it is asked, and what all of them counted."""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from core.errors import Unavailable
from deploy.release.edge.parts import is_address, split
from deploy.release.evidence import NOTHING, plus
from deploy.release.model import Counters


@dataclass(frozen=True, slots=True)
class Replica:
    """One Envoy, asked at its admin address."""

    http: httpx.AsyncClient
    place: str

    async def ask(self, path: str, **query: str) -> httpx.Response:
        """What it answers; raises Unavailable where it does not."""
        url = f"http://{self.place}{path}"
        try:
            return (await self.http.get(url, params=query)).raise_for_status()
        except httpx.HTTPError as problem:
            raise Unavailable(f"The edge does not answer at {url}: {problem}") from problem


async def found(http: httpx.AsyncClient, admins: Sequence[str]) -> list[Replica]:
    """All that these addresses lead to; a name may stand for several, and for others later."""
    places = [place for each in admins for place in await addresses(each)]
    return [Replica(http, place) for place in dict.fromkeys(places)]


async def addresses(place: str) -> list[str]:
    """Every `host:port` that a name stands for, of one family: both may lead to the same."""
    host, port = split(place)
    if is_address(host):
        return [place]
    try:
        told = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as problem:
        raise Unavailable(f"Nobody knows the address of {host}: {problem}") from problem
    hosts = dict.fromkeys(str(at[0]) for family, *_, at in told if family == told[0][0])
    return [f"[{each}]:{port}" if ":" in each else f"{each}:{port}" for each in hosts]


class SummedCounters:
    """What all replicas counted together; it never falls, though each begins anew at a restart."""

    def __init__(self) -> None:
        self._last: dict[str, dict[str, Counters]] = {}
        self._over: dict[str, Counters] = {}

    def add(self, told: Mapping[str, Mapping[str, Counters]]) -> dict[str, Counters]:
        """The sum by name, from what each replica says now; one that is away keeps its share."""
        for place, now in told.items():
            for name, before in self._last.get(place, {}).items():
                if now.get(name, NOTHING).requests < before.requests:
                    self._over[name] = plus(self._over.get(name, NOTHING), before)
            self._last[place] = dict(now)
        total = dict(self._over)
        for each in self._last.values():
            for name, counters in each.items():
                total[name] = plus(total.get(name, NOTHING), counters)
        return total
