"""What a reading of columns makes of rows, held to the balances beside, among and around them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement
from core.formats.pdf.readings import Reading
from core.formats.pdf.table import AmountRole

SIDES = (AmountRole.DEBIT, AmountRole.CREDIT)


@dataclass(frozen=True, slots=True)
class ProofOutcome:
    """What a reading makes of rows, and how many balances hold and do not hold it."""

    rows: Sequence[PrintedRow]
    amounts: tuple[int | None, ...]
    balances: tuple[int | None, ...]
    held: int
    broken: int
    newest_first: bool

    @property
    def is_proven(self) -> bool:
        """Whether balances hold it, and none is against it."""
        return self.held > 0 and not self.broken


def outcome_of(
    printed: PrintedStatement, rows: Sequence[PrintedRow], reading: Reading
) -> ProofOutcome | None:
    """What the reading makes of the rows; None where it cannot be meant."""
    amounts, balances = list[int | None](), list[int | None]()
    mixed = _mixed(rows, reading)
    for row in rows:
        roles = reading.roles.get(row.table)
        if roles is None:
            return None
        amount, balance, sides = None, None, 0
        for column, each in row.placed:
            match roles[column]:
                case AmountRole.AMOUNT:
                    amount = -each.cents if reading.flipped else each.cents
                case AmountRole.DEBIT | AmountRole.CREDIT as side if each.cents:
                    if each.named and (each.cents > 0) != (side is AmountRole.CREDIT):
                        return None  # CR is no debit, whatever balances of a debt seem to prove
                    sides += 1
                    cents = each.cents if side in mixed else abs(each.cents)
                    amount = cents if side is AmountRole.CREDIT else -cents
                case AmountRole.DEBIT | AmountRole.CREDIT:
                    amount = amount or 0
                case AmountRole.BALANCE:
                    balance = each.cents
        if sides > 1 or (amount is None and balance is None):
            if not reading.by_title:
                return None
            if sides > 1:
                amount = None
        amounts.append(amount)
        balances.append(balance)
    return _held(printed, rows, amounts, balances)


def _mixed(rows: Sequence[PrintedRow], reading: Reading) -> set[AmountRole]:
    """The sides in which some amounts bear a minus and others none: there it turns them round."""
    seen: dict[AmountRole, set[bool]] = {}
    for row in rows:
        for column, each in row.placed:
            role = reading.roles[row.table][column] if row.table in reading.roles else None
            if role in SIDES and each.cents:
                seen.setdefault(role, set()).add(each.cents < 0)
    return {role for role, signs in seen.items() if len(signs) > 1}


def _held(
    printed: PrintedStatement,
    rows: Sequence[PrintedRow],
    amounts: list[int | None],
    balances: list[int | None],
) -> ProofOutcome:
    """Hold the rows to the balances from the oldest to the newest, whichever stands first."""
    carried = list(_carried(printed, rows)) if printed.carried else []
    orders = []
    if not descends(rows):
        orders.append((_count(printed, amounts, balances, carried), False))
    if not descends(rows[::-1]):
        back = [(len(rows) - at, each) for at, each in carried]
        orders.append((_count(printed, amounts[::-1], balances[::-1], back), True))
    (held, broken), newest_first = max(orders, key=lambda each: each[0][0] - each[0][1])
    return ProofOutcome(rows, tuple(amounts), tuple(balances), held, broken, newest_first)


def _carried(
    printed: PrintedStatement, rows: Sequence[PrintedRow]
) -> Iterator[tuple[int, PrintedBalance]]:
    """What is carried from page to page, and after how many of the rows."""
    place = {id(row): at for at, row in enumerate(printed.rows)}
    places = [place[id(row)] for row in rows]
    return ((bisect_left(places, each.after), each) for each in printed.carried)


def descends(rows: Sequence[PrintedRow]) -> bool:
    """Whether days go back in time from the first row to the last, within half a year."""
    if len(rows) < 2:
        return False
    first, last = rows[0].day, rows[-1].day
    if first.year and last.year and first.year != last.year:
        return first.year > last.year
    months = first.month - last.month
    if not (first.year and last.year) and abs(months) > 6:
        months = -months
    return months > 0 or (months == 0 and first.day > last.day)


def _count(
    printed: PrintedStatement,
    amounts: Sequence[int | None],
    balances: Sequence[int | None],
    carried: Sequence[tuple[int, PrintedBalance]],
) -> tuple[int, int]:
    """How many balances hold the amounts, and how many do not."""
    running = printed.opening.cents if printed.opening else None
    checks = [0, 0]
    moved = False
    on_the_way = dict(carried)
    for at, (amount, balance) in enumerate(zip(amounts, balances, strict=True)):
        if (told := on_the_way.get(at)) is not None:
            owed = told.owed and running == -told.cents  # a debt where debits stand
            stated = -told.cents if owed else told.cents
            if running is not None and moved:
                checks[stated != running] += 1
            running, moved = stated, False
        if running is not None:
            running += amount or 0
            moved = moved or bool(amount)
        if balance is not None:
            if running is not None:
                checks[balance != running] += 1
            running, moved = balance, False
    if printed.closing is not None and running is not None:
        checks[printed.closing.cents != running] += 1
    return checks[0], checks[1]
