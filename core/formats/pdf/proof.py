"""What a table's columns hold: by their titles, and by the balances that only one reading fits.

Where a column stands proves nothing. Every way to assign columns is tried on a statement whose
titles do not say it, or say what its balances contradict; the only one that fits is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import permutations, product

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats.pdf import ends
from core.formats.pdf.printed_statement import PrintedBalance, PrintedRow, PrintedStatement
from core.formats.pdf.table import AmountRole, PrintedColumns, Roles

MOST_COLUMNS = 5
MOST_PARTS = 8  # titles within a table behind which rows may be no bookings
LEAST_COMPLETE = 3  # bookings that balances beside them hold
NEARLY = 0.7  # of the balances: so many must fit where some amount is misread
TOTALS = "total"  # what a row is called that may tell a sum
SIDES = (AmountRole.DEBIT, AmountRole.CREDIT)
TITLES_CONTRADICTED = Bilingual(
    "The titles of a table's columns, or its signs, contradict its balances; its bookings were read"
    " in the only way that its balances allow.",
    "Die Überschriften der Spalten einer Tabelle oder ihre Vorzeichen widersprechen den Salden; die"
    " Buchungen wurden so gelesen, wie es die Salden allein zulassen.",
)
COLUMNS_UNKNOWN = Bilingual(
    "Which column of the table holds money in and which money out, or which the balance, is told"
    " neither by titles that are known nor by balances. Send a statement with opening and closing"
    " balance, or the bank's electronic statements.",
    "Welche Spalte der Tabelle Eingänge und welche Ausgänge oder den Saldo enthält, sagen weder"
    " bekannte Überschriften noch Salden. Bitte einen Kontoauszug mit Anfangs- und Endsaldo senden"
    " oder die elektronischen Kontoauszüge der Bank.",
)
SIGNS_UNKNOWN = Bilingual(
    "None of the amounts bears a sign, and no balances show which of them came in and which went"
    " out. Send a statement with opening and closing balance, or the bank's electronic statements.",
    "Kein Betrag trägt ein Vorzeichen, und keine Salden zeigen, was Eingang und was Ausgang ist."
    " Bitte einen Kontoauszug mit Anfangs- und Endsaldo senden oder die elektronischen Kontoauszüge"
    " der Bank.",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The roles of the columns of each table; `flipped` reads all signs the other way round."""

    roles: dict[PrintedColumns, Roles]
    flipped: bool = False
    by_title: bool = False


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


def settle(printed: PrintedStatement) -> Iterator[Finding]:
    """Give the statement's rows their amounts; raises Unreadable where nothing tells them."""
    ends.take_balances(printed)
    _take_debts(printed)
    outcome, reading = _best(printed)
    if not outcome.is_proven and ends.take_by_sums(
        printed, outcome.rows, outcome.amounts, back=outcome.newest_first
    ):
        outcome, reading = _best(printed)
    pending = [row for row in printed.rows if row.pending]
    taken = {id(row) for row in [*outcome.rows, *pending]}
    cut = [row for row in printed.rows if id(row) not in taken and row.perhaps is None]
    _fill(outcome)
    if pending and (waiting := _outcome(printed, pending, reading)) is not None:
        _fill(waiting)
    printed.rows = [row for row in printed.rows if id(row) in taken]
    printed.beside = {
        unit
        for row in outcome.rows
        for column, units in row.units
        if reading.roles[row.table][column] is not None
        for unit in units
    }
    printed.newest_first = outcome.newest_first
    printed.is_proven, printed.held = outcome.is_proven, outcome.held
    printed.is_turned = outcome.is_proven and any(map(partial(_turns, reading), printed.tables))
    if outcome.is_proven and not reading.by_title and any(printed.titled):
        yield Finding("titles_contradicted", TITLES_CONTRADICTED)
    if cut:
        page = cut[0].line.page
        yield Finding(
            "pages_left_out",
            Bilingual(
                f"From page {page} on, lines with days and amounts stand beside a statement that is"
                " complete without them; they are no bookings of it.",
                f"Ab Seite {page} stehen neben einem Kontoauszug, der ohne sie vollständig ist,"
                " Zeilen mit Datum und Betrag; sie sind keine seiner Buchungen.",
            ),
        )


def _turns(reading: Reading, table: PrintedColumns) -> bool:
    """Whether what titles call debit raises a table's balance, as in books of one's own."""
    titled = table.titled or ()
    turned = zip(titled, reading.roles.get(table, ()), strict=False)
    return {(AmountRole.DEBIT, AmountRole.CREDIT), (AmountRole.CREDIT, AmountRole.DEBIT)} <= {
        *turned
    }


def _fill(outcome: ProofOutcome) -> None:
    for row, amount, balance in zip(outcome.rows, outcome.amounts, outcome.balances, strict=True):
        row.amount, row.balance = amount, balance


def _best(printed: PrintedStatement) -> tuple[ProofOutcome, Reading]:
    """The reading of the titles where balances do not contradict it, else the only one they allow.

    Raises Unreadable where neither says it.
    """
    titled = _by_title(printed)
    usual: ProofOutcome | None = None
    for rows, certain in _rows(printed):
        if titled is not None and (outcome := _outcome(printed, rows, titled)) is not None:
            explained = certain or _explained(printed, outcome)
            if outcome.is_proven and explained:
                return outcome, titled
            if explained:
                usual = usual or outcome
    if usual is not None and titled is not None and not usual.broken:
        _require_signs(usual)
        return usual, titled
    nearly: list[tuple[ProofOutcome, Reading]] = []
    for rows, certain in _rows(printed):
        fitting: dict[tuple[int | None, ...], tuple[ProofOutcome, Reading]] = {}
        for reading in _readings(printed):
            outcome = _outcome(printed, rows, reading)
            if outcome is None or not (certain or _explained(printed, outcome)):
                continue
            if outcome.is_proven and not _is_mirrored(printed, reading):
                fitting.setdefault(outcome.amounts, (outcome, reading))
            else:
                nearly.append((outcome, reading))
        if len(fitting) == 1:
            return next(iter(fitting.values()))
    if usual is not None and titled is not None:
        _require_signs(usual)
        return usual, titled
    return _nearly(nearly)


def _is_mirrored(printed: PrintedStatement, reading: Reading) -> bool:
    """Whether money out and in may as well be the other way round, and the balances be debts.

    So it is where they stand without a sign among amounts of sides that nothing names.
    """
    sided = [
        each.column
        for each in (printed.opening, printed.closing)
        if each is not None and each.column is not None and each.cents
    ]
    return any(
        roles[at] in SIDES for roles in reading.roles.values() for at in sided if at < len(roles)
    )


def _explained(printed: PrintedStatement, outcome: ProofOutcome) -> bool:
    """Whether each row that was left out for a balance tells what stood on the account there."""
    if printed.opening is None:
        left = {id(row) for row in printed.rows} - {id(row) for row in outcome.rows}
        return all(row.alone or row.pending for row in printed.rows if id(row) in left)
    taken = {
        id(row): amount or 0 for row, amount in zip(outcome.rows, outcome.amounts, strict=True)
    }
    rows = printed.rows[::-1] if outcome.newest_first else printed.rows
    running = printed.opening.cents
    for row in rows:
        if id(row) in taken:
            running += taken[id(row)]
        elif (
            row.perhaps
            and row.perhaps != TOTALS
            and not row.pending
            and all(abs(amount.cents) != abs(running) for _, amount in row.placed)
        ):
            return False
    return True


def _nearly(found: Sequence[tuple[ProofOutcome, Reading]]) -> tuple[ProofOutcome, Reading]:
    """The one reading that nearly all balances hold, as where an amount is misread."""
    held = sorted(found, key=lambda each: -each[0].held)
    if held and held[0][0].held >= max(3, NEARLY * (held[0][0].held + held[0][0].broken)):
        best = held[0]
        others = [each for each in held[1:] if each[0].amounts != best[0].amounts]
        if not others or others[0][0].held * 2 <= best[0].held:
            return best
    raise Unreadable(COLUMNS_UNKNOWN, code="columns_unknown")


def _require_signs(outcome: ProofOutcome) -> None:
    """Refuse amounts without any sign in one column, unless balances hold them."""
    if outcome.is_proven or not outcome.rows:
        return
    sided = {row.sided for row in outcome.rows if row.sided or not _is_signed(row)}
    if len(sided) > 1:
        raise Unreadable(SIGNS_UNKNOWN, code="signs_unknown")
    for row in outcome.rows:
        for column, amount in row.placed:
            titled = row.table.titled
            if titled is None or titled[column] in SIDES:
                return
            if titled[column] is AmountRole.AMOUNT and amount.signed:
                return
    raise Unreadable(SIGNS_UNKNOWN, code="signs_unknown")


def _is_signed(row: PrintedRow) -> bool:
    return any(amount.signed for _, amount in row.placed)


def _by_title(printed: PrintedStatement) -> Reading | None:
    roles = {table: table.titled for table in printed.tables if table.titled is not None}
    if len(roles) < len(printed.tables):
        return None
    return Reading(roles, by_title=True)


def _rows(printed: PrintedStatement) -> Iterator[tuple[Sequence[PrintedRow], bool]]:
    """The rows that may be the bookings: without those that look like balances, or with them.

    And without what follows its closing balance on later pages. False stands beside those of which
    it must be explained what was left out.
    """
    booked = [row for row in printed.rows if not row.pending]
    if (complete := _complete(printed)) is not None:
        yield complete, True
    yield from _without_balances(booked)
    closing = printed.closing
    if closing is not None and 0 < closing.after < len(printed.rows):
        inside = [row for row in printed.rows[: closing.after] if not row.pending]
        after = printed.rows[closing.after :]
        if all(row.line.page > closing.line.page for row in after):
            yield from _without_balances(inside)
    yield from _parts(printed)


def _parts(printed: PrintedStatement) -> Iterator[tuple[Sequence[PrintedRow], bool]]:
    """The rows above a title: only where the balances at both ends prove them."""
    if printed.opening is None or printed.closing is None:
        return
    for at in sorted(each for each in {*printed.parts} if 0 < each < len(printed.rows))[
        :MOST_PARTS
    ]:
        booked = [row for row in printed.rows[:at] if not row.pending]
        if booked and _leads(printed, booked):
            yield booked, True


def _complete(printed: PrintedStatement) -> Sequence[PrintedRow] | None:
    """The rows up to a title of which each has a balance that holds, where none has below it."""
    titled = _by_title(printed)
    for at in printed.parts[:MOST_PARTS] if titled is not None else ():
        above = [row for row in printed.rows[:at] if not row.pending]
        below = [row for row in printed.rows[at:] if not row.pending]
        if len(above) < LEAST_COMPLETE or not below or titled is None:
            continue
        held, rest = _outcome(printed, above, titled), _outcome(printed, below, titled)
        if held is None or rest is None or any(rest.balances) or None in held.balances:
            continue
        if held.held >= len(above) - 1 and (printed.closing is not None or not held.broken):
            return above
    return None


def _take_debts(printed: PrintedStatement) -> None:
    """Read balances in the column of debits as debts where only so the titles lead to them."""
    booked = [row for row in printed.rows if not row.pending]
    opening, closing = printed.opening, printed.closing
    if opening is None or closing is None or not booked or _leads(printed, booked):
        return
    for first, last in ((False, True), (True, False), (True, True)):
        if (first and not opening.owed) or (last and not closing.owed):
            continue
        printed.opening = replace(opening, cents=-opening.cents) if first else opening
        printed.closing = replace(closing, cents=-closing.cents) if last else closing
        if _leads(printed, booked):
            return
    printed.opening, printed.closing = opening, closing


def _leads(printed: PrintedStatement, rows: Sequence[PrintedRow]) -> bool:
    """Whether a reading by titles leads from the opening to the closing balance."""
    titled = _by_title(printed)
    outcome = None if titled is None else _outcome(printed, rows, titled)
    if outcome is None or printed.opening is None or printed.closing is None:
        return False
    total = sum(amount or 0 for amount in outcome.amounts)
    return printed.opening.cents + total == printed.closing.cents


def _without_balances(
    booked: Sequence[PrintedRow],
) -> Iterator[tuple[Sequence[PrintedRow], bool]]:
    plain = [row for row in booked if row.perhaps is None]
    without_totals = [row for row in booked if row.perhaps != TOTALS]
    if len(plain) < len(without_totals):
        yield plain, False
    yield without_totals, True
    if len(without_totals) < len(booked):
        yield booked, True


def _readings(printed: PrintedStatement) -> Iterator[Reading]:
    """Every way to assign the columns of the tables."""
    choices = [list(_assignments(len(table.edges))) for table in printed.tables]
    if not choices or any(len(table.edges) > MOST_COLUMNS for table in printed.tables):
        return
    if len(choices) > 2:
        choices = choices[:2]
    # An overdrawn account whose balances bear no sign would turn sides round that words name.
    named = any(amount.named for row in printed.rows for _, amount in row.placed)
    for roles in product(*choices):
        by_table = dict(zip(printed.tables, roles, strict=False))
        yield Reading(by_table)
        if not named and any(AmountRole.AMOUNT in each for each in roles):
            yield Reading(by_table, flipped=True)


def _assignments(count: int) -> Iterator[Roles]:
    for amount in range(count):
        yield from _with_balance({amount: AmountRole.AMOUNT}, count)
    for debit, credit in permutations(range(count), 2):
        yield from _with_balance({debit: AmountRole.DEBIT, credit: AmountRole.CREDIT}, count)


def _with_balance(taken: dict[int, AmountRole], count: int) -> Iterator[Roles]:
    for balance in (None, *(at for at in range(count) if at not in taken)):
        found = taken | ({balance: AmountRole.BALANCE} if balance is not None else {})
        yield tuple(found.get(at) for at in range(count))


def _outcome(
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
    place = {id(row): at for at, row in enumerate(printed.rows)}
    carried = [
        (sum(1 for row in rows if place[id(row)] < each.after), each) for each in printed.carried
    ]
    orders = []
    if not descends(rows):
        orders.append((_count(printed, amounts, balances, carried), False))
    if not descends(rows[::-1]):
        back = [(len(rows) - at, each) for at, each in carried]
        orders.append((_count(printed, amounts[::-1], balances[::-1], back), True))
    (held, broken), newest_first = max(orders, key=lambda each: each[0][0] - each[0][1])
    return ProofOutcome(rows, tuple(amounts), tuple(balances), held, broken, newest_first)


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
