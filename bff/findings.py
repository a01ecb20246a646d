"""What was found out about a case: statements, figures, months and answers, as the page shows it.

Answers and figures point at their evidence by the figure's name; the bookings are fetched when
somebody follows one.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from bff.views import findings as views
from bff.views.values import amount, text
from core.analysis import FORMULAS, Month, StoredFigure, Unit
from core.bilingual import Bilingual
from core.money import digits
from core.questions import QUESTIONS, Answer
from core.statements import StoredStatement

TITLES = {(each.id, each.version): each.title for each in FORMULAS}
WORDINGS = {each.id: each.wording for each in QUESTIONS}


def value(said: int | Decimal | None, unit: Unit, currency: str) -> views.Value | None:
    """A number with its unit; money as decimal text."""
    if said is None:
        return None
    if unit is Unit.MONEY:
        return {"unit": unit, "value": digits(int(said), currency), "currency": currency}
    return {"unit": unit, "value": str(said), "currency": None}


def statement(each: StoredStatement) -> views.Statement:
    """A statement, and whether its balances agree with its bookings."""
    said, currency = each.statement, each.statement.account.currency
    opening, closing, off = said.opening, said.closing, each.difference
    return {
        "id": str(each.id),
        "document_id": str(each.document_id),
        "account": said.account.number,
        "bank": said.account.bank,
        "holder": said.account.holder,
        "starts_on": each.starts_on.isoformat(),
        "ends_on": each.ends_on.isoformat(),
        "opening": amount(opening.amount, currency) if opening else None,
        "closing": amount(closing.amount, currency) if closing else None,
        "bookings": each.transactions,
        "state": "no_balance" if off is None else "differs" if off else "reconciles",
        "difference": amount(off, currency) if off else None,
    }


def gaps(computed: Sequence[StoredFigure]) -> list[views.Gap]:
    """Days that no statement covers, as the figure of completeness found them."""
    found = next((each.figure for each in computed if each.figure.id == "completeness"), None)
    listed = cast(list[dict[str, Any]], found.detail.get("gaps") or []) if found else []
    return [
        {"account": gap["account"], "starts_on": gap["from"], "ends_on": gap["to"]}
        for gap in listed
    ]


def window(computed: Sequence[StoredFigure]) -> views.Window | None:
    """The months that the figures are computed for."""
    found = next((each.figure.window for each in computed if each.figure.window), None)
    if found is None:
        return None
    return {"starts_on": found.starts_on.isoformat(), "ends_on": found.ends_on.isoformat()}


def basis(each: StoredFigure) -> views.Basis:
    """What a figure rests on."""
    found = each.figure
    return {
        "figure": found.id,
        "bookings": len(found.evidence),
        "sum": amount(each.evidence_sum, found.currency),
        "statements": [str(statement_id) for statement_id in found.statements],
    }


def figure(each: StoredFigure) -> views.Figure:
    """A figure, its formula, and what it rests on."""
    found = each.figure
    title = TITLES.get((found.id, found.version), Bilingual(found.id, found.id))
    return {
        "name": found.id,
        "version": found.version,
        "title": text(title),
        "value": value(found.value, found.unit, found.currency),
        "basis": basis(each),
    }


def month(each: Month, currency: str) -> views.Month:
    """One month of the chart."""
    return {
        "month": each.starts_on.strftime("%Y-%m"),
        "inflow": amount(each.inflow, currency),
        "outflow": amount(each.outflow, currency),
        "balance": None if each.balance is None else amount(each.balance, currency),
    }


def answers(said: Sequence[Answer], computed: Sequence[StoredFigure]) -> list[views.Answer]:
    """The answers in the catalogue's order, each with what its figure rests on."""
    bases = {each.figure.id: basis(each) for each in computed}
    return [
        {
            "question": each.question,
            "wording": text(WORDINGS.get(each.question, Bilingual(each.question, each.question))),
            "state": each.state,
            "verdict": each.verdict,
            "value": value(each.value, each.unit, each.currency),
            "because": text(each.because),
            "missing": [text(paper.text) for paper in each.missing],
            "basis": bases.get(each.figure),
        }
        for each in said
    ]
