"""An application as a row of its table, there and back."""

from datetime import datetime
from typing import Any

import asyncpg
import orjson
from sqlalchemy import BigInteger, Column, DateTime, Integer, Table, Text, Uuid, cast
from sqlalchemy.dialects.postgresql import JSONB

from core.applications.model import (
    Applicant,
    Application,
    ApplicationStatus,
    Declared,
    DeleteReason,
    Product,
    Property,
    Terms,
)
from core.money import Money
from core.query import metadata

application = Table(
    "application",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Uuid),
    Column("status", Text),
    Column("product", Text),
    Column("legal_name", Text),
    Column("country", Text),
    Column("legal_form", Text),
    Column("register_court", Text),
    Column("register_number", Text),
    Column("vat_id", Text),
    Column("lei", Text),
    Column("currency", Text),
    Column("amount", BigInteger),
    Column("term_months", Integer),
    Column("purpose", Text),
    Column("property_value", BigInteger),
    Column("property_address", Text),
    Column("declared_annual_revenue", BigInteger),
    Column("declared_monthly_debt_service", BigInteger),
    Column("declared_lenders", JSONB),
    Column("external_reference", Text),
    Column("delete_reason", Text),
    Column("revision", Integer),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)
TERMS = (
    "product",
    "legal_name",
    "country",
    "legal_form",
    "register_court",
    "register_number",
    "vat_id",
    "lei",
    "currency",
    "amount",
    "term_months",
    "purpose",
    "property_value",
    "property_address",
    "declared_annual_revenue",
    "declared_monthly_debt_service",
    "declared_lenders",
    "external_reference",
)
# asyncpg decodes a time in 0.4 µs, and a text that Python then reads in 0.1; JSON likewise.
_AS_TEXT = {"declared_lenders", "created_at", "updated_at"}
COLUMNS = [cast(each, Text) if each.name in _AS_TEXT else each for each in application.c]
_time = datetime.fromisoformat
_make = tuple.__new__  # a named tuple's own constructor takes twice as long
_STATUSES = {each.value: each for each in ApplicationStatus}
_PRODUCTS = {each.value: each for each in Product}


def terms_values(asked: Terms) -> tuple[Any, ...]:
    """The values of what is asked for, in the order of its columns."""
    declared = asked.declared
    return (
        asked.product,
        *asked.applicant,
        asked.amount.currency,
        asked.amount.minor,
        asked.term_months,
        asked.purpose,
        asked.property.market_value.minor if asked.property else None,
        asked.property.address if asked.property else None,
        declared.annual_revenue.minor if declared.annual_revenue else None,
        declared.monthly_debt_service.minor if declared.monthly_debt_service else None,
        None if declared.existing_lenders is None else list(declared.existing_lenders),
        asked.external_reference,
    )


def application_from_row(row: asyncpg.Record) -> Application:
    """A row as an application, taken apart in the order of the table's columns."""
    which, client_id, status, product = row[0:4]
    currency, amount, term_months, purpose, market_value, address = row[11:17]
    revenue, debt_service, lenders, reference, delete_reason = row[17:22]
    revision, created_at, updated_at = row[22:25]
    secured = None if market_value is None else Property(Money(market_value, currency), address)
    asked = (
        _PRODUCTS[product],
        Applicant(*row[4:11]),
        _make(Money, (amount, currency)),
        term_months,
        purpose,
        secured,
        _declared(revenue, debt_service, lenders, currency),
        reference,
    )
    whole = (
        which,
        client_id,
        _STATUSES[status],
        _make(Terms, asked),
        None if delete_reason is None else DeleteReason(delete_reason),
        revision,
        _time(created_at),
        _time(updated_at),
    )
    return _make(Application, whole)


def _declared(
    revenue: int | None, debt_service: int | None, lenders: str | None, currency: str
) -> Declared:
    said = (
        None if revenue is None else _make(Money, (revenue, currency)),
        None if debt_service is None else _make(Money, (debt_service, currency)),
        None if lenders is None else tuple(orjson.loads(lenders)),
    )
    return _make(Declared, said)
