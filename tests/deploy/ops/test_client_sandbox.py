"""A test client's sandbox: made-up cases in every state, apart from everything that is real."""

import json
from pathlib import Path
from typing import Any

import pytest

from core import clients
from core.clients import Scope
from core.documents import BlobStore
from tests.bff.conftest import screen
from tests.builders import House, Partner
from tests.deploy.ops.test_steering import beleg

STATES = {
    "SANDBOX-IN-REVIEW": ("in_review", "pending"),
    "SANDBOX-NEEDS-DOCUMENTS": ("needs_documents", "pending"),
    "SANDBOX-APPROVED": ("approved", "accepted"),
    "SANDBOX-DECLINED": ("declined", "rejected"),
}


async def newcomer(house: House) -> Partner:
    """A partner whom the operator has given a sandbox, by the key that was printed."""
    scopes = [word for scope in Scope for word in ("--scope", scope)]
    made = await beleg(house, "client", "create", "Neuling", *scopes, "--test", "--json")
    assert made.exit_code == 0, made.output
    created = json.loads(made.output.splitlines()[-1])
    assert created["cases"] == list(STATES)
    return Partner(created["client_id"], created["api_key"], house.caller(created["api_key"]))


async def found(partner: Partner, reference: str) -> Any:
    (one,) = (await partner.get(f"/v2/applications?external_reference={reference}"))["data"]
    return one


async def test_a_sandbox_shows_every_state_and_keeps_to_itself(house: House) -> None:
    partner, other = await newcomer(house), await house.partner("Makler Süd")
    real = await other.submit(external_reference="REAL")
    assert partner.key.startswith("beleg_test_")
    for reference, (status, word) in STATES.items():
        case = await found(partner, reference)
        assert case["status"] == status
        assert (await partner.get(f"/v1/applications/{case['id']}"))["status"] == word
        await other.get(f"/v2/applications/{case['id']}", 404)
    assert (await other.get("/v2/applications"))["data"][0]["id"] == real
    await partner.get(f"/v2/applications/{real}", 404)

    missing = (await found(partner, "SANDBOX-NEEDS-DOCUMENTS"))["id"]
    assert (await partner.get(f"/v2/applications/{missing}/requests"))["data"]
    declined = (await found(partner, "SANDBOX-DECLINED"))["id"]
    decision = await partner.get(f"/v2/applications/{declined}/decision")
    assert (decision["outcome"], decision["reasons"]) == ("declined", ["returned_payments"])


async def test_no_underwriter_finds_a_test_among_the_work(house: House, tmp_path: Path) -> None:
    partner, other = await house.partner("Neuling", test=True), await house.partner("Makler Süd")
    real, made_up = await other.submit(), await partner.submit()
    async with screen(house, tmp_path / "dist") as uta:
        await uta.sign_in(await house.person())
        for which, only in (("", real), ("?of=work", real), ("?of=sandbox", made_up)):
            inbox = await uta.get(f"/bff/inbox{which}")
            assert [row["id"] for row in inbox["rows"]] == [only]
            assert (inbox["total"], inbox["counts"]["received"]) == (1, 1)
            case = await uta.get(f"/bff/cases/{only}")
            assert case["application"]["sandbox"] is (only == made_up)
        await uta.get("/bff/inbox?of=nothing", 422)


async def test_a_rotated_test_key_is_one_again(house: House) -> None:
    partner = await house.partner(test=True)
    listed = await beleg(house, "key", "list", str(partner.client_id))
    rotated = await beleg(house, "client", "rotate", listed.output.split()[0])
    assert rotated.output.strip().startswith("beleg_test_")


async def test_cases_need_a_place_for_their_documents(house: House) -> None:
    scope = ("--scope", "report:read")
    refused = await beleg(house, "client", "create", "Neuling", *scope, "--test", BELEG_BLOB_URL="")
    assert refused.exit_code == 1
    assert "BELEG_BLOB_URL" in refused.output
    assert await clients.partners(house.db) == {}


async def test_the_process_that_fills_a_sandbox_lets_go_of_its_store_before_it_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread of the store's that is cut off there ends the process by a signal, now and then."""
    let_go, close = [], BlobStore.close

    async def closed(store: BlobStore) -> None:
        await close(store)
        let_go.append(store)

    monkeypatch.setattr(BlobStore, "close", closed)
    await newcomer(house)
    assert len(let_go) == 1


async def test_a_version_that_only_sandboxes_call_can_be_retired(house: House) -> None:
    partner = await house.partner("Neuling", test=True)
    await partner.get("/v1/applications")
    await house.flush_usage()
    done = await beleg(house, "versions", "retire", "v1")
    assert done.exit_code == 0, done.output
