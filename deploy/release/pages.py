"""How many pages of each slot's web app were opened, and how many broke, as its backend counts."""

import re
from collections.abc import Mapping, Sequence

import httpx

from core.errors import Unavailable
from deploy.release.edge.replicas import SummedCounters
from deploy.release.edge.replicas import addresses as every_address
from deploy.release.model import Addresses, Counters, Slot

SAMPLE = re.compile(r"^(browser_pages_total|browser_errors_total)(?:{[^}]*})? (\S+)$", re.MULTILINE)
SECONDS = 5.0


class PageCounters:
    """By `pages-<slot>`; a slot whose build counts none is left out."""

    def __init__(self) -> None:
        self._summed = SummedCounters()

    async def __call__(self, addresses: Mapping[Slot, Addresses]) -> Mapping[str, Counters]:
        """What each slot's backends counted together; on a cluster a name stands for several."""
        told: dict[str, dict[str, Counters]] = {}
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
            for slot, each in addresses.items():
                places = [place for named in health_of_web(each) for place in await _places(named)]
                for place in places:
                    if found := _counted(await _metrics(http, place)):
                        told.setdefault(place, {})[f"pages-{slot}"] = found
        return self._summed.add(told)


def _counted(text: str) -> Counters | None:
    if not (told := SAMPLE.findall(text)):
        return None
    pages = sum(float(value) for name, value in told if "pages" in name)
    errors = sum(float(value) for name, value in told if "errors" in name)
    return Counters(requests=int(pages), failed=int(errors))


def health_of_web(place: Addresses) -> Sequence[str]:
    """Where the backends of web apps are asked: after the APIs, in their order."""
    return place.health[len(place.api) : len(place.api) + len(place.bff)]


async def _places(named: str) -> list[str]:
    """All that a name stands for: on a cluster several Pods."""
    try:
        return await every_address(named)
    except Unavailable:
        return []


async def _metrics(http: httpx.AsyncClient, place: str) -> str:
    try:
        return (await http.get(f"http://{place}/metrics")).text
    except httpx.TransportError:
        return ""
