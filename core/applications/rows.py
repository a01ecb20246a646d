"""An application as a row of its table, there and back."""

from datetime import datetime
from operator import itemgetter
from typing import Any

import asyncpg
from sqlalchemy import BigInteger, Column, DateTime, Integer, Table, Text, Uuid, cast
from sqlalchemy.dialects.postgresql import ARRAY

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
from core.audit import EndUser
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
    Column("declared_lender_names", ARRAY(Text)),
    Column("external_reference", Text),
    Column("delete_reason", Text),
    Column("revision", Integer),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
    Column("oidc_issuer", Text),
    Column("oidc_subject", Text),
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
    "declared_lender_names",
    "external_reference",
)
# asyncpg decodes a time in 0.4 µs, and a text that Python then reads in 0.1.
_AS_TEXT = {"created_at", "updated_at"}
COLUMNS = [cast(each, Text) if each.name in _AS_TEXT else each for each in application.c]
_time = datetime.fromisoformat
# A class that is called by keywords packs them into a dictionary first, its `__new__` does not.
_application, _terms, _declared = Application.__new__, Terms.__new__, Declared.__new__
_property, _money = Property.__new__, Money.__new__
_applicant_values = itemgetter(*Applicant._fields)  # the columns have the names of the fields
_STATUSES = {each.value: each for each in ApplicationStatus}
_PRODUCTS = {each.value: each for each in Product}
_NOTHING_DECLARED = Declared()


def terms_row(terms: Terms) -> dict[str, Any]:
    """What is asked for, as values by column."""
    applicant, declared = terms.applicant, terms.declared
    return {
        "product": terms.product,
        **applicant._asdict(),
        "currency": terms.amount.currency,
        "amount": terms.amount.minor,
        "term_months": terms.term_months,
        "purpose": terms.purpose,
        "property_value": terms.property.market_value.minor if terms.property else None,
        "property_address": terms.property.address if terms.property else None,
        "declared_annual_revenue": _minor(declared.annual_revenue),
        "declared_monthly_debt_service": _minor(declared.monthly_debt_service),
        "declared_lender_names": declared.existing_lenders,
        "external_reference": terms.external_reference,
    }


def application_from_row(row: asyncpg.Record) -> Application:
    """A row as the application that it holds."""
    currency, reason, subject = row["currency"], row["delete_reason"], row["oidc_subject"]
    return _application(
        Application,
        id=row["id"],
        client_id=row["client_id"],
        status=_STATUSES[row["status"]],
        terms=_terms(
            Terms,
            product=_PRODUCTS[row["product"]],
            applicant=Applicant._make(_applicant_values(row)),
            amount=_money(Money, minor=row["amount"], currency=currency),
            term_months=row["term_months"],
            purpose=row["purpose"],
            property=_property_from_row(row, currency),
            declared=_declared_from_row(row, currency),
            external_reference=row["external_reference"],
        ),
        delete_reason=None if reason is None else DeleteReason(reason),
        revision=row["revision"],
        created_at=_time(row["created_at"]),
        updated_at=_time(row["updated_at"]),
        end_user=None if subject is None else EndUser(row["oidc_issuer"], subject),
    )


def _property_from_row(row: asyncpg.Record, currency: str) -> Property | None:
    if (value := row["property_value"]) is None:
        return None
    worth = _money(Money, minor=value, currency=currency)
    return _property(Property, market_value=worth, address=row["property_address"])


def _declared_from_row(row: asyncpg.Record, currency: str) -> Declared:
    revenue, debt_service = row["declared_annual_revenue"], row["declared_monthly_debt_service"]
    lenders = row["declared_lender_names"]
    if revenue is None and debt_service is None and lenders is None:
        return _NOTHING_DECLARED
    return _declared(
        Declared,
        annual_revenue=None if revenue is None else _money(Money, minor=revenue, currency=currency),
        monthly_debt_service=None
        if debt_service is None
        else _money(Money, minor=debt_service, currency=currency),
        existing_lenders=None if lenders is None else tuple(lenders),
    )


def _minor(money: Money | None) -> int | None:
    return money.minor if money else None
