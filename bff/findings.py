"""What was found out about a case: statements, figures, months and answers, as the page shows it.

Answers and figures point at their evidence by the figure's name; the bookings are fetched when
somebody follows one.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from bff.views import findings as views
from bff.views.values import amount, bilingual_view
from core.analysis import FORMULAS, Month, StoredFigure, Unit
from core.bilingual import Bilingual
from core.money import digits
from core.questions import QUESTIONS, Answer, in_words
from core.statements import StoredStatement

TITLES = {(each.id, each.version): each.title for each in FORMULAS}
MOST_ROWS = 500
"""Of what a case may have without end, so much is shown at once."""
WORDINGS = {each.id: each.wording for each in QUESTIONS}


def value_view(value: int | Decimal | None, unit: Unit, currency: str) -> views.Value | None:
    """A number with its unit; money as decimal text."""
    if value is None:
        return None
    if unit is Unit.MONEY:
        return {"unit": unit, "value": digits(int(value), currency), "currency": currency}
    return {"unit": unit, "value": str(value), "currency": None}


def statement_view(stored: StoredStatement, filenames: Mapping[UUID, str]) -> views.Statement:
    """A statement, and whether its balances agree with its bookings."""
    statement, currency = stored.statement, stored.statement.account.currency
    opening, closing = statement.opening, statement.closing
    difference = stored.difference
    return {
        "id": str(stored.id),
        "document_id": str(stored.document_id),
        "filename": filenames.get(stored.document_id, ""),
        "account": statement.account.number,
        "bank": statement.account.bank,
        "holder": statement.account.holder,
        "starts_on": stored.starts_on.isoformat(),
        "ends_on": stored.ends_on.isoformat(),
        "opening": amount(opening.amount, currency) if opening else None,
        "closing": amount(closing.amount, currency) if closing else None,
        "bookings": stored.transaction_count,
        "state": "no_balance" if difference is None else "differs" if difference else "reconciles",
        "difference": amount(difference, currency) if difference else None,
    }


def gap_views(computed: Sequence[StoredFigure]) -> list[views.Gap]:
    """Days that no statement covers, as the figure of completeness found them."""
    found = next((each.figure for each in computed if each.figure.id == "completeness"), None)
    listed = cast(list[dict[str, Any]], found.detail.get("gaps") or []) if found else []
    return [
        {"account": gap["account"], "starts_on": gap["from"], "ends_on": gap["to"]}
        for gap in listed[:MOST_ROWS]
    ]


def window_view(computed: Sequence[StoredFigure]) -> views.Window | None:
    """The months that the figures are computed for."""
    found = next((each.figure.window for each in computed if each.figure.window), None)
    if found is None:
        return None
    return {"starts_on": found.starts_on.isoformat(), "ends_on": found.ends_on.isoformat()}


def basis_view(computed: StoredFigure) -> views.Basis:
    """What a figure rests on."""
    figure = computed.figure
    return {
        "figure": figure.id,
        "bookings": len(figure.evidence),
        "sum": amount(computed.evidence_sum, figure.currency),
        "statements": [str(each) for each in figure.statements[:MOST_ROWS]],
        "statement_count": len(figure.statements),
    }


def figure_view(computed: StoredFigure) -> views.Figure:
    """A figure, its formula, and what it rests on."""
    figure = computed.figure
    title = TITLES.get((figure.id, figure.version), Bilingual(figure.id, figure.id))
    return {
        "name": figure.id,
        "version": figure.version,
        "title": bilingual_view(title),
        "value": value_view(figure.value, figure.unit, figure.currency),
        "basis": basis_view(computed),
        "provisional": figure.provisional,
        "reservations": [bilingual_view(each.text) for each in in_words(figure)],
    }


def month_view(month: Month, currency: str) -> views.Month:
    """One month of the chart."""
    return {
        "month": month.starts_on.strftime("%Y-%m"),
        "inflow": amount(month.inflow, currency),
        "outflow": amount(month.outflow, currency),
        "balance": None if month.balance is None else amount(month.balance, currency),
    }


def answer_views(answers: Sequence[Answer], computed: Sequence[StoredFigure]) -> list[views.Answer]:
    """The answers in the catalogue's order, each with what its figure rests on."""
    bases = {each.figure.id: basis_view(each) for each in computed}
    return [
        {
            "question": each.question,
            "wording": bilingual_view(
                WORDINGS.get(each.question, Bilingual(each.question, each.question))
            ),
            "state": each.state,
            "verdict": each.verdict,
            "value": value_view(each.value, each.unit, each.currency),
            "because": bilingual_view(each.because),
            "missing": [bilingual_view(paper.text) for paper in each.missing],
            "basis": bases.get(each.figure),
            "provisional": each.provisional,
            "reservations": [bilingual_view(one.text) for one in each.reservations],
        }
        for each in answers
    ]
