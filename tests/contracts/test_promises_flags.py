"""What raises each of version 1's flags: exactly the published rule, and nothing short of it."""

from collections.abc import Iterable
from datetime import date

import pytest

from tests.builders import House, application
from tests.contracts.bookings import Entry, year
from tests.contracts.promised import promised

LENDERS, INCOMPLETE = "existing_lenders", "statements_incomplete"
ON = date(2025, 6, 10)
SALE = Entry(date(2025, 6, 2), "900.00", "Kunde Nord KG", "Rechnung 1")
GAME = Entry(ON, "-50.00", "Tipico", "Wette", "105")
SEIZED = Entry(ON, "-50.00", "Gerichtsvollzieher Meier", "Pfändung 12 M 3/25", "117")
LOAN = Entry(ON, "-90.00", "Hausbank Musterstadt", "Darlehen 4711 Rate", "116")
BOUNCED = (
    Entry(ON, "-90.00", "Stadtwerke Musterstadt", "Strom Abschlag", "105"),
    Entry(date(2025, 6, 12), "90.00", "Stadtwerke Musterstadt", "Rücklastschrift Strom", "181"),
)
OUT = Entry(ON, "-1900.00", "Lieferant Süd AG", "Rechnung 2", "116")
BACK = Entry(date(2025, 6, 11), "0.01", "Kunde Nord KG", "Rechnung 3")
FLOOR = Entry(ON, "-1900.01", "Lieferant Süd AG", "Rechnung 2", "116")


async def flags_of(
    house: House, contents: Iterable[bytes], lenders: Iterable[str] | None = None
) -> list[set[str]]:
    """The flags that version 1 tells of an application with each of these documents, read."""
    partner, places = await house.partner(), []
    body = application() if lenders is None else {**application(), "declared": {LENDERS: lenders}}
    for content in contents:
        places.append(f"/v1/applications/{await partner.submit(**body)}")
        await partner.http.post(f"{places[-1]}/documents", files={"file": ("a.xml", content)})
    await house.work()
    return [set((await partner.get(f"{each}/result"))["flags"]) for each in places]


WINDOW = promised("v1", "flags", "longest_window_months")
NEEDED = promised("v1", "flags", "needed_months")
LONG_AGO = {"months": WINDOW + 1}
EARLY = GAME._replace(on=date(2023, 12, 10))
FIRST = GAME._replace(on=date(2024, 1, 10))
# What was handed in, and the flags that it raises: in each pair one just so, one not quite.
CASES: dict[str, tuple[bytes, set[str]]] = {
    "nothing odd in the needed months": (year(SALE, months=NEEDED), set()),
    "a month too few": (year(SALE, months=NEEDED - 1), {INCOMPLETE}),
    "a month is missing": (year(SALE, months=NEEDED + 1, without=[3]), {INCOMPLETE}),
    "one bet": (year(SALE, GAME), {"gambling"}),
    "a meal in a casino's restaurant": (
        year(SALE, GAME._replace(name="Casino Restaurant", text="Essen")),
        set(),
    ),
    "one seizure": (year(SALE, SEIZED), {"seizure"}),
    "a lender, and nobody said anything of lenders": (year(SALE, LOAN), set()),
    "one own debit that came back": (year(SALE, *BOUNCED), {"returned_debits"}),
    "a cent short of its balance": (year(SALE, off_by="0.01"), {"not_reconciled"}),
    "a day at nothing": (year(SALE, OUT), set()),
    "a day a cent below": (year(SALE, FLOOR, BACK), {"overdrawn"}),
    "a bet in the window's first month": (year(SALE, FIRST, **LONG_AGO), {"gambling"}),
    "a bet before the window": (year(SALE, EARLY, **LONG_AGO), set()),
}


async def test_each_flag_is_raised_exactly_by_its_rule(house: House) -> None:
    """Of a pair the one that meets the rule raises the flag, the one just short of it none."""
    flags = await flags_of(house, (content for content, _ in CASES.values()))
    assert dict(zip(CASES, flags, strict=True)) == {name: it for name, (_, it) in CASES.items()}


async def test_a_lender_is_undeclared_where_others_are_declared(house: House) -> None:
    """A lender that was not named among those declared raises the flag, one that was does not."""
    for lenders, flags in (([], {"undeclared_lender"}), (["Hausbank Musterstadt"], set())):
        assert await flags_of(house, [year(SALE, LOAN)], lenders) == [flags]


async def test_a_gap_is_bridged_for_so_many_days(house: House) -> None:
    """Days without a statement are no gap as long as they are few and no balance moved."""
    days = promised("v1", "flags", "longest_gap_days")
    contents = [
        year(SALE).replace(b"2025-09-01T00:00:00", f"2025-09-{days + more:02}T00:00:00".encode())
        for more in (1, 2)
    ]
    assert await flags_of(house, contents) == [set(), {INCOMPLETE}]


async def test_a_case_that_was_withdrawn_without_documents_lacks_statements(house: House) -> None:
    """Nothing can be answered: every figure is null, and only the missing statements are told."""
    partner = await house.partner()
    which = await partner.submit()
    await partner.http.delete(f"/v1/applications/{which}")
    result = await partner.get(f"/v1/applications/{which}/result")
    assert (result["ready"], result["flags"]) == (True, [INCOMPLETE])
    assert set(result["figures"].values()) == {None}


@pytest.mark.unit
def test_the_rules_are_those_that_were_published() -> None:
    """Seven flags, each by a figure of a version: above none of it, or where it is missing."""
    rules = promised("v1", "flags", "rules")
    assert {name: rule["figure"] for name, rule in rules.items()} == {
        "returned_debits": "own_payments_bounced@1",
        "overdrawn": "days_in_red@1",
        "seizure": "seizures@1",
        "gambling": "gambling@1",
        "undeclared_lender": "undeclared_lenders@1",
        "statements_incomplete": "completeness@1",
        "not_reconciled": "reconciliation@1",
    }
    assert {name for name, rule in rules.items() if "not_answered" in rule} == {INCOMPLETE}
    assert {rule["above"] for rule in rules.values() if "above" in rule} == {0}
