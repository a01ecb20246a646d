"""The same booking handed in twice: which statements count, and which bookings are repeats.

Formats write texts and references each in their own way, so what repeats is found by account, day
and amount: within the days that two documents share, as often as the one already has it. Genuine
twins live, for both documents have them; and what bears another reference by the same bank, or
stands in the statement that goes on where the other closed, is another booking. An account that one
document names by its IBAN and another by the number at its end is one. Documents that name
no account may be of the same one or of two: there a repeat has the same text as well.

Statements of one file are held to each other in the same way, before documents are. There one
writer wrote both: on a single day that two of them share, a repeat has the same text as well.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from core import bilingual
from core.bilingual import Bilingual
from core.documents.model import Finding
from core.statements.known import KnownBookings, continues, full_numbers, shared_number
from core.statements.model import StoredStatement, StoredTransaction
from core.statements.spans import DAY, CoveredDays, Span, by_account, in_both, joined


def counting_statements(statements: Sequence[StoredStatement]) -> list[StoredStatement]:
    """The statements that count: an account's final ones, else its intraday ones; no notices."""
    final = {
        each.statement.account.number for each in statements if each.statement.kind == "statement"
    }
    return [
        each
        for each in statements
        if each.statement.kind == "statement"
        or (each.statement.kind == "intraday" and each.statement.account.number not in final)
    ]


def mark_duplicates(
    statements: Sequence[StoredStatement], rows: Sequence[StoredTransaction]
) -> list[StoredTransaction]:
    """The same rows in the same order, each knowing whether another statement has it already."""
    counting = {each.id: each for each in counting_statements(statements)}
    repeated = repeated_within(counting.values(), rows)
    by_document: dict[UUID, list[StoredTransaction]] = {}
    for row in rows:
        if row.statement_id in counting and row.id not in repeated:
            by_document.setdefault(row.document_id, []).append(row)
    known = KnownBookings(counting)
    documents = _trusted_first(statements) if len(by_document) > 1 else ()
    for document in documents:
        repeated.update(row.id for row in known.add(by_document.get(document, ())))
    return [
        row if row.duplicate == (row.id in repeated) else row._replace(duplicate=not row.duplicate)
        for row in rows
    ]


def repeated_within(
    statements: Iterable[StoredStatement], rows: Iterable[StoredTransaction]
) -> set[UUID]:
    """The bookings that another statement of the same file and account has already."""
    groups: dict[tuple[UUID, str, str], list[StoredStatement]] = defaultdict(list)
    for each in statements:
        account = each.statement.account
        groups[each.document_id, account.number, account.currency].append(each)
    several = [group for group in groups.values() if len(group) > 1]
    by_statement: dict[UUID, list[StoredTransaction]] = {
        each.id: [] for group in several for each in group
    }
    for row in rows if several else ():
        if row.statement_id in by_statement:
            by_statement[row.statement_id].append(row)
    reach = {each.id: _reach(each, by_statement[each.id]) for group in several for each in group}
    sharing = [group for group in several if _share_days(group, reach)]
    repeated: set[UUID] = set()
    for group in sharing:
        known = KnownBookings({each.id: each for each in group}, of_one_file=reach)
        for each in _trusted_within(group):
            repeated.update(row.id for row in known.add(by_statement[each.id]))
    return repeated


def _reach(each: StoredStatement, rows: Iterable[StoredTransaction]) -> Span:
    """The days of a statement and of its bookings: what is joined may name the days of a part."""
    booked = [row.transaction.booked_on for row in rows]
    return min([each.starts_on, *booked]), max([each.ends_on, *booked])


def _share_days(group: Iterable[StoredStatement], reach: Mapping[UUID, Span]) -> bool:
    """Whether any statements of an account speak of the same days, but to go on with each other."""
    last: StoredStatement | None = None
    for each in sorted(group, key=lambda one: (reach[one.id], one.id)):
        if last and reach[each.id][0] <= reach[last.id][1] and not continues(last, each):
            return True
        if last is None or reach[each.id][1] >= reach[last.id][1]:
            last = each
    return False


def repeated_statements(
    statements: Sequence[StoredStatement], rows: Sequence[StoredTransaction]
) -> set[UUID]:
    """The statements that say nothing new: their days were covered, all their bookings known.

    What is pending is nothing new: a table lists it where a statement of the same days does not.
    Beside another of its own file one without bookings is news, unless it is the same.
    """
    new_bookings = Counter(
        row.statement_id for row in rows if not (row.duplicate or row.transaction.pending)
    )
    by_document: dict[UUID, list[StoredStatement]] = {}
    for each in statements:
        by_document.setdefault(each.document_id, []).append(each)
    covered, names = CoveredDays(), full_numbers(statements)
    repeated: set[UUID] = set()
    for document in _trusted_first(statements):
        own, known = CoveredDays(), set()
        for each in _trusted_within(by_document[document]):
            days = _covered_account(each, names), each.starts_on, each.ends_on
            head = each.statement
            told = (head.kind, *days, head.opening, head.closing)
            again = own.covers(*days) if each.transaction_count else told in known
            if not new_bookings[each.id] and (again or covered.covers(*days)):
                repeated.add(each.id)
            else:
                own.add(*days)
                known.add(told)
        for each in by_document[document]:
            if each.id not in repeated:
                covered.add(_covered_account(each, names), each.starts_on, each.ends_on)
    return repeated


def _trusted_first(statements: Sequence[StoredStatement]) -> list[UUID]:
    """The documents: balances that agree first, that differ, one alone, none; by arrival."""
    doubts: dict[UUID, int] = defaultdict(int)
    for each in statements:
        doubts[each.document_id] = max(doubts[each.document_id], _doubt(each))
    return sorted(doubts, key=lambda document: (doubts[document], document))


def _trusted_within(statements: Iterable[StoredStatement]) -> list[StoredStatement]:
    """A document's statements by the same order; of those alike the longest first."""
    return sorted(
        statements, key=lambda each: (_doubt(each), each.starts_on - each.ends_on, each.id)
    )


def _doubt(each: StoredStatement) -> int:
    if each.unread_rows:
        return 4
    if each.difference is not None:
        return int(each.difference != 0)
    return 2 if each.statement.opening or each.statement.closing else 3


def _covered_account(each: StoredStatement, names: Mapping[str, str]) -> tuple[str, str]:
    account = each.statement.account
    number = shared_number(account.number)
    return names.get(number, number), account.currency


def overlap_findings(
    others: Iterable[StoredStatement], mine: Iterable[StoredStatement]
) -> Iterator[Finding]:
    """Which days of a document's statements other documents speak of as well."""
    # Joined where they share a day, not where they touch: there another may lie between.
    own, further = list(mine), list(others)
    names = full_numbers([*own, *further])
    ours, theirs = (by_account(some, timedelta(), names) for some in (own, further))
    for account in sorted(ours.keys() & theirs.keys()):
        for span in joined(in_both(ours[account], theirs[account]), DAY):
            first, last = map(bilingual.day, span)
            yield Finding(
                "overlap",
                Bilingual(
                    f"Account {account}: another document speaks of the days from {first.en} to"
                    f" {last.en} as well. Bookings that both have count once.",
                    f"Konto {account}: Ein anderes Dokument umfasst die Tage von {first.de} bis"
                    f" {last.de} ebenfalls. Buchungen, die in beiden stehen, zählen einmal.",
                ),
            )
