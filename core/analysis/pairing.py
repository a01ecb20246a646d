"""Which bookings belong in pairs: a correction and what it corrects, a bounce and what bounced."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

from core.analysis.counterparties import account_key, canonical, fold, same_party
from core.analysis.model import Category, UnlabelledBooking

REVERSAL_WITHIN = timedelta(days=30)
BOUNCE_WITHIN = timedelta(days=60)
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/.-]{4,}")
UNPAID = frozenset({Category.REVERSAL, Category.REVERSED, Category.CUSTOMER_DEBIT_RETURNED})


def pair_reversals(
    lines: Sequence[UnlabelledBooking], categories: Sequence[Category]
) -> dict[int, int]:
    """Each reversal's original: same account, opposite amount, latest unpaired within 30 days."""
    pairs: dict[int, int] = {}
    unpaired: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index in _involved(lines, categories, Category.REVERSAL):
        line = lines[index]
        if categories[index] is not Category.REVERSAL:
            unpaired[line.account, line.amount].append(index)
            continue
        earlier = unpaired[line.account, -line.amount]
        if earlier and line.booked_on - lines[earlier[-1]].booked_on <= REVERSAL_WITHIN:
            pairs[index] = earlier.pop()
    return pairs


def pair_bounced(
    lines: Sequence[UnlabelledBooking],
    categories: Sequence[Category],
    is_own: Callable[[str], bool],
) -> dict[int, int]:
    """Each returned own debit's original: same account and amount, alike, within 60 days."""
    pairs: dict[int, int] = {}
    unpaired: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index in _involved(lines, categories, Category.OWN_DEBIT_RETURNED):
        line, category = lines[index], categories[index]
        if line.amount < 0 and category not in UNPAID:
            unpaired[line.account, line.amount].append(index)
        if category is not Category.OWN_DEBIT_RETURNED:
            continue
        earlier = unpaired[line.account, -line.amount]
        original = _latest_alike(lines, earlier, line, is_own)
        if original is not None:
            earlier.remove(original)
            pairs[index] = original
    return pairs


def _involved(
    lines: Sequence[UnlabelledBooking], categories: Sequence[Category], kind: Category
) -> list[int]:
    """Booked lines of the kind and what may be their originals, by day, then as given."""
    labelled = list(zip(lines, categories, strict=True))
    sought = {(line.account, -line.amount) for line, category in labelled if category is kind}
    involved = (
        index
        for index, (line, category) in enumerate(labelled)
        if category is kind or (line.account, line.amount) in sought
    )
    booked = (index for index in involved if not lines[index].pending)
    return sorted(booked, key=lambda index: lines[index].booked_on)


def _latest_alike(
    lines: Sequence[UnlabelledBooking],
    earlier: Sequence[int],
    line: UnlabelledBooking,
    is_own: Callable[[str], bool],
) -> int | None:
    """The latest original that the return names; one that says nothing to compare is next best."""
    silent = None
    for index in reversed(earlier):
        if line.booked_on - lines[index].booked_on > BOUNCE_WITHIN:
            break
        likeness = _is_alike(line, lines[index], is_own)
        if likeness:
            return index
        if likeness is None and silent is None:
            silent = index
    return silent


def _is_alike(
    returned: UnlabelledBooking, original: UnlabelledBooking, is_own: Callable[[str], bool]
) -> bool | None:
    """Whether both name one counterparty or reference; None if the return names neither."""
    account, other = account_key(returned.counterparty_account), original.counterparty_account
    if account and account == account_key(other):
        return True
    text = fold(returned.remittance)
    shared = _references(returned.remittance) & _references(original.remittance)
    if shared or (original.counterparty and _mentions(text, original.counterparty)):
        return True
    # Some banks name the account's holder as the counterparty of a return.
    if returned.counterparty and not is_own(returned.counterparty):
        return bool(
            original.counterparty and same_party(returned.counterparty, original.counterparty)
        )
    return None


def _references(text: str) -> set[str]:
    """Long words with a digit in them: invoice, mandate and contract numbers."""
    words = REFERENCE.findall(text.upper())
    return {word for word in words if any(letter.isdigit() for letter in word)}


def _mentions(text: str, name: str) -> bool:
    """Whether the text has the name in it."""
    known = canonical(name)
    return len(known) > 3 and f" {known} " in f" {canonical(text)} "
