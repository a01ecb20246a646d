"""The same booking handed in twice: which statements count, and which bookings are repeats.

Genuine twins (the same day, text and amount twice) live: within the days that two documents share
a booking is a repeat only as often as the earlier document already has it.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.statements.model import Kept, Recorded

MEANINGLESS = frozenset({"", "NONREF", "NOTPROVIDED"})
Likeness = tuple[str, date, int, str]


def counted(kept: Sequence[Kept]) -> list[Kept]:
    """The statements that count: an account's final ones, else its intraday ones; no notices."""
    final = {each.said.account.number for each in kept if each.said.kind == "statement"}
    return [
        each
        for each in kept
        if each.said.kind == "statement"
        or (each.said.kind == "intraday" and each.said.account.number not in final)
    ]


def mark_duplicates(kept: Sequence[Kept], rows: Sequence[Recorded]) -> list[Recorded]:
    """The same rows in the same order, each knowing whether an earlier document had it already."""
    counting = {each.id for each in counted(kept)}
    by_document: dict[UUID, list[Recorded]] = {}
    for row in rows:
        if row.statement_id in counting:
            by_document.setdefault(row.document_id, []).append(row)
    seen: Counter[Likeness] = Counter()
    repeated: set[UUID] = set()
    for _, handed_in in sorted(by_document.items()):
        here: Counter[Likeness] = Counter()
        for row in handed_in:
            likeness = _likeness(row)
            here[likeness] += 1
            if here[likeness] <= seen[likeness]:
                repeated.add(row.id)
        seen |= here
    return [
        row if row.duplicate == (row.id in repeated) else row._replace(duplicate=not row.duplicate)
        for row in rows
    ]


def repeats(kept: Sequence[Kept], rows: Sequence[Recorded]) -> set[UUID]:
    """The statements that say nothing new: their days were covered, all their bookings known."""
    fresh = Counter(row.statement_id for row in rows if not row.duplicate)
    said: list[Kept] = []
    gone: set[UUID] = set()
    for each in sorted(kept, key=lambda one: one.document_id):
        known = any(
            one.said.account.number == each.said.account.number
            and one.document_id != each.document_id
            and one.starts_on <= each.starts_on
            and each.ends_on <= one.ends_on
            for one in said
        )
        if known and not fresh[each.id]:
            gone.add(each.id)
        else:
            said.append(each)
    return gone


def _likeness(row: Recorded) -> Likeness:
    said = row.said
    reference = said.bank_reference or ""
    if reference in MEANINGLESS:
        reference = f"{said.counterparty or ''}|{said.remittance}"
    return (row.account, said.booked_on, said.amount, reference)
