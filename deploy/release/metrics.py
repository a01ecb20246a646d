"""What a slot's processes say of themselves where their health is asked: pages, and their build."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import httpx

from core.errors import Unavailable
from deploy.release.edge.replicas import SummedCounters
from deploy.release.edge.replicas import addresses as every_address
from deploy.release.model import Addresses, Counters, Slot

SAMPLE = re.compile(
    r'^browser_(pages|errors)_total{build="((?:[^"\\]|\\.)*)"} (\S+)$', re.MULTILINE
)
BUILD = re.compile(r'^build_info{.*?\bbuild="((?:[^"\\]|\\.)*)".*} 1(?:\.0)?$', re.MULTILINE)
OTHER = "other"
"""As which a backend counts what pages of another build report: those it did not count as pages."""
SECONDS = 5.0


class PageCounters:
    """How many pages were opened and how many broke, by `pages-<slot>`, as backends count them.

    A slot whose build counts none is left out. What a replica counted is not gone because it was
    busy once, restarted or was replaced.
    """

    def __init__(self) -> None:
        self._summed = SummedCounters()

    async def __call__(self, addresses: Mapping[Slot, Addresses]) -> Mapping[str, Counters]:
        """What each slot's backends counted together; on a cluster a name stands for several."""
        told: dict[str, dict[str, Counters]] = {}
        for slot, each in addresses.items():
            places = [place for named in health_of_web(each) for place in await _places(named)]
            for place, text in zip(places, await _all(places), strict=True):
                if found := _counted(text):
                    told.setdefault(place, {})[f"pages-{slot}"] = found
        return self._summed.add(told)


def _counted(text: str) -> Counters | None:
    samples = [each for each in SAMPLE.findall(text) if each[1] != OTHER]
    if not samples:
        return None
    pages = sum(float(value) for name, _, value in samples if name == "pages")
    errors = sum(float(value) for name, _, value in samples if name == "errors")
    return Counters(requests=int(pages), failed=int(errors))


async def build_name(place: Addresses) -> str:
    """What the build that stands there calls itself; "" where it does not say so yet."""
    told = (BUILD.search(each) for each in await _all(place.health[:1]))
    return next((each[1] for each in told if each), "")


def health_of_web(place: Addresses) -> Sequence[str]:
    """Where the backends of web apps are asked: after the APIs, in their order."""
    return place.health[len(place.api) : len(place.api) + len(place.bff)]


async def _places(named: str) -> list[str]:
    """All that a name stands for: on a cluster several Pods."""
    try:
        return await every_address(named)
    except Unavailable:
        return []


async def _all(places: Sequence[str]) -> list[str]:
    async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
        return await asyncio.gather(*(_metrics(http, each) for each in places))


async def _metrics(http: httpx.AsyncClient, place: str) -> str:
    try:
        answer = await http.get(f"http://{place}/metrics")
    except httpx.TransportError:
        return ""
    return answer.text if answer.is_success else ""
