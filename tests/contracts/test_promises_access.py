"""Who may do what, of every operation that is published, and what is told to all others."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from core.clients import Scope
from tests.builders import House, Partner
from tests.contracts.bodies import HOOK, VERSION
from tests.contracts.promised import promised, published

NOWHERE = "198.51.100.0/24"
"""A network that no test calls from."""


class Published(NamedTuple):
    """An operation as the committed document has it."""

    method: str
    path: str
    scope: str
    example: Any

    async def call(self, http: httpx.AsyncClient, ids: dict[str, str]) -> httpx.Response:
        """Call it about these things."""
        path = re.sub(r"{(\w+)}", lambda it: ids[it[1]], self.path)
        query = "?reason=test" if self.method == "DELETE" else ""
        sent: dict[str, Any] = {} if self.example is None else {"json": self.example}
        return await http.request(self.method, f"{path}{query}", headers={"If-Match": "*"}, **sent)


def operations(version: str) -> Iterator[Published]:
    """Every operation of a version."""
    for path, place in published(version)["paths"].items():
        for method, operation in place.items():
            contents = operation.get("requestBody", {}).get("content", {}).values()
            example = next((each.get("example") for each in contents), None)
            yield Published(method.upper(), path, operation["x-beleg-scope"], example)


async def things(partner: Partner) -> dict[str, str]:
    """One of each of a partner's things, by the names that paths have for them."""
    which = await partner.submit()
    hook = (await partner.http.post("/v2/webhooks", json=HOOK)).json()["id"]
    told = await partner.http.post(f"/v2/webhooks/{hook}/test")
    document = await partner.upload(which, b"<a/>")
    return {
        "id": which,
        "document_id": document,
        "webhook_id": hook,
        "delivery_id": told.json()["id"],
    }


def named(version: str, answer: httpx.Response) -> tuple[int, str]:
    """The status and the name of a refusal."""
    body = answer.json()
    return answer.status_code, body["type"] if version == "v2" else body["error"]["code"]


@VERSION
async def test_each_operation_needs_the_scope_that_is_published(house: House, version: str) -> None:
    """A key with that scope alone may; a key with all others may not, nor may nobody."""
    missing = tuple(promised(version, "problems", "scope_missing"))
    unknown = tuple(promised(version, "problems", "unauthenticated"))
    ids = await things(await house.partner())
    keys = {each: (await house.partner(str(each), [each])).http for each in Scope}
    others = {
        each: (await house.partner("x", [one for one in Scope if one != each])).http
        for each in Scope
    }
    for operation in operations(version):
        scope = Scope(operation.scope)
        allowed = await operation.call(keys[scope], ids)
        assert allowed.status_code not in (401, 403), operation
        assert named(version, await operation.call(others[scope], ids)) == missing, operation
        nobody = await operation.call(house.http, ids)
        assert named(version, nobody) == unknown, operation
        assert nobody.headers["www-authenticate"] == 'Bearer realm="beleg"'


@VERSION
async def test_a_strangers_thing_is_byte_for_byte_one_that_does_not_exist(
    house: House, version: str
) -> None:
    """Every operation on a thing: a stranger gets what is said of an id that nobody has."""
    ids = await things(await house.partner())
    stranger = await house.partner("Fremd")
    for operation in (each for each in operations(version) if "{" in each.path):
        answers = [
            await operation.call(stranger.http, which)
            for which in (ids, {name: str(uuid4()) for name in ids})
        ]
        statuses = {each.status_code for each in answers}
        assert statuses in ({404}, {400}, {422}, {406}), (operation, statuses)
        assert len({each.content for each in answers}) == 1, operation
        headers = [
            {k: v for k, v in each.headers.items() if k not in ("request-id", "ratelimit")}
            for each in answers
        ]
        assert headers[0] == headers[1], operation


@VERSION
async def test_a_key_of_another_network_is_refused_by_its_name(house: House, version: str) -> None:
    """A key with an allow-list is refused from elsewhere, and says why."""
    partner = await house.partner(networks=[NOWHERE])
    answer = await partner.http.get(f"/{version}/applications")
    assert named(version, answer) == tuple(promised(version, "problems", "address_refused"))
