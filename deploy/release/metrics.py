"""What a slot's processes say of themselves where their health is asked: pages, and their build."""

import asyncio
import re
from collections.abc import Mapping, Sequence

import httpx

from deploy.release.model import Addresses, Counters, Slot

SAMPLE = re.compile(
    r'^browser_(pages|errors)_total{build="((?:[^"\\]|\\.)*)"} (\S+)$', re.MULTILINE
)
BUILD = re.compile(r'^build_info{.*?\bbuild="((?:[^"\\]|\\.)*)".*} 1(?:\.0)?$', re.MULTILINE)
OTHER = "other"
"""As which a backend counts what pages of another build report: those it did not count as pages."""
SECONDS = 5.0


async def page_counters(addresses: Mapping[Slot, Addresses]) -> Mapping[str, Counters]:
    """How many pages were opened and how many broke, by `pages-<slot>`.

    A slot whose build counts none is left out, as is one that does not answer whole: what a replica
    counted is not gone because it was busy once.
    """
    slots = [slot for slot, each in addresses.items() if each.bff]
    places = [health_of_web(addresses[each]) for each in slots]
    texts = await asyncio.gather(*map(_all, places))
    counted = [_counted(each) for each in texts]
    return {f"pages-{slot}": each for slot, each in zip(slots, counted, strict=True) if each}


def _counted(texts: Sequence[str]) -> Counters | None:
    told = [SAMPLE.findall(each) for each in texts]
    if not all(texts) or not any(told):
        return None
    samples = [each for one in told for each in one if each[1] != OTHER]
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


async def _all(places: Sequence[str]) -> list[str]:
    async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
        return await asyncio.gather(*(_metrics(http, each) for each in places))


async def _metrics(http: httpx.AsyncClient, place: str) -> str:
    try:
        answer = await http.get(f"http://{place}/metrics")
    except httpx.TransportError:
        return ""
    return answer.text if answer.is_success else ""
