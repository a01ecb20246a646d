"""After the end: whether everything that was acknowledged is there, over both versions."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx

from deploy.release.rehearsal.checks import Unkept, bookings, expect, require_kept
from deploy.release.rehearsal.partners import bearer
from deploy.release.rehearsal.results import Case, Results

AT_ONCE = 6


async def lost(address: str, results: Results) -> list[str]:
    """What was acknowledged and is not there, or is not as it was acknowledged."""
    found: list[str] = []
    cases = iter(results.cases.values())
    read: dict[str, list[tuple[Any, ...]]] = {}
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as http:

        async def look() -> None:
            for case in cases:
                try:
                    await _look(http, case, read)
                except (Unkept, httpx.HTTPError, TimeoutError) as problem:
                    found.append(f"{case.id}: {type(problem).__name__} {problem}"[:400])

        await asyncio.gather(*(look() for _ in range(AT_ONCE)))
    return found


async def _look(
    http: httpx.AsyncClient, case: Case, read: dict[str, list[tuple[Any, ...]]]
) -> None:
    await require_kept(http, case)
    place = f"/v1/applications/{case.id}"
    expect(await http.get(place, headers=bearer(case.key)), 200)
    if not case.documents:
        return
    found = await bookings(http, case)
    name = _digest(case.documents)
    if read.setdefault(name, found) != found:
        raise Unkept("two builds have read the same file differently")


def _digest(documents: Sequence[str]) -> str:
    return " ".join(sorted(documents))
