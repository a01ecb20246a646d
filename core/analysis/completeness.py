"""Figures about the statements themselves: are they complete, do they reconcile?"""

from datetime import date

from core.analysis.books import Books
from core.analysis.counterparties import account_key
from core.analysis.coverage import DAY, add_months, end_of_month
from core.analysis.formulas import FormulaResult
from core.analysis.model import Category, Json, Missing, MissingKind, NoValueReason, Period

MOST_CANDIDATES = (
    20  # statements of the same days to which the next one is held; honest ones are few
)


def completeness(books: Books) -> FormulaResult:
    """Whole months in the window, if there is no gap, no account missing and enough months."""
    months = books.window.months if books.window else 0
    accounts = accounts_without_statements(books)
    since = _opened_on(books)
    detail: dict[str, Json] = {
        "months": months,
        "needed": books.months_needed,
        "gaps": [
            {"account": gap.account, "from": str(gap.starts_on), "to": str(gap.ends_on)}
            for gap in books.gaps
        ],
        "accounts": list(accounts),
    }
    if since is not None and months < books.months_needed:
        detail |= {"method": "since_opening", "opened": since.isoformat()}
    statements = tuple(period.statement for period in books.inputs.periods)
    enough = months >= books.months_needed or since is not None
    if enough and not books.gaps and not accounts:
        return FormulaResult(months, detail=detail, statements=statements)
    missing = (
        *(
            Missing(MissingKind.STATEMENTS, gap.account, gap.starts_on, gap.ends_on)
            for gap in books.gaps
        ),
        *(_too_short(books) if not enough else ()),
        *(_whole_window(books, account) for account in accounts),
    )
    return FormulaResult(
        reason=NoValueReason.INCOMPLETE, missing=missing, detail=detail, statements=statements
    )


def _opened_on(books: Books) -> date | None:
    """When the first account was opened, where the window begins with that and nothing before."""
    opened = [life.opened_on for life in books.lives.values()]
    known = [each for each in opened if each is not None]
    if books.window is None or len(known) < len(opened):
        return None
    first = min(known)
    return first if add_months(first, 0) == books.window.starts_on else None


def accounts_without_statements(books: Books) -> list[str]:
    """Accounts that own transfers point to and no statement is about."""
    covered = {account_key(each) for each in (*books.coverage, *books.inputs.left_out)}
    transferred_to = {
        account_key(booking.counterparty_account)
        for booking in books.inputs.bookings
        if booking.category is Category.OWN_TRANSFER
    }
    return sorted(account for account in transferred_to - covered if account is not None)


def _too_short(books: Books) -> list[Missing]:
    """What lies before the first statement of each account, as far back as is needed."""
    begin = add_months(_last_month(books), 1 - books.months_needed)
    return [
        Missing(MissingKind.STATEMENTS, account, begin, runs[0].starts_on - DAY)
        for account, runs in books.coverage.items()
        if books.lives[account].opened_on is None and runs[0].reach[0] > begin
    ]


def _last_month(books: Books) -> date:
    """The last month that could be whole for every account that was not closed, gaps aside."""
    ends = {account: runs[-1].reach[1] for account, runs in books.coverage.items()}
    alive = [day for account, day in ends.items() if books.lives[account].closed_on is None]
    ends_on = min(alive) if alive else max(ends.values())
    return add_months(ends_on, 0 if ends_on == end_of_month(ends_on) else -1)


def _whole_window(books: Books, account: str) -> Missing:
    last = _last_month(books)
    begin = books.window.starts_on if books.window else add_months(last, 1 - books.months_needed)
    return Missing(MissingKind.STATEMENTS, account, begin, end_of_month(last))


def reconciliation(books: Books) -> FormulaResult:
    """By how much statements differ from their own balances and from each other; 0 is sound."""
    checked = [period for period in books.inputs.periods if period.difference is not None]
    if not checked:
        missing = (
            Missing(
                MissingKind.STATEMENTS_WITH_BALANCES, each.account, each.starts_on, each.ends_on
            )
            for each in books.inputs.periods
        )
        return FormulaResult(reason=NoValueReason.NO_BALANCES, missing=tuple(missing))
    differing = [(period, period.difference) for period in checked if period.difference]
    breaks = _breaks(books)
    wrong = [*differing, *breaks]
    return FormulaResult(
        sum(abs(difference) for _, difference in wrong),
        detail={
            "checked": len(checked),
            "reconciling": len(checked) - len(differing),
            "without_balances": len(books.inputs.periods) - len(checked),
            "differing": [_differing(*each) for each in differing],
            "breaks": [_differing(*each) for each in breaks],
        },
        statements=tuple(
            dict.fromkeys(period.statement for period in (each for each, _ in wrong))
            or (period.statement for period in checked)
        ),
    )


def _breaks(books: Books) -> list[tuple[Period, int]]:
    """Statements that do not open with what one before left, and by how much.

    Where several reach them, as a table of two years does months, the one that fits best counts:
    what is wrong within it is said once, not again of all that follow.
    """
    found = []
    for run in (run for runs in books.coverage.values() for run in runs):
        last, candidates = run.periods[0], [run.periods[0]]
        for period in run.periods[1:]:
            eve = period.starts_on - DAY
            candidates = [each for each in candidates[-MOST_CANDIDATES:] if each.ends_on >= eve]
            likely = (_difference(books, each, period) for each in candidates or [last])
            differences = [each for each in likely if each is not None]
            if difference := min(differences, key=abs, default=0):
                found.append((period, difference))
            candidates.append(period)
            if period.ends_on >= last.ends_on:
                last = period
    return found


def _difference(books: Books, earlier: Period, later: Period) -> int | None:
    """Later opening less earlier closing; of an overlap, less what stood before the later began.

    Of an overlap the least counts: some banks date an opening by the day at whose end it stood.
    None where their balances cannot be held to each other.
    """
    overlap = later.starts_on <= earlier.ends_on
    if earlier.closing is not None and later.opening is not None:
        difference = later.opening - earlier.closing
        if not overlap or (not difference and later.starts_on == earlier.ends_on):
            return difference
    if not overlap:
        return None
    differences = [
        stood - before
        for stood in _base_balances(books, later)
        for before in _base_balances(books, earlier)
    ]
    return min(differences, key=abs, default=None)


def _base_balances(books: Books, period: Period) -> list[int]:
    """The balance of a statement less all that was booked until then, as days may be meant.

    It is the same for all of an account's statements, whichever days they are about.
    """
    account, opening = period.account, period.opening
    if opening is not None:
        days = (period.starts_on - DAY, period.starts_on)
        return [opening - books.net_movement(account, day) for day in days]
    if period.closing is not None:
        return [period.closing - books.net_movement(account, period.ends_on)]
    return []


def _differing(period: Period, difference: int) -> dict[str, Json]:
    return {
        "statement": str(period.statement),
        "account": period.account,
        "from": str(period.starts_on),
        "to": str(period.ends_on),
        "difference": difference,
    }
