"""Whether an answer is what was promised."""

import asyncio
from typing import Any

import httpx

from deploy.release.rehearsal.results import Case

READ_SECONDS = 240.0
LOOK_SECONDS = 0.5


class Unkept(Exception):
    """An answer is not what was promised."""


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    """The same answer, if it has one of these statuses."""
    if answer.status_code not in statuses:
        asked = f"{answer.request.method} {answer.request.url.path}"
        said = " ".join(answer.text[:300].split())
        raise Unkept(f"{asked}: {answer.status_code} and not {statuses[0]}: {said}")
    return answer


async def require_kept(http: httpx.AsyncClient, case: Case) -> str:
    """Raise Unkept unless a case is as its partner was told over v2; the tag of this copy."""
    headers = {"authorization": f"Bearer {case.key}"}
    answer = expect(await http.get(f"/v2/applications/{case.id}", headers=headers), 200)
    found = answer.json()
    if not case.old and found["declared"]["existing_lenders"] != case.lenders:
        raise Unkept(f"{case.id} was told {case.lenders}, and answers {found['declared']}")
    if case.ended and found["status"] != case.ended:
        raise Unkept(f"{case.id} was {case.ended}, and answers {found['status']}")
    return answer.headers["etag"]


async def bookings(http: httpx.AsyncClient, case: Case) -> list[tuple[Any, ...]]:
    """The bookings of a case once a worker has read all its documents."""
    headers = {"authorization": f"Bearer {case.key}"}
    place = f"/v2/applications/{case.id}"
    async with asyncio.timeout(READ_SECONDS):
        while True:
            answer = expect(await http.get(f"{place}/documents", headers=headers), 200)
            found = answer.json()["data"]
            if all(each["status"] != "received" for each in found):
                break
            await asyncio.sleep(LOOK_SECONDS)
    if len(found) != len(case.documents):
        raise Unkept(f"{case.id} was handed {len(case.documents)} documents, and has {len(found)}")
    if unread := [each for each in found if each["status"] != "read"]:
        raise Unkept(f"{case.id}: a document is {unread[0]['status']}")
    answer = expect(await http.get(f"{place}/transactions?limit=100", headers=headers), 200)
    return [
        (each["codes"]["iso"], each["category"], str(each["amount"]))
        for each in answer.json()["data"]
    ]
