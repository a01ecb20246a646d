"""Handing in a document over the web app, and getting it back."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from tests.bff.conftest import Screen, screen
from tests.builders import House, company, statements


async def test_an_upload_is_read_and_answered(house: House, uta: Screen) -> None:
    firm = company(months=3)
    case_id = await (await house.partner()).submit()
    name = quote("Kontoauszug März.xml")
    for content in statements(firm):
        path = f"/bff/cases/{case_id}/documents?filename={name}"
        shown = await uta.shown(case_id)
        answer = await uta.http.post(path, content=content, headers=shown)
        assert answer.json() == {"known": False}
    assert (await uta.get(f"/bff/cases/{case_id}/status"))["status"] == "reading"
    await house.work()
    case = await uta.get(f"/bff/cases/{case_id}")
    assert [each["filename"] for each in case["documents"]] == ["Kontoauszug März.xml"] * 2
    assert len(case["statements"]) == 6
    assert case["history"][-2]["actor"] == "Uta Winter"


async def test_the_same_file_again_changes_nothing(house: House, uta: Screen) -> None:
    case_id = await (await house.partner()).submit()
    for known in (False, True):
        answer = await uta.http.post(
            f"/bff/cases/{case_id}/documents?filename=a.xml",
            content=b"<a/>",
            headers=await uta.shown(case_id),
        )
        assert answer.json() == {"known": known}
    (document,) = (await uta.get(f"/bff/cases/{case_id}"))["documents"]
    content = await uta.http.get(f"/bff/cases/{case_id}/documents/{document['id']}/content")
    assert content.content == b"<a/>"


async def test_a_file_is_saved_and_never_shown(house: House, uta: Screen) -> None:
    case_id = await (await house.partner()).submit()
    name = '"; x="ä.html'
    page = b"<script>alert(1)</script>"
    path = f"/bff/cases/{case_id}/documents?filename={quote(name)}"
    await uta.http.post(path, content=page, headers=await uta.shown(case_id))
    (document,) = (await uta.get(f"/bff/cases/{case_id}"))["documents"]
    answer = await uta.http.get(f"/bff/cases/{case_id}/documents/{document['id']}/content")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(name)}"


async def test_an_unreadable_file_says_why(house: House, uta: Screen) -> None:
    case_id = await (await house.partner()).submit()
    path = f"/bff/cases/{case_id}/documents?filename=a.pdf"
    await uta.http.post(path, content=b"%PDF-1.7", headers=await uta.shown(case_id))
    await house.work()
    (document,) = (await uta.get(f"/bff/cases/{case_id}"))["documents"]
    assert document["status"] == "unreadable"
    (finding,) = document["findings"]
    assert finding.keys() == {"code", "detail"}
    assert finding["detail"]["en"].startswith("The PDF is broken and cannot be opened")
    assert finding["detail"]["de"].startswith("Das PDF ist beschädigt")


async def test_who_may_only_look_hands_in_nothing(house: House, vera: Screen) -> None:
    case_id = await (await house.partner()).submit()
    answer = await vera.http.post(f"/bff/cases/{case_id}/documents?filename=a", content=b"<a/>")
    assert answer.status_code == 403
    case = await vera.get(f"/bff/cases/{case_id}")
    assert case["documents"] == []
    assert not case["may_hand_in"]


async def test_too_large_a_file_is_refused_and_not_kept(house: House, tmp_path: Path) -> None:
    person, case_id = await house.person(), await (await house.partner()).submit()
    small = replace(house, settings=house.settings.model_copy(update={"document_limit_bytes": 100}))
    async with screen(small, tmp_path / "dist") as browser:
        await browser.sign_in(person)
        path = f"/bff/cases/{case_id}/documents?filename=a"
        shown = await browser.shown(case_id)
        for content, status in ((b"x" * 101, 413), (b"", 422)):
            answer = await browser.http.post(path, content=content, headers=shown)
            assert answer.status_code == status
        assert (await browser.get(f"/bff/cases/{case_id}"))["documents"] == []
    assert not [each for each in (tmp_path / "blobs" / "documents").rglob("*") if each.is_file()]


async def test_a_document_of_another_case_is_not_found(house: House, uta: Screen) -> None:
    partner = await house.partner()
    mine, other = await partner.submit(), await partner.submit()
    document_id = await partner.upload(mine, b"<a/>")
    await uta.get(f"/bff/cases/{other}/documents/{document_id}/content", status=404)
    await uta.get(f"/bff/cases/{other}/documents/{document_id}/evidence?start=0&end=1", status=404)
    path, shown = f"/bff/cases/{uuid4()}/documents?filename=a", await uta.shown(mine)
    assert (await uta.http.post(path, content=b"<a/>", headers=shown)).status_code == 404


async def test_a_place_outside_the_file_is_refused(house: House, uta: Screen) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    path = f"/bff/cases/{case_id}/documents/{await partner.upload(case_id, b'<a/>')}/evidence"
    for place in ("start=0&end=5", "start=3&end=3", "start=-1&end=2", "start=x&end=2"):
        await uta.get(f"{path}?{place}", status=422)
    assert (await uta.get(f"{path}?start=0&end=4"))["text"] == "<a/>"


async def test_files_come_to_the_case_that_was_shown_however_many(
    house: House, uta: Screen, tmp_path: Path
) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    path, seen = f"/bff/cases/{case_id}/documents?filename=a", await uta.shown(case_id)
    for content in (b"<a/>", b"<b/>"):
        assert (await uta.http.post(path, content=content, headers=seen)).is_success
        await house.work()
    other = {"amount": {"value": "99000000.00", "currency": "EUR"}}
    assert (await partner.change(case_id, **other)).status_code == 200
    refused = await uta.http.post(path, content=b"<c/>", headers=seen)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "case_changed")
    assert len((await uta.get(f"/bff/cases/{case_id}"))["documents"]) == 2
    kept = [each for each in (tmp_path / "blobs" / "documents").rglob("*") if each.is_file()]
    assert len(kept) == 2
    shown = await uta.shown(case_id)
    answer = await uta.http.post(path, content=b"<c/>", headers=shown)
    assert (answer.status_code, answer.json()) == (200, {"known": False})
