"""The statements as files: they reconcile by an independent count, each bank in its own way."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from xml.etree import ElementTree

import pytest

from deploy.demo import Account, Company, Label, Version, camt053, large_camt053, make_company

SEEDS = range(2)


@cache
def company(seed: int) -> Company:
    return make_company(seed)


def statements(file: bytes) -> Iterator[ElementTree.Element]:
    """Every statement of a file, its tags without their namespace."""
    root = ElementTree.fromstring(file)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root.iter("Stmt")


@cache
def whole(seed: int, index: int, one_statement: bool = False) -> list[ElementTree.Element]:
    """All statements of one of a company's accounts."""
    made_up = company(seed)
    months = made_up.first_month, made_up.last_month
    file = camt053(made_up, made_up.accounts[index], *months, one_statement=one_statement)
    return list(statements(file))


def cents(node: ElementTree.Element) -> int:
    """An amount with its sign, as printed."""
    digits = (node.findtext("Amt") or "").replace(".", "")
    return int(digits) if node.findtext("CdtDbtInd") == "CRDT" else -int(digits)


def balance(statement: ElementTree.Element, *codes: str) -> int:
    return next(
        cents(bal) for bal in statement.iter("Bal") if bal.findtext("Tp/CdOrPrtry/Cd") in codes
    )


def is_booked(entry: ElementTree.Element) -> bool:
    return (entry.findtext("Sts/Cd") or entry.findtext("Sts")) == "BOOK"


def moved(statement: ElementTree.Element, flipped: bool) -> int:
    """The sum of the booked entries, reversals flipped or not."""
    return sum(
        -cents(entry) if flipped and entry.findtext("RvslInd") == "true" else cents(entry)
        for entry in statement.iter("Ntry")
        if is_booked(entry)
    )


def every_account() -> Iterator[tuple[int, int, Account]]:
    """Seed, index and account of some companies' accounts."""
    for seed in SEEDS:
        for index, account in enumerate(company(seed).accounts):
            yield seed, index, account


@pytest.mark.parametrize("one_statement", [False, True])
def test_opening_and_entries_make_the_closing_balance(one_statement: bool) -> None:
    for seed, index, account in every_account():
        found = whole(seed, index, one_statement)
        assert len(found) == (1 if one_statement else 24)
        for statement in found:
            opening, closing = balance(statement, "OPBD", "PRCD"), balance(statement, "CLBD")
            assert opening + moved(statement, account.bank.flips) == closing


def test_a_statement_with_a_reversal_reconciles_with_one_sign_only() -> None:
    met = set()
    for seed, index, account in every_account():
        for statement in (*whole(seed, index), *whole(seed, index, one_statement=True)):
            if any(e.findtext("RvslInd") for e in statement.iter("Ntry")):
                met.add(account.bank.flips)
                assert moved(statement, flipped=True) != moved(statement, flipped=False)
    assert met == {True, False}


def test_each_statement_opens_where_the_one_before_closed() -> None:
    for seed, index, account in every_account():
        openings = [balance(s, "OPBD", "PRCD") for s in whole(seed, index)]
        closings = [balance(s, "CLBD") for s in whole(seed, index)]
        assert openings == [account.opening, *closings[:-1]]


def test_every_booking_is_printed_once_under_its_reference() -> None:
    for seed, index, account in every_account():
        entries = [entry for s in whole(seed, index) for entry in s.iter("Ntry")]
        printed = [entry.findtext("AcctSvcrRef") for entry in entries]
        assert printed == [b.reference for b in company(seed).ledger.of(account)]


def test_pending_entries_stand_at_the_end_of_the_last_month_only() -> None:
    pending = [[not is_booked(e) for e in s.iter("Ntry")] for s in whole(0, 0)]
    assert not any(any(month) for month in pending[:-1])
    assert pending[-1][-2:] == [True, True]
    assert sum(pending[-1]) == 2


@pytest.mark.parametrize(("version", "status"), [("02", "Sts"), ("08", "Sts/Cd")])
def test_a_version_has_its_own_namespace_and_ways(version: Version, status: str) -> None:
    made_up, account = company(1), company(1).accounts[0]
    file = camt053(made_up, account, made_up.last_month, version=version)
    assert f"camt.053.001.{version}".encode() in file[:200]
    (statement,) = statements(file)
    entries = list(statement.iter("Ntry"))
    assert {(e.findtext(status) or "").strip() for e in entries} == {"BOOK", "PDNG"}
    wrapped = statement.find("Ntry/NtryDtls/TxDtls/RltdPties/Cdtr/Pty/Nm") is not None
    assert wrapped == (version == "08")


def test_the_two_banks_differ() -> None:
    made_up = company(1)
    current, second = (
        camt053(made_up, account, made_up.last_month) for account in made_up.accounts
    )
    assert b"camt.053.001.08" in current[:200]
    assert b"PRCD" in current
    assert b"CLAV" in current
    assert b"camt.053.001.02" in second[:200]
    assert b"OPBD" in second
    assert b"SVWZ+" in second


def test_batches_show_their_payments_without_changing_the_sum() -> None:
    batches = [
        (cents(entry), [cents(part) for part in entry.iter("TxDtls")])
        for statement in whole(1, 0)
        for entry in statement.iter("Ntry")
        if entry.find("NtryDtls/Btch") is not None
    ]
    assert len(batches) > 24
    assert all(len(parts) > 1 and sum(parts) == total for total, parts in batches)


def test_a_returned_payment_carries_its_reason() -> None:
    for seed, index, account in every_account():
        returned = {
            b.reference: b.printed.reason
            for b in company(seed).ledger.of(account)
            if b.label in (Label.CUSTOMER_DEBIT_RETURNED, Label.OWN_DEBIT_RETURNED)
        }
        assert all(returned.values())
        entries = [entry for s in whole(seed, index) for entry in s.iter("Ntry")]
        printed = {
            e.findtext("AcctSvcrRef"): e.findtext("NtryDtls/TxDtls/RtrInf/Rsn/Cd") for e in entries
        }
        assert returned.items() <= printed.items()


@pytest.mark.parametrize("entries", [1, 5_000])
def test_a_large_statement_of_any_length_reconciles(entries: int) -> None:
    file = b"".join(large_camt053(entries))
    (statement,) = statements(file)
    assert len(list(statement.iter("Ntry"))) == entries
    assert balance(statement, "PRCD") + moved(statement, False) == balance(statement, "CLBD")
    assert entries == 1 or 850 <= len(file) / entries <= 1_150


def test_a_large_statement_runs_forward_in_time_with_unique_references() -> None:
    (statement,) = statements(b"".join(large_camt053(3_000)))
    found = list(statement.iter("Ntry"))
    booked = [date.fromisoformat(e.findtext("BookgDt/Dt") or "") for e in found]
    assert booked == sorted(booked)
    assert len({e.findtext("AcctSvcrRef") for e in found}) == 3_000
