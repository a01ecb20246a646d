"""What figures are subject to: gaps, accounts that are missing or left out, doubts about documents.

A figure that one of these touches keeps its value, and says so; one about balances is withheld
where statements do not reconcile, for then no balance can be relied on. Where rows of a statement
were not read, none of its days is answered for: what moved in them, and what stood, is withheld.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.analysis.books import Books
from core.analysis.completeness import accounts_without_statements
from core.analysis.coverage import LONGEST_WINDOW, add_months
from core.analysis.model import (
    AnswerState,
    Basis,
    Figure,
    Json,
    Missing,
    MissingKind,
    NoValueReason,
    Reservation,
    ReservationKind,
)

_Reservations = tuple[Reservation, ...]


def reserve(books: Books, figures: Sequence[Figure], bases: Mapping[str, Basis]) -> list[Figure]:
    """The figures, each with what it is subject to; those that cannot be relied on withheld."""
    unread = tuple(_unread(books))
    again = _unreconciled(next(each for each in figures if each.id == "reconciliation"))
    doubtful = tuple(
        Reservation(ReservationKind.NOT_RECONCILED, each.account, each.starts_on, each.ends_on)
        for each in again
    )
    doubts, left_out = tuple(_doubts(books)), tuple(_left_out(books))
    missing = (*_gaps(books), *_missing_accounts(books))
    not_read = tuple(
        Reservation(ReservationKind.ROWS_NOT_READ, each.account, each.starts_on, each.ends_on)
        for each in unread
    )
    by_basis: dict[Basis, _Reservations] = {
        Basis.FLOWS: (*missing, *left_out, *doubtful, *doubts),
        Basis.BALANCES: (*missing, *left_out, *doubts),
        Basis.STATEMENTS: (*not_read, *left_out, *doubts),
    }
    reserved = []
    for figure in figures:
        basis = bases[figure.id]
        if unread and figure.id == "completeness":
            reserved.append(_left_open(figure, unread))
        elif unread and basis is not Basis.STATEMENTS:
            reserved.append(_withhold(figure, NoValueReason.ROWS_NOT_READ, unread))
        elif again and basis is Basis.BALANCES:
            reserved.append(_withhold(figure, NoValueReason.NOT_RECONCILED, again))
        else:
            reserved.append(_subject_to(figure, by_basis[basis], left_out))
    return reserved


def _subject_to(figure: Figure, touching: _Reservations, left_out: _Reservations) -> Figure:
    """Without a value there is nothing provisional; but it may be an account's that is left out."""
    answered = figure.state is AnswerState.ANSWERED
    return replace(figure, reservations=touching if answered else left_out)


def _withhold(figure: Figure, reason: NoValueReason, again: tuple[Missing, ...]) -> Figure:
    return replace(
        figure,
        state=AnswerState.NOT_ANSWERABLE,
        value=None,
        reason=reason,
        missing=again,
        detail={},
        evidence=(),
        statements=(),
    )


def _left_open(figure: Figure, again: tuple[Missing, ...]) -> Figure:
    """What is covered is not whole where rows were not read; what else is missing stays said."""
    return replace(
        figure,
        state=AnswerState.NOT_ANSWERABLE,
        value=None,
        reason=figure.reason or NoValueReason.ROWS_NOT_READ,
        missing=(*figure.missing, *again),
    )


def _unread(books: Books) -> Iterator[Missing]:
    """The statements of days of the window, rows of which were not read."""
    window = books.window
    for each in books.unread if window else ():
        if window and each.starts_on <= window.ends_on and each.ends_on >= window.starts_on:
            yield Missing(MissingKind.STATEMENT_AGAIN, each.account, each.starts_on, each.ends_on)


def _unreconciled(reconciliation: Figure) -> tuple[Missing, ...]:
    """The statements to send again, if any does not reconcile; each once."""
    wrong = (
        each
        for key in ("differing", "breaks")
        for each in _list(reconciliation.detail.get(key))
        if isinstance(each, dict)
    )
    return tuple(dict.fromkeys(_again(each) for each in wrong))


def _again(statement: Mapping[str, Json]) -> Missing:
    first, last = str(statement["from"]), str(statement["to"])
    return Missing(
        MissingKind.STATEMENT_AGAIN,
        str(statement["account"]),
        date.fromisoformat(first),
        date.fromisoformat(last),
    )


def _list(detail: Json) -> Sequence[Json]:
    return detail if isinstance(detail, list) else []


def _gaps(books: Books) -> Iterator[Reservation]:
    """Gaps but for which the window might have been another one."""
    if books.window is None:
        return
    earliest = add_months(books.window.ends_on, 1 - LONGEST_WINDOW)
    for gap in books.gaps:
        if gap.ends_on >= earliest:
            yield Reservation(ReservationKind.GAP, gap.account, gap.starts_on, gap.ends_on)


def _missing_accounts(books: Books) -> Iterator[Reservation]:
    for account in accounts_without_statements(books):
        yield Reservation(ReservationKind.ACCOUNT_MISSING, account)


def _left_out(books: Books) -> Iterator[Reservation]:
    for account, holder in books.inputs.left_out.items():
        yield Reservation(ReservationKind.ACCOUNT_LEFT_OUT, account, holder=holder)


def _doubts(books: Books) -> Iterator[Reservation]:
    """Doubts about documents that hold a statement which counts."""
    counting = {period.statement for period in books.inputs.periods}
    for doubt in books.inputs.doubts:
        if not counting.isdisjoint(doubt.statements):
            yield Reservation(doubt.kind, document=doubt.document, filename=doubt.filename)
