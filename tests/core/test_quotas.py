"""How many documents may be handed in: what is too much is refused and named, all else goes on."""

import asyncio
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core import documents
from core.documents import Holdings, Quotas
from deploy.ops.cli import main
from tests.builders import House, company, running

FEW: dict[str, Any] = {"application_documents": 2, "client_documents": 4}


async def hand_in(
    house: House, key: str, case: str, content: bytes, version: str = "v2"
) -> tuple[int, str]:
    """The status and the body of the answer to a document."""
    answer = await house.caller(key).post(
        f"/{version}/applications/{case}/documents",
        files={"file": ("s.xml", content, "application/xml")},
    )
    return answer.status_code, answer.text


async def test_an_application_has_so_many_documents_and_those_that_are_there_stay(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path, **FEW) as house:
        partner = await house.partner()
        case = await partner.submit()
        for content in (b"<a/>", b"<b/>"):
            assert (await hand_in(house, partner.key, case, content))[0] == 202
        status, body = await hand_in(house, partner.key, case, b"<c/>")
        problem = json.loads(body)
        assert (status, problem["type"]) == (409, "/problems/too-many-documents")
        assert "An application may have 2 documents." in problem["detail"]
        status, body = await hand_in(house, partner.key, case, b"<c/>", "v1")
        assert (status, json.loads(body)["error"]["code"]) == (409, "too_many_documents")
        assert (await hand_in(house, partner.key, case, b"<a/>"))[0] == 200  # it is there already
        found = await partner.get(f"/v2/applications/{case}/documents")
        assert len(found["data"]) == 2


async def test_bytes_count_as_documents_do(database: str, tmp_path: Path) -> None:
    async with running(database, tmp_path, application_bytes=10) as house:
        partner = await house.partner()
        case = await partner.submit()
        assert (await hand_in(house, partner.key, case, b"<a/>"))[0] == 202
        status, body = await hand_in(house, partner.key, case, b"<abcd/>")
        assert status == 409
        assert "10 bytes" in body


async def test_an_application_has_so_many_bookings_and_a_file_with_more_is_refused_for_that(
    database: str, tmp_path: Path
) -> None:
    made = company(3, months=12)
    async with running(database, tmp_path, application_bookings=2) as house:
        partner = await house.partner()
        case = await house.case(partner, made, [made_table(2)])
        place = f"/v2/applications/{case}/documents"
        assert [each["status"] for each in (await partner.get(place))["data"]] == ["read"]
        for version, code in (("v2", "too-many-documents"), ("v1", "too_many_documents")):
            status, body = await hand_in(house, partner.key, case, made_table(1), version)
            assert (status, code in body) == (409, True)
            assert "An application may have 2 bookings" in body
        other = await house.case(partner, made, [made_table(1)])
        for content in (made_table(2), made_table(3)):
            await partner.upload(other, content)
        await house.work()
        _, *refused = (await partner.get(f"/v2/applications/{other}/documents"))["data"]
        for each in refused:
            assert each["status"] == "unreadable"
            (finding,) = each["findings"]
            assert finding["code"] == "too_many_bookings"
            assert "it may have 2" in finding["detail"]
        told = await partner.get(f"/v2/applications/{other}/transactions")
        assert len(told["data"]) == 1


def made_table(rows: int) -> bytes:
    """A table of so many bookings."""
    head = "Buchungstag;Valuta;Auftraggeber/Empfänger;Verwendungszweck;Betrag;Währung"
    lines = [
        f"0{day}.03.2025;0{day}.03.2025;Firma;Rechnung {day};-1,00;EUR"
        for day in range(1, rows + 1)
    ]
    return "\n".join([head, *lines]).encode()


async def test_one_client_uses_up_what_is_its_own_and_another_goes_on(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path, **FEW) as house:
        partner, other = await house.partner(), await house.partner("Andere")
        for number in range(2):
            case = await partner.submit()
            for content in (b"<a%d/>" % number, b"<b%d/>" % number):
                assert (await hand_in(house, partner.key, case, content))[0] == 202
        status, body = await hand_in(house, partner.key, await partner.submit(), b"<c/>")
        assert status == 409
        assert "A client may have 4 documents." in body
        assert (await hand_in(house, other.key, await other.submit(), b"<c/>"))[0] == 202


async def test_an_archive_of_more_than_may_be_says_so_and_brings_none(
    database: str, tmp_path: Path
) -> None:
    async with running(database, tmp_path, **FEW) as house:
        partner = await house.partner()
        case, archive = await partner.submit(), io.BytesIO()
        with zipfile.ZipFile(archive, "w") as opened:
            for number in range(3):
                opened.writestr(f"{number}.xml", f"<a{number}/>")
        assert (await hand_in(house, partner.key, case, archive.getvalue()))[0] == 202
        await house.work()
        (found,) = (await partner.get(f"/v2/applications/{case}/documents"))["data"]
        assert found["status"] == "unreadable"
        assert found["findings"][0]["code"] == "too_many_documents"
        assert "may have 2" in found["findings"][0]["detail"]


async def test_what_a_client_has_is_counted_anew_only_now_and_then(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner, counted = await house.partner(), list[object]()
    count = documents.store.holdings_of_client

    async def watched(*arguments: object) -> Holdings:
        counted.append(arguments)
        return await count(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("core.documents.store.holdings_of_client", watched)
    case = await partner.submit()
    for number in range(3):
        assert (await hand_in(house, partner.key, case, b"<a%d/>" % number))[0] == 202
    assert len(counted) == 1


async def test_while_a_client_is_counted_its_uploads_hold_up_nobody_else(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, begun, goes_on = documents.store.holdings_of_client, asyncio.Event(), asyncio.Event()

    async def slow(*arguments: object) -> Holdings:
        begun.set()
        await goes_on.wait()
        return await count(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("core.documents.store.holdings_of_client", slow)
    async with running(database, tmp_path, database_connections=2) as house:
        partner, other = await house.partner(), await house.partner("Andere")
        cases, others_case = [await partner.submit() for _ in range(4)], await other.submit()
        uploads = [
            asyncio.create_task(hand_in(house, partner.key, each, b"<a/>")) for each in cases
        ]
        await begun.wait()
        await asyncio.sleep(0.2)  # for all of them to have come so far
        try:
            async with asyncio.timeout(60):
                await other.get(f"/v2/applications/{others_case}")
        finally:
            goes_on.set()
        assert {status for status, _ in await asyncio.gather(*uploads)} == {202}


def test_the_command_shows_what_each_client_has(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", database)
    runner = CliRunner()
    created = runner.invoke(
        main, ["client", "create", "Makler", "--scope", "documents:write", "--json"]
    )
    assert created.exit_code == 0, created.output
    shown = runner.invoke(main, ["client", "documents"])
    assert "Makler: 0 of 5,000,000 documents" in shown.output
    assert "An application may have 5,000 documents" in shown.output
    (row,) = json.loads(runner.invoke(main, ["client", "documents", "--json"]).output)
    assert (row["name"], row["documents"], row["bytes_allowed"]) == ("Makler", 0, 10 * 1024**4)


@pytest.mark.unit
def test_quotas_are_far_above_what_a_case_needs() -> None:
    from core.settings import Settings

    quotas = Quotas.of(Settings())
    assert quotas.application.documents >= 1_000
    assert quotas.client.documents >= 1_000 * quotas.application.documents
