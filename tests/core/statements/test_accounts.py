"""Whose account a document is of: what is odd about it is told, and none is taken for another."""

import pytest

from tests.builders import House, Partner
from tests.core.formats.messages import entry as camt_entry
from tests.core.formats.messages import message, statement
from tests.core.formats.papers import HEAD, ROWS, paper

TABLE = """Buchungstag;Valuta;Begünstigter;Verwendungszweck;Betrag;Währung
{rows}
"""
JANUARY = (
    "02.01.2025;02.01.2025;Kunde;Rechnung 1;1.000,00;EUR\n31.01.2025;31.01.2025;Hof;R;-5,00;EUR"
)
FEBRUARY = "03.02.2025;03.02.2025;Andere;Rechnung 9;+77,00;EUR"
ANOTHER = "02.01.2025;02.01.2025;Andere;Rechnung 7;+1.000,00;EUR"


async def handed_in(house: House, partner: Partner, *files: bytes) -> str:
    case = await partner.submit()
    for number, each in enumerate(files):
        await partner.upload(case, each, f"{number}.csv")
        await house.work()
    return case


async def finding_codes(partner: Partner, case: str) -> list[set[str]]:
    documents = (await partner.get(f"/v2/applications/{case}/documents"))["data"]
    return [{each["code"] for each in document["findings"]} for document in documents]


def table(*rows: str) -> bytes:
    return TABLE.format(rows="\n".join(rows)).encode()


async def test_a_wrong_iban_and_another_holder_are_told_with_the_document(house: House) -> None:
    partner = await house.partner()
    strange = message(statement(camt_entry())).replace(b"DE02120300", b"DE03120300")
    strange = strange.replace(b"Muster GmbH", b"Elbspedition AG")
    case = await handed_in(house, partner, strange)
    assert await finding_codes(partner, case) == [{"iban_invalid", "holder_is_another"}]


async def test_a_right_iban_of_the_applicant_is_not_remarked_on(house: House) -> None:
    partner = await house.partner()
    right = message(statement(camt_entry())).replace(b"Muster GmbH", b"Muster Werkzeugbau GmbH")
    case = await handed_in(house, partner, right)
    assert await finding_codes(partner, case) == [set()]


async def test_files_that_name_no_account_are_never_taken_for_one_account(house: House) -> None:
    partner = await house.partner()
    case = await handed_in(house, partner, table(JANUARY), table(FEBRUARY))
    assert all("account_unnamed" in each for each in await finding_codes(partner, case))
    rows = (await partner.get(f"/v2/applications/{case}/transactions"))["data"]
    assert len({each["account"] for each in rows}) == 2
    assert all(each["account"].startswith("unnamed ") for each in rows)


@pytest.mark.parametrize(
    ("second", "counted"),
    [(JANUARY, ["-5.00", "1000.00"]), (ANOTHER, ["-5.00", "1000.00", "1000.00"])],
)
async def test_of_unnamed_accounts_the_same_bookings_count_once_and_alike_ones_twice(
    house: House, second: str, counted: list[str]
) -> None:
    partner = await house.partner()
    case = await handed_in(house, partner, table(JANUARY), table(second) + b"\n")
    rows = (await partner.get(f"/v2/applications/{case}/transactions"))["data"]
    amounts = [each["amount"]["value"] for each in rows if not each["duplicate"]]
    assert sorted(amounts) == counted


async def test_a_paper_that_names_no_account_says_so_and_stands_alone(house: House) -> None:
    partner = await house.partner()
    case = await handed_in(house, partner, paper(ROWS, head=["Alle Beträge in EUR", *HEAD[1:]]))
    (codes,) = await finding_codes(partner, case)
    assert "account_unknown" in codes
    rows = (await partner.get(f"/v2/applications/{case}/transactions"))["data"]
    assert {each["account"][:8] for each in rows} == {"unnamed "}
