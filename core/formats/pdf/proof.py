"""What a table's columns hold: by their titles, and by the balances that only one reading fits.

Where a column stands proves nothing. Every way to assign columns is tried on a statement whose
titles do not say it, or say what its balances contradict; the only one that fits is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats.pdf import ends
from core.formats.pdf.candidates import TOTALS, candidates, leads
from core.formats.pdf.printed_statement import PrintedRow, PrintedStatement
from core.formats.pdf.proof_outcome import SIDES, ProofOutcome, outcome_of
from core.formats.pdf.readings import Reading, by_title, readings
from core.formats.pdf.table import AmountRole, PrintedColumns

NEARLY = 0.7  # of the balances: so many must fit where some amount is misread
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
    if pending and (waiting := outcome_of(printed, pending, reading)) is not None:
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


def _take_debts(printed: PrintedStatement) -> None:
    """Read balances in the column of debits as debts where only so the titles lead to them."""
    booked = [row for row in printed.rows if not row.pending]
    opening, closing = printed.opening, printed.closing
    if opening is None or closing is None or not booked or leads(printed, booked):
        return
    for first, last in ((False, True), (True, False), (True, True)):
        if (first and not opening.owed) or (last and not closing.owed):
            continue
        printed.opening = replace(opening, cents=-opening.cents) if first else opening
        printed.closing = replace(closing, cents=-closing.cents) if last else closing
        if leads(printed, booked):
            return
    printed.opening, printed.closing = opening, closing


def _best(printed: PrintedStatement) -> tuple[ProofOutcome, Reading]:
    """The reading of the titles where balances do not contradict it, else the only one they allow.

    Raises Unreadable where neither says it.
    """
    titled = by_title(printed)
    usual: ProofOutcome | None = None
    for rows, certain in candidates(printed):
        if titled is not None and (outcome := outcome_of(printed, rows, titled)) is not None:
            explained = certain or _explained(printed, outcome)
            if outcome.is_proven and explained:
                return outcome, titled
            if explained:
                usual = usual or outcome
    if usual is not None and titled is not None and not usual.broken:
        _require_signs(usual)
        return usual, titled
    nearly: list[tuple[ProofOutcome, Reading]] = []
    for rows, certain in candidates(printed):
        fitting: dict[tuple[int | None, ...], tuple[ProofOutcome, Reading]] = {}
        for reading in readings(printed):
            outcome = outcome_of(printed, rows, reading)
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
