"""The same booking handed in twice: which statements count, and which bookings are repeats.

Formats write texts and references each in their own way, so what repeats is found by account, day
and amount: within the days that two documents share, as often as the one already has it. Genuine
twins live, for both documents have them; and what bears another reference by the same bank, or
stands in the statement that goes on where the other closed, is another booking. Documents that name
no account may be of the same one or of two: there a repeat has the same text as well.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from core import bilingual
from core.bilingual import Bilingual
from core.documents.model import Finding
from core.statements.model import NO_REFERENCE, UNNAMED, StoredStatement, StoredTransaction

DAY = timedelta(days=1)
BookingKey = tuple[str, date, int]  # account, day, amount
Span = tuple[date, date]  # first and last day


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
    """The same rows in the same order, each knowing whether another document has it already."""
    counting = {each.id: each for each in counting_statements(statements)}
    by_document: dict[UUID, list[StoredTransaction]] = {}
    for row in rows:
        if row.statement_id in counting:
            by_document.setdefault(row.document_id, []).append(row)
    known = _KnownBookings(counting)
    documents = _trusted_first(statements) if len(by_document) > 1 else ()
    repeated = {
        row.id for document in documents for row in known.add(by_document.get(document, ()))
    }
    return [
        row if row.duplicate == (row.id in repeated) else row._replace(duplicate=not row.duplicate)
        for row in rows
    ]


def repeated_statements(
    statements: Sequence[StoredStatement], rows: Sequence[StoredTransaction]
) -> set[UUID]:
    """The statements that say nothing new: their days were covered, all their bookings known.

    What is pending is nothing new: a table lists it where a statement of the same days does not.
    """
    new_bookings = Counter(
        row.statement_id for row in rows if not (row.duplicate or row.transaction.pending)
    )
    by_document: dict[UUID, list[StoredStatement]] = {}
    for each in statements:
        by_document.setdefault(each.document_id, []).append(each)
    counting: list[StoredStatement] = []
    repeated: set[UUID] = set()
    for document in _trusted_first(statements):
        covered = _spans(counting, DAY, _shared)
        for each in by_document[document]:
            if not new_bookings[each.id] and _covers(covered, each):
                repeated.add(each.id)
            else:
                counting.append(each)
    return repeated


def _trusted_first(statements: Sequence[StoredStatement]) -> list[UUID]:
    """The documents: balances that agree first, that differ, one alone, none; by arrival."""
    doubts: dict[UUID, int] = defaultdict(int)
    for each in statements:
        doubts[each.document_id] = max(doubts[each.document_id], _doubt(each))
    return sorted(doubts, key=lambda document: (doubts[document], document))


def _doubt(each: StoredStatement) -> int:
    if each.difference is not None:
        return int(each.difference != 0)
    return 2 if each.statement.opening or each.statement.closing else 3


def _covers(covered: Mapping[str, Sequence[Span]], each: StoredStatement) -> bool:
    """Whether other statements, by the days that they cover, speak of all days of this one."""
    spans = covered.get(_shared(each.statement.account.number), ())
    at = bisect_right(spans, (each.starts_on, date.max)) - 1
    return at >= 0 and spans[at][1] >= each.ends_on


def overlap_findings(
    others: Iterable[StoredStatement], mine: Iterable[StoredStatement]
) -> Iterator[Finding]:
    """Which days of a document's statements other documents speak of as well."""
    # Joined where they share a day, not where they touch: there another may lie between.
    ours, theirs = _spans(mine, timedelta()), _spans(others, timedelta())
    for account in sorted(ours.keys() & theirs.keys()):
        for span in _joined(_in_both(ours[account], theirs[account]), DAY):
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


def _spans(
    statements: Iterable[StoredStatement], apart: timedelta, account: Callable[[str], str] = str
) -> dict[str, list[Span]]:
    """The days of each account's statements; those that are no further apart are one span."""
    days: dict[str, list[Span]] = defaultdict(list)
    for each in statements:
        days[account(each.statement.account.number)].append((each.starts_on, each.ends_on))
    return {number: _joined(spans, apart) for number, spans in days.items()}


def _in_both(ours: Sequence[Span], theirs: Sequence[Span]) -> Iterator[Span]:
    """The days in spans of both; not a single one, on which one may end and the other begin."""
    mine, other = 0, 0
    while mine < len(ours) and other < len(theirs):
        first = max(ours[mine][0], theirs[other][0])
        last = min(ours[mine][1], theirs[other][1])
        if first < last:
            yield first, last
        if ours[mine][1] == last:
            mine += 1
        else:
            other += 1


def _joined(days: Iterable[Span], apart: timedelta) -> list[Span]:
    """Spans of days in order; those that are no further apart are one."""
    joined: list[Span] = []
    for first, last in sorted(days):
        if joined and first <= joined[-1][1] + apart:
            first, last = joined[-1][0], max(joined.pop()[1], last)
        joined.append((first, last))
    return joined


class _Group(NamedTuple):
    """Bookings of one statement at one place that are alike but for their references."""

    document: UUID
    statement: UUID
    numbered: bool


class _KnownBookings:
    """The bookings known so far, each once, by account, day and amount."""

    def __init__(self, statements: Mapping[UUID, StoredStatement]) -> None:
        self._statements = statements
        self._by_key: dict[BookingKey, list[StoredTransaction]] = {}

    def add(self, rows: Sequence[StoredTransaction]) -> list[StoredTransaction]:
        """Know a document's rows from now on; those of them that were known already."""
        by_key: dict[BookingKey, list[StoredTransaction]] = defaultdict(list)
        for row in rows:
            by_key[_key(row)].append(row)
        numbering = self._same_numbering(by_key)
        all_repeated: list[StoredTransaction] = []
        for key, alike in by_key.items():
            known = self._by_key.setdefault(key, [])
            repeated = self._repeated(alike, known, numbering) if known else []
            ids = {row.id for row in repeated}
            known += [row for row in alike if row.id not in ids]
            all_repeated += repeated
        return all_repeated

    def _same_numbering(
        self, by_key: Mapping[BookingKey, Sequence[StoredTransaction]]
    ) -> set[UUID]:
        """The documents whose references are by the same bank: most bookings there share them."""
        compared: Counter[UUID] = Counter()
        agreeing: Counter[UUID] = Counter()
        for key, rows in by_key.items():
            references = {_reference(row) for row in rows} - NO_REFERENCE
            for row in self._by_key.get(key, ()) if references else ():
                if reference := _reference(row):
                    compared[row.document_id] += 1
                    agreeing[row.document_id] += reference in references
        return {document for document in agreeing if agreeing[document] * 2 > compared[document]}

    def _repeated(
        self,
        rows: Sequence[StoredTransaction],
        known: Sequence[StoredTransaction],
        numbering: Container[UUID],
    ) -> list[StoredTransaction]:
        """Which of the rows of one key are known: by their references, else by how many."""
        repeated, others = _by_reference(rows, known)
        unmatched = _unmatched(known, repeated)
        for row in others:
            may_be = (each for each in unmatched if self._may_be(row, each, numbering))
            if group := next(may_be, None):
                unmatched[group] -= 1
                if not unmatched[group]:
                    del unmatched[group]
                repeated.append(row)
        return repeated

    def _may_be(self, row: StoredTransaction, known: _Group, numbering: Container[UUID]) -> bool:
        """Whether a row may be a booking of that group, by all that is known of both."""
        if known.numbered and _reference(row) and known.document in numbering:
            return False
        mine, theirs = self._statements[row.statement_id], self._statements[known.statement]
        return not (_continues(mine, theirs) or _continues(theirs, mine))


def _by_reference(
    rows: Sequence[StoredTransaction], known: Iterable[StoredTransaction]
) -> tuple[list[StoredTransaction], list[StoredTransaction]]:
    """The rows whose reference a known one has, each of those once, and the others."""
    references = Counter(_reference(row) for row in known)
    repeated: list[StoredTransaction] = []
    others: list[StoredTransaction] = []
    for row in rows:
        reference = _reference(row)
        same = bool(reference) and references[reference] > 0
        references[reference] -= same
        (repeated if same else others).append(row)
    return repeated, others


def _unmatched(
    known: Iterable[StoredTransaction], repeated: Iterable[StoredTransaction]
) -> Counter[_Group]:
    """The known rows whose reference no repeated one has, by what they may be matched by."""
    matched = Counter(_reference(row) for row in repeated)
    unmatched: Counter[_Group] = Counter()
    for row in known:
        reference = _reference(row)
        if matched[reference]:
            matched[reference] -= 1
        else:
            unmatched[_Group(row.document_id, row.statement_id, bool(reference))] += 1
    return unmatched


def _key(row: StoredTransaction) -> BookingKey:
    """Where a booking is looked for; where no account is named, by its text as well."""
    account = _shared(row.account)
    if account == UNNAMED:
        account = f"{UNNAMED} {row.transaction.remittance}"
    return account, row.transaction.booked_on, row.transaction.amount


def _shared(account: str) -> str:
    """An account's number; all that are not named share one, for they may be the same."""
    return UNNAMED if account.startswith(f"{UNNAMED} ") else account


def _continues(earlier: StoredStatement, later: StoredStatement) -> bool:
    """Whether the later statement opens with what the earlier one closes with, on its last day."""
    before, after = earlier.statement, later.statement
    if not (before.opening and before.closing and after.opening and after.closing):
        return False
    same = (before.opening.amount, before.closing.amount) == (
        after.opening.amount,
        after.closing.amount,
    )
    follows = before.closing.amount == after.opening.amount
    return follows and not same and earlier.ends_on <= later.starts_on


def _reference(row: StoredTransaction) -> str:
    """The bank's own reference of a booking, empty where it has none that means anything."""
    reference = row.transaction.bank_reference or ""
    return "" if reference in NO_REFERENCE else reference
