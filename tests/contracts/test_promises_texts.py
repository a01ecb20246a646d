"""Texts and sums go through byte for byte: as they were sent they come back, in either version."""

import re
from typing import Any

import pytest

from tests.builders import House, Partner, application
from tests.contracts.postbox import Postbox
from tests.contracts.promised import promised
from tests.contracts.test_promises_bounds import SAME, at

COMPOSED, DECOMPOSED = "M\u00fcller & S\u00f6hne", "Mu\u0308ller & So\u0308hne"
TEXTS = (
    COMPOSED,
    DECOMPOSED,
    "  with  spaces  ",
    "straße STRASSE Straße ẞ",
    "İstanbul ıI",
    "👩‍👩‍👧‍👦 👍🏽 🇩🇪",
    "Z̷̢a̴l̶g̵o̸ e\u0301\u0302",
    "שלום مرحبا",
    "\ufb01nance ＡＢＣ ½ ①",
    "no\u00a0break\u2009thin\u200bzero\u2028line",
    '<b>"quoted" \\ back/slash & amp;</b>',
    "null",
    "0123",
    "𝒜" * 200,
    ("a\u0301" * 100),
    "x" * 200,
    "'; DROP TABLE application; --",
)
FIELDS = ("legal_name", "legal_form", "register_court", "register_number", "vat_id", "lei")
OLD_FIELDS = ("company_name", "company_number", "vat_number", "reference")
CALLED, TOLD = "https://hooks.partner.test/v1/texts", "https://hooks.partner.test/v2/texts"


async def everywhere(partner: Partner, version: str, made: Any) -> list[tuple[str, Any]]:
    """The application as it was answered, and as each version shows it alone and in its list."""
    which, told = made["id"], [(version, made)]
    for name, rows in (("v1", "items"), ("v2", "data")):
        told.append((name, await partner.get(f"/{name}/applications/{which}")))
        told.append((name, (await partner.get(f"/{name}/applications"))[rows][0]))
    return told


@pytest.fixture
async def partner(house: House) -> Partner:
    """A partner with a receiver in each version."""
    made = await house.partner()
    await made.http.post("/v1/callbacks", json={"url": CALLED, "secret": "ß 🔑"})
    await made.http.post("/v2/webhooks", json={"url": TOLD, "events": ["application.received"]})
    return made


async def test_a_text_comes_back_as_it_was_sent(house: House, partner: Partner) -> None:
    """Composed and decomposed, spaces, signs, scripts, 200 characters: in every field, anywhere."""
    postbox = Postbox()
    for text in TEXTS:
        body = application(
            applicant={"country": "DE", **dict.fromkeys(FIELDS, text)},
            purpose=f"{text}\n\t{text}",
            external_reference=text,
            declared={"existing_lenders": [text, text]},
        )
        new = (await partner.http.post("/v2/applications", json=body)).json()
        old_body: dict[str, Any] = {**dict.fromkeys(OLD_FIELDS, text), "type": "LOAN"}
        old_body |= {"amount_eur": 1, "duration": 1}
        told = await everywhere(partner, "v2", new)
        for url in (CALLED, TOLD):
            _, _, delivered = await postbox.next(house, url)
            assert delivered.encode().count(escaped(text)) >= 4, url
        old = (await partner.http.post("/v1/applications", json=old_body)).json()
        told += await everywhere(partner, "v1", old)
        for url in (CALLED, TOLD):
            await postbox.next(house, url)
        for version, each in told:
            for name, place in SAME.items():
                if name != "duration":
                    assert (each[name] if version == "v1" else at(each, place)) == text
        for version, each in told[:5]:
            if version == "v2":
                assert each["applicant"] == body["applicant"]
                assert (each["purpose"], each["declared"]["existing_lenders"]) == (
                    body["purpose"],
                    [text, text],
                )


def escaped(text: str) -> bytes:
    """The text as it stands in JSON, in UTF-8, escaped only where it must be."""
    return text.replace("\\", "\\\\").replace('"', '\\"').encode()


async def test_a_reference_is_found_by_its_very_characters(house: House) -> None:
    """Composed and decomposed, upper and lower case, with a space or without are others."""
    partner = await house.partner()
    references = (COMPOSED, DECOMPOSED, "a-1", "A-1", "A-1 ", " A-1", "A%", "A_1")
    made = {each: await partner.submit(external_reference=each) for each in references}
    for reference, which in made.items():
        answer = await partner.http.get(
            "/v2/applications", params={"external_reference": reference}
        )
        assert [each["id"] for each in answer.json()["data"]] == [which], reference


async def test_a_document_is_given_back_as_it_was_handed_in(house: House) -> None:
    """Its bytes, and its name and media type as they were sent."""
    partner, content = await house.partner(), bytes(range(256)) * 5
    place = f"/v2/applications/{await partner.submit()}/documents"
    names = (COMPOSED, DECOMPOSED, "a b.XML", "Auszug 👍.pdf", "ä" * 196)
    for number, name in enumerate(names):
        sent = content + bytes([number])
        answer = await partner.http.post(
            place, files={"file": (f"{name}.xml", sent, "Text/XML; charset=UTF-8")}
        )
        document = answer.json()
        assert (document["filename"], document["size"]) == (f"{name}.xml", len(sent))
        given = await partner.http.get(f"{place}/{document['id']}/content")
        assert given.content == sent
        assert await partner.get(f"{place}/{document['id']}") == document


EXTENDED = "filename*=UTF-8''M%C3%BCller%20%F0%9F%91%8D.pdf"


@pytest.mark.parametrize("named", [EXTENDED, f'filename="x.pdf"; {EXTENDED}'])
async def test_a_name_beyond_ascii_may_come_as_rfc_6266_writes_it(house: House, named: str) -> None:
    """`filename*`, alone or beside a plain one, in a form and beside raw bytes."""
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/documents"
    headers = {"Content-Type": "application/pdf", "Content-Disposition": f"attachment; {named}"}
    raw = await partner.http.post(place, content=b"raw", headers=headers)
    part = f'Content-Disposition: form-data; name="file"; {named}\r\n\r\nform'
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    body = f"--x\r\n{part}\r\n--x--\r\n".encode()
    sent = await partner.http.post(place, content=body, headers=form)
    assert [each.json()["filename"] for each in (raw, sent)] == ["Müller 👍.pdf"] * 2


MONEY = {
    "EUR": ("0.01", "0.10", "0.29", "4.35", "1.00", "1.10", "250000.00", "9999999999999.99"),
    "JPY": ("1", "7", "1000000", "999999999999999"),
    "KWD": ("0.001", "0.010", "1.125", "4.350", "123456789012345.678", "999999999999999.999"),
}
LARGE = ("10000000000000.00", "90071992547409.93", "999999999999999.99")


@pytest.mark.parametrize("currency", MONEY)
async def test_every_cent_is_kept(house: House, currency: str) -> None:
    """A sum is written as it was sent, with all its decimals, in each field that has one."""
    partner = await house.partner()
    for value in (*MONEY[currency], *(LARGE if currency == "EUR" else ())):
        money = {"value": value, "currency": currency}
        body = application(
            product="mortgage",
            amount=money,
            property={"market_value": money},
            declared={"annual_revenue": money, "monthly_debt_service": money},
        )
        answer = await partner.http.post("/v2/applications", json=body)
        place = f"/applications/{answer.json()['id']}"
        listed = await partner.http.get("/v2/applications?limit=1")
        for each in (answer, await partner.http.get(f"/v2{place}"), listed):
            assert each.text.count(f'{{"value":"{value}","currency":"{currency}"}}') == 4
        if currency == "EUR" and value not in LARGE:
            for path in (f"/v1{place}", "/v1/applications?per_page=1"):
                assert f'"amount_eur":{value},' in (await partner.http.get(path)).text


async def test_a_currency_has_the_decimals_that_were_published(house: House) -> None:
    """Exactly so many are written, and one finer is refused; a sample of those that have two."""
    partner, decimals = await house.partner(), dict(promised("v2", "currency_decimals"))
    sample, usual = ("EUR", "USD", "HUF", "CHF", "PLN", "CZK", "SEK"), int(decimals.pop("others"))
    listed = {code: int(places) for places, codes in decimals.items() for code in codes}
    for code, places in (listed | dict.fromkeys(sample, usual)).items():
        fraction = "1".rjust(places, "0")
        value = f"25.{fraction}" if places else "25"
        money = {"value": value, "currency": code}
        answer = await partner.http.post("/v2/applications", json=application(amount=money))
        assert (answer.status_code, answer.json()["amount"]) == (201, money)
        finer = {"value": f"25.{'0' * places}1", "currency": code}
        refused = await partner.http.post("/v2/applications", json=application(amount=finer))
        assert refused.status_code == 422, finer


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("0.01", "0.01"),
        ("0.1", "0.10"),
        ("0.29", "0.29"),
        ("4.35", "4.35"),
        ("1", "1.00"),
        ("1e2", "100.00"),
        ("1234567890123.45", "1234567890123.45"),
        ("9007199254740.93", "9007199254740.93"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
async def test_euros_are_the_same_in_both_versions(house: House, digits: str, written: str) -> None:
    """What version 1 was sent as a number both versions write with its cents, none rounded."""
    partner = await house.partner()
    body = f'{{"company_name":"A","type":"MORTGAGE","duration":1,"amount_eur":{digits},'
    body += f'"property_value_eur":{digits}}}'
    made = await partner.http.post("/v1/applications", content=body)
    place = f"/applications/{made.json()['id']}"
    for each in (made, await partner.http.get(f"/v1{place}")):
        assert re.search(r'"amount_eur":([^,]+),', each.text)[1] == written  # type: ignore[index]
    new = await partner.get(f"/v2{place}")
    money = {"value": written, "currency": "EUR"}
    assert (new["amount"], new["property"]["market_value"]) == (money, money)
