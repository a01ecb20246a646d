"""How many pages of each slot's web app were opened, and how many broke, as its backend counts."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import httpx

from deploy.release.model import Addresses, Counters, Slot

SAMPLE = re.compile(r"^(browser_pages_total|browser_errors_total)(?:{[^}]*})? (\S+)$", re.MULTILINE)
SECONDS = 5.0


async def page_counters(addresses: Mapping[Slot, Addresses]) -> Mapping[str, Counters]:
    """By `pages-<slot>`; a slot whose build counts none is left out."""
    slots = [slot for slot, each in addresses.items() if each.bff]
    async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
        found = await asyncio.gather(*(_counted(http, addresses[each]) for each in slots))
    return {f"pages-{slot}": each for slot, each in zip(slots, found, strict=True) if each}


async def _counted(http: httpx.AsyncClient, place: Addresses) -> Counters | None:
    texts = [await _metrics(http, each) for each in health_of_web(place)]
    told = [SAMPLE.findall(each) for each in texts]
    if not any(told):
        return None
    pages = sum(float(value) for each in told for name, value in each if "pages" in name)
    errors = sum(float(value) for each in told for name, value in each if "errors" in name)
    return Counters(requests=int(pages), failed=int(errors))


def health_of_web(place: Addresses) -> Sequence[str]:
    """Where the backends of web apps are asked: after the APIs, in their order."""
    return place.health[len(place.api) : len(place.api) + len(place.bff)]


async def _metrics(http: httpx.AsyncClient, place: str) -> str:
    try:
        return (await http.get(f"http://{place}/metrics")).text
    except httpx.TransportError:
        return ""
