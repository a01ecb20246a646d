"""What the cells of a booking mean: the rules that both readers of a table go by, said once.

`column_reader.py` reads many rows at a time, `row_reader.py` the odd ones alone.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from core.formats.common.amounts import quick_amount, read_amount
from core.formats.common.column import BETWEEN
from core.formats.common.dates import CalendarDay, Order, written_day
from core.formats.common.remittance import KEYED, LABELLED, read_labelled, read_purpose
from core.formats.common.texts import account_number, german_iban, tidy
from core.formats.csv.accounts import ROUNDED
from core.formats.csv.columns import TableColumns
from core.formats.csv.headers import ColumnRole, find_currency, is_unit_of
from core.formats.csv.status import Statuses
from core.formats.csv.surroundings import home_currency

AccountKey = tuple[str | None, str]  # an account as a row names it, and a currency
LATEST = 2100  # years: a later one is of another calendar, or mistyped
ABSENT = -1  # the column of a role that the table lacks: an empty cell at the end of each row
# The columns that say in which account and currency a booking is kept, and which account is on the
# other side.
ACCOUNT_KEY = (ColumnRole.CURRENCY, ColumnRole.OWN, ColumnRole.OWN_BANK, ColumnRole.OWN_NAME)
COUNTERPARTY = (ColumnRole.ACCOUNT, ColumnRole.BANK)
CURRENCY = re.compile(r"[A-Za-z]{3}")
DIRECTIONS = frozenset(("Eingang", "Ausgang"))  # as amounts say too
UNIT = re.compile(r"[A-Z]{1,2}\$|[€$£]|[A-Z]{3}")
MARKED = ((KEYED, read_purpose), (LABELLED, read_labelled))


class CellRules:
    """The rules that hold in one table, by where its columns are and how it writes amounts."""

    def __init__(self, columns: TableColumns, statuses: Statuses | None = None) -> None:
        self.columns = columns
        self.is_pending = (statuses or Statuses("", ())).is_pending
        self.at = {role: columns.at.get(role, ABSENT) for role in ColumnRole}
        self.payer, self.payee = _party_columns(self.at)
        self.signs = columns.signs
        self.by_country: dict[str, str] = {}  # currencies that only an account's country tells
        self._point, self._mark = columns.point, columns.point.value

    def account_key(self, cells: tuple[str, ...]) -> tuple[str | None, str | None]:
        """What the columns of ACCOUNT_KEY say: account and currency, None for what they do not."""
        currency, own, own_bank, own_name = map(tidy, cells)
        account = account_of((own, own_bank))
        told = self._currency(currency)
        if account and told is None and (home := home_currency(account)):
            self.by_country[home] = min(account, self.by_country.get(home, account))
            told = home
        return account or own_name or None, told

    def minor(self, cell: str, currency: str) -> int | None:
        """Minor units of a cell, None where it holds no amount; BadValue if it cannot be kept."""
        if not cell:
            return None
        amount = quick_amount(cell, self._mark, currency)
        if amount is not None:
            return amount
        unit = UNIT.search(cell)
        if unit and currency and not is_unit_of(unit[0], currency):
            return None
        return read_amount(cell, self._point, currency)

    def _currency(self, text: str) -> str | None:
        if CURRENCY.fullmatch(text):
            return text.upper()
        return find_currency(text) or self.columns.currency


def booked_day(cell: str, order: Order) -> CalendarDay | None:
    """The day that a cell says; None for none, and for one of no year in which banks book."""
    day = written_day(cell, order)
    return None if day is None or day.on.year > LATEST else day


def less_fee(amount: int, fee: int | None) -> int:
    """What is left of an amount; a fee is taken off whatever its sign."""
    return amount - abs(fee or 0)


def other_side(amount: int | None, payer: str | None, payee: str | None) -> str | None:
    """Who is on the other side: the payer of what came in, the payee of what went out."""
    return payer if (amount or 0) >= 0 else payee


@lru_cache(maxsize=4096)  # the same ones come back all over a table
def account_of(cells: tuple[str, ...]) -> str | None:
    """The account in the columns of COUNTERPARTY: an IBAN where bank code and number make one."""
    cell, bank = map(tidy, cells)
    number = "".join(cell.split()).strip("'")  # which keeps Excel from taking it for a number
    if not number.strip("0") or ROUNDED.fullmatch(number):
        return None
    return german_iban(bank, number) or account_number(number)


def kind_of(cell: str) -> str:
    """What the bank calls the booking, unless the amount says as much."""
    kind = tidy(cell)
    return "" if kind in DIRECTIONS else kind


def text_of(cell: str) -> str | None:
    """What a cell says on one line, None where it says nothing."""
    return tidy(cell) or None


def reference_of(cell: str) -> str | None:
    """The bank's reference as it stands in its cell, None where none does."""
    return cell.strip() or None


def completed(
    name: str | None, account: str | None, text: str
) -> tuple[str | None, str | None, str]:
    """Name, account and text of a booking, with what keys and labels in the text say of them."""
    for _, read in MARKED:
        purpose = read(text)
        name, account, text = name or purpose.name, account or purpose.account, purpose.text
    return name or None, account, text


def completed_columns(
    names: list[str | None], accounts: list[str | None], texts: list[str]
) -> tuple[list[str | None], list[str | None], list[str]]:
    """The same of many bookings, a column at a time; most tables have no marks at all."""
    together = BETWEEN.join(texts)
    for marks, read in MARKED:
        if any(mark in together for mark in marks):
            purposes = list(map(read, texts))
            names = [name or each.name for name, each in zip(names, purposes, strict=True)]
            accounts = [own or each.account for own, each in zip(accounts, purposes, strict=True)]
            texts = [each.text for each in purposes]
    return names, accounts, texts


def _party_columns(at: Mapping[ColumnRole, int]) -> tuple[int, int]:
    """The columns of who pays and of who is paid; one column may be both."""
    both, payer, payee = at[ColumnRole.NAME], at[ColumnRole.PAYER], at[ColumnRole.PAYEE]
    if both != ABSENT:
        return both, both
    return (payee if payer == ABSENT else payer), (payer if payee == ABSENT else payee)
