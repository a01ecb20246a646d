"""Which bookings are known already: by account, day, amount and references, and how often."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.iban import SHAPE
from core.statements.model import NO_REFERENCE, UNNAMED, StoredStatement, StoredTransaction
from core.statements.spans import Span

MOST_ALIKE = 200  # of one day and amount in one file; no honest one has more, and each costs
SHORTEST = 5  # digits of an account's number by which it is known without its bank
BookingKey = tuple[str, date, int, str]  # account, day, amount, currency


class _Group(NamedTuple):
    """Bookings of one statement at one place that are alike but for their references.

    Of one file their text is told apart as well; else it is empty.
    """

    document: UUID
    statement: UUID
    numbered: bool
    text: str


class KnownBookings:
    """The bookings known so far, each once, by account, day and amount.

    They are of several documents, or of one file, the days of whose statements are then given.
    """

    def __init__(
        self,
        statements: Mapping[UUID, StoredStatement],
        *,
        of_one_file: Mapping[UUID, Span] | None = None,
    ) -> None:
        self._statements = statements
        self._of_one_file = of_one_file
        self._names = full_numbers(statements.values())
        self._by_key: dict[BookingKey, list[StoredTransaction]] = {}

    def add(self, rows: Sequence[StoredTransaction]) -> list[StoredTransaction]:
        """Know a document's rows from now on; those of them that were known already."""
        by_key: dict[BookingKey, list[StoredTransaction]] = defaultdict(list)
        for row in rows:
            by_key[_key(row, self._names)].append(row)
        numbering = self._same_numbering(by_key)
        all_repeated: list[StoredTransaction] = []
        for key, alike in by_key.items():
            known = self._by_key.setdefault(key, [])
            if self._of_one_file is not None and len(known) > MOST_ALIKE:
                continue
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
        unmatched = self._unmatched(known, repeated)
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
        if continues(mine, theirs) or continues(theirs, mine):
            return False
        if self._of_one_file is None:
            return True
        if _share_several_days(self._of_one_file[mine.id], self._of_one_file[theirs.id]):
            return True
        return known.text == _text(row) and not (known.numbered and _reference(row))

    def _unmatched(
        self, known: Iterable[StoredTransaction], repeated: Iterable[StoredTransaction]
    ) -> Counter[_Group]:
        """The known rows whose reference no repeated one has, by what they may be matched by."""
        matched = Counter(_reference(row) for row in repeated)
        unmatched: Counter[_Group] = Counter()
        for row in known:
            reference = _reference(row)
            if matched[reference]:
                matched[reference] -= 1
                continue
            text = "" if self._of_one_file is None else _text(row)
            group = _Group(row.document_id, row.statement_id, bool(reference), text)
            unmatched[group] += 1
        return unmatched


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


def full_numbers(statements: Iterable[StoredStatement]) -> dict[str, str]:
    """Numbers by which a bank calls an account, each with the only IBAN that ends with it."""
    numbers = {each.statement.account.number for each in statements}
    bare = {each for each in numbers if each.isdecimal() and len(each.lstrip("0")) >= SHORTEST}
    ibans: dict[str, set[str]] = defaultdict(set)
    for number in numbers if bare else ():
        if SHAPE.fullmatch(number):
            for digits in (10, 11):  # of Germany and others, and of Austria
                ibans[number[-digits:].lstrip("0")].add(number)
    found = {each: ibans[each.lstrip("0")] for each in bare}
    return {each: min(own) for each, own in found.items() if len(own) == 1}


def _key(row: StoredTransaction, names: Mapping[str, str]) -> BookingKey:
    """Where a booking is looked for; where no account is named, by its text as well."""
    account = shared_number(row.account)
    if names:
        account = names.get(account, account)
    if account == UNNAMED:
        account = f"{UNNAMED} {row.transaction.remittance}"
    transaction = row.transaction
    return account, transaction.booked_on, transaction.amount, transaction.currency


def shared_number(account: str) -> str:
    """An account's number; all that are not named share one, for they may be the same."""
    return UNNAMED if is_unnamed(account) else account


def is_unnamed(account: str) -> bool:
    """Whether a number stands for an account whose file does not say it."""
    return account.partition(" ")[0] == UNNAMED


def continues(earlier: StoredStatement, later: StoredStatement) -> bool:
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


def _share_several_days(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def _text(row: StoredTransaction) -> str:
    return f"{row.transaction.counterparty or ''}\n{row.transaction.remittance}"


def _reference(row: StoredTransaction) -> str:
    """The bank's own reference of a booking, empty where it has none that means anything."""
    reference = row.transaction.bank_reference or ""
    return "" if reference in NO_REFERENCE else reference
