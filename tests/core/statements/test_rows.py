"""Rows go in by position and come out by name: each value stands where its column is."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any, cast

import asyncpg
import pytest
from sqlalchemy import Table

from core.evidence import Box, Bytes
from core.ids import new_id
from core.statements import rows
from core.statements.model import (
    Account,
    Balance,
    ControlSums,
    Detail,
    Particulars,
    Statement,
    StoredStatement,
    StoredTransaction,
    Transaction,
)

pytestmark = pytest.mark.unit
APPLICATION = new_id()


def distinct(kind: Any, numbers: "count[int]", **parts: object) -> Any:
    """A tuple whose fields are all different numbers, but for these."""
    return kind(**{name: next(numbers) for name in kind._fields} | parts)


def by_column(table: Table, row: tuple[object, ...]) -> asyncpg.Record:
    """The row as the database gives it back."""
    columns: Mapping[str, object] = dict(zip(table.c.keys(), row, strict=True))
    assert columns["application_id"] == APPLICATION
    if "iso_domain" in columns:  # as the queries join them
        parts = [str(columns[f"iso_{part}"]) for part in ("domain", "family", "subfamily")]
        columns = {**columns, "iso": "-".join(parts)}
    return cast(asyncpg.Record, columns)


def test_a_statement_comes_back_as_it_went_in() -> None:
    numbers = count(1)
    period = {"starts_on": next(numbers), "ends_on": next(numbers)}
    balances = {each: distinct(Balance, numbers) for each in ("opening", "closing")}
    account = distinct(Account, numbers)
    more = {
        "available": Balance(next(numbers), date(2025, 3, 1)),
        "controls": distinct(ControlSums, numbers),
    }
    head = distinct(Statement, numbers, account=account, **period, **balances, **more)
    stored: StoredStatement = distinct(StoredStatement, numbers, statement=head, **period)
    row = rows.statement_row(APPLICATION, stored)
    assert rows.statement_from_row(by_column(rows.statement, row)) == stored


def test_a_transaction_comes_back_as_it_went_in() -> None:
    numbers = count(1)
    booking = distinct(
        Transaction,
        numbers,
        iso="PMNT-RCDT-ESCT",
        details=(distinct(Detail, numbers), distinct(Detail, numbers)),
        evidence=distinct(Bytes, numbers),
        box=distinct(Box, numbers),
        particulars=distinct(Particulars, numbers),
    )
    stored: StoredTransaction = distinct(StoredTransaction, numbers, transaction=booking)
    row = rows.transaction_row(APPLICATION, stored)
    assert rows.transaction_from_row(by_column(rows.transaction, row)) == stored
