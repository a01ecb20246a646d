"""Which column of currencies is that of the amounts; some are those of what was paid abroad."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.bilingual import Bilingual
from core.formats.common.texts import tidy
from core.formats.csv.cells import CURRENCY_CELL, all_like
from core.formats.csv.columns import FITS, MONEY, Untold
from core.formats.csv.grid import Row
from core.formats.csv.headers import IS_CODE, ColumnRole, fold, roles_of
from core.formats.csv.surroundings import home_currency

FOREIGN = re.compile("original|ursprung|fremd|foreign|karte|card|orig|local|auftragsw|oorspr")
CURRENCY_UNTOLD = Untold(
    "currency_unknown",
    Bilingual(
        "The table has several columns of currencies, or one that only some rows fill, and nothing"
        " tells the currency of its amounts. Name it above the table or behind the name of the"
        " column, as in 'Amount (EUR)', or send the bank's CAMT.053, MT940 or PDF statements.",
        "Die Tabelle hat mehrere Spalten mit Währungen oder eine, die nur manche Zeilen füllen, und"
        " nichts zeigt, in welcher Währung ihre Beträge sind. Bitte sie über der Tabelle oder"
        " hinter dem Namen der Spalte angeben, etwa 'Betrag (EUR)', oder die Kontoauszüge der Bank"
        " als CAMT.053, MT940 oder PDF senden.",
    ),
)
TOKENS = frozenset(("BTC", "XBT", "ETH", "LTC", "XRP", "BCH", "XMR", "SOL", "ADA", "BNB"))
STRANGE = re.compile("[A-Z]{4,6}").fullmatch
NO_MONEY = Untold(
    "currency_unknown",
    Bilingual(
        "What the table names as its currency is no currency of money: tokens are not counted. Send"
        " the statements of a bank account.",
        "Was die Tabelle als Währung nennt, ist keine Währung von Geld: Token werden nicht gezählt."
        " Bitte Auszüge eines Bankkontos senden.",
    ),
)


class Codes(NamedTuple):
    """What columns of currencies leave to say.

    `coded` says that a row in which no currency stands is damaged.
    """

    coded: bool = False
    untold: Untold | None = None


def choose_currency(
    roles: dict[ColumnRole, int], names: Row, dated: Sequence[Row], beside: str | None
) -> Codes:
    """Give the amounts their column of currencies in `roles`, or take one that is another's.

    `beside` is the currency that stands beside amounts or in the name of their column.
    """
    named = roles.get(ColumnRole.CURRENCY)
    others = [
        at
        for at in range(len(names))
        if at not in roles.values()
        and all_like(dated, at, IS_CODE)
        and not FOREIGN.search(fold(names[at]))
    ]
    if named is None:
        return _unnamed(roles, names, dated, others, beside)
    rows = _booked(roles, dated)
    cells = [row[named].strip().upper() for row in rows]
    if not TOKENS.isdisjoint(cells):
        return Codes(True, NO_MONEY)
    if beside and any(cell != beside for cell in cells if CURRENCY_CELL(cell)):
        del roles[ColumnRole.CURRENCY]
        return Codes()
    twins = [at for at in others if fold(names[at]) == fold(names[named])]
    if any(_differ(rows, named, at) for at in twins):
        return Codes(True, CURRENCY_UNTOLD)
    if "" not in cells or not any(cells):
        return Codes(True)
    if _is_anothers(roles, names, rows, named):
        del roles[ColumnRole.CURRENCY]
        return Codes()
    few = 2 * sum(map(bool, cells)) < len(cells)
    own = roles.get(ColumnRole.OWN)
    at_home = {home_currency(tidy(row[own])) for row in rows} if own is not None else set()
    untold = few and beside is None and at_home.isdisjoint(cells)
    return Codes(True, CURRENCY_UNTOLD if untold else None)


def _unnamed(
    roles: dict[ColumnRole, int],
    names: Row,
    dated: Sequence[Row],
    others: Sequence[int],
    beside: str | None,
) -> Codes:
    """What columns of codes tell whose names are not known."""
    if beside:
        return Codes()
    rows = _booked(roles, dated)
    if any(
        _names_currency(names[at]) and all_like(rows, at, STRANGE) for at in _free(roles, names)
    ):
        return Codes(True, NO_MONEY)
    full = [at for at in others if all(row[at].strip() for row in rows)]
    if len(others) > 1 and any(_differ(rows, others[0], at) for at in others[1:]):
        return Codes(True, CURRENCY_UNTOLD)
    if full and not _other_money(roles, names, rows):
        roles[ColumnRole.CURRENCY] = full[0]
    return Codes(bool(others))


def _free(roles: dict[ColumnRole, int], names: Row) -> list[int]:
    return [at for at in range(len(names)) if at not in roles.values()]


def _names_currency(name: str) -> bool:
    return any(role is ColumnRole.CURRENCY for role, _ in roles_of(name))


def _booked(roles: dict[ColumnRole, int], dated: Sequence[Row]) -> list[Row]:
    """The rows in which an amount stands."""
    money = [roles[role] for role in MONEY if role in roles]
    return [row for row in dated if any(row[at].strip() for at in money)]


def _is_anothers(roles: dict[ColumnRole, int], names: Row, rows: Sequence[Row], codes: int) -> bool:
    """Whether just those rows have a code that have an amount in another column."""
    return any(
        all(bool(row[at].strip()) == bool(row[codes].strip()) for row in rows)
        for at in _other_money(roles, names, rows)
    )


def _other_money(roles: dict[ColumnRole, int], names: Row, rows: Sequence[Row]) -> list[int]:
    """Columns of amounts that are not the booking's."""
    own = {at for role, at in roles.items() if role not in (ColumnRole.FOREIGN,)}
    like = FITS[ColumnRole.AMOUNT]
    return [
        at
        for at in range(len(names))
        if at not in own
        and all_like(rows, at, like)
        and any("." in row[at] or "," in row[at] for row in rows)
    ]


def _differ(rows: Sequence[Row], first: int, second: int) -> bool:
    return any(row[first].strip() != row[second].strip() for row in rows)
