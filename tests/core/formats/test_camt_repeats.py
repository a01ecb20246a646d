"""Entries that a CAMT message has twice under one reference of the bank."""

import pytest

from tests.core.formats.messages import entry, message, read_all, statement

pytestmark = pytest.mark.unit

ACCOUNT = "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"


def named(reference: str, amount: str = "50.00") -> str:
    return entry(amount, more=f"<AcctSvcrRef>{reference}</AcctSvcrRef>")


def kept(*entries: str, head: str | None = ACCOUNT) -> list[int]:
    """How many bookings each of the statements has that come of it."""
    statements, bookings = read_all(message(statement(*entries, head=head)))
    assert len(bookings) == len(entries)
    return [len(statements), len(bookings)]


def test_without_balances_an_entry_that_comes_again_stands_in_a_statement_of_its_own() -> None:
    assert kept(named("R1"), named("R2"), named("R1")) == [2, 3]


def test_alike_entries_of_other_references_or_of_none_are_twins() -> None:
    assert kept(named("R1"), named("R2"), named("R3")) == [1, 3]
    assert kept(entry(), entry(), entry()) == [1, 3]


def test_a_reference_of_entries_that_differ_tells_nothing() -> None:
    assert kept(named("R1"), named("R1"), named("R1", "60.00"), named("R2")) == [1, 4]


def test_with_balances_all_entries_stay() -> None:
    assert kept(named("R1"), named("R1"), named("R2"), head=None) == [1, 3]
