"""Statements of a credit card: what is bought bears no sign, what is paid back a mark or a minus.

Their balances are debts. So they are read where their words say that it is such a card's, or where
marks of credit alone are there; the balances at both ends must prove it, unless both are there.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.formats.pdf.balances import BalanceKind, balance_kind
from core.formats.pdf.marks import Marked

OWED = re.compile(
    r"\bminimum (?:payment|amount)\b|\bpayment due date\b|\bmindest(?:zahlung|betrag|rate)\b",
    re.IGNORECASE,
)
STEMS = ("minimum", "due date", "mindest")  # one of these is in whatever the pattern matches

Pages = Sequence[Sequence[Marked]]


def owes(pages: Pages) -> bool:
    """Whether amounts without a sign may be owed: a mark or a word says so, and nothing else."""
    amounts = [amount for page in pages for each in page for amount in each.amounts]
    booked = [amount for page in pages for each in page if each.days for amount in each.amounts]
    debits = any(amount.named and amount.cents < 0 for amount in amounts)
    if debits or any(amount.signed and not amount.named and amount.cents > 0 for amount in booked):
        return False  # each side has a sign of its own
    if is_card(pages):
        return not _closes_below_zero(pages)
    below = any(amount.signed and amount.cents < 0 for amount in amounts)
    return not below and any(amount.named for amount in amounts)


def is_doubtful(pages: Pages) -> bool:
    """Whether a card's balance bears a minus, which may be a debt or what was paid too much."""
    return _closes_below_zero(pages) and not any(
        OWED.search(each.line.text) and any(amount.cents > 0 for amount in each.amounts)
        for page in pages
        for each in page
    )


def _closes_below_zero(pages: Pages) -> bool:
    closing = [
        each.amounts[-1]
        for page in pages
        for each in page
        if each.amounts and balance_kind(each.line.text) is BalanceKind.CLOSING
    ]
    return any(amount.cents < 0 and not amount.named for amount in closing)


def is_card(pages: Pages) -> bool:
    """Whether the pages say that they are of a card whose balance is to be paid.

    A booking's text may tell the same of another card: words below the first booking count only
    where they begin a line with an amount.
    """
    lines = [each for page in pages for each in page]
    first = next((at for at, each in enumerate(lines) if each.day and each.amounts), len(lines))
    for at, each in enumerate(lines):
        text = each.line.text
        if any(stem in text.lower() for stem in STEMS):
            begins = OWED.match(text) is not None and bool(each.amounts)
            if begins or (at < first and OWED.search(text)):
                return True
    return False


def is_told(pages: Pages) -> bool:
    """Whether words alone tell what is owed: a card's, and marks at what was paid."""
    marked = any(amount.named for page in pages for each in page for amount in each.amounts)
    return marked and is_card(pages)


def owed(pages: Pages) -> list[list[Marked]]:
    """The pages, each amount without a sign as one that is owed, each with a minus as paid."""
    return [[_owed(each) for each in page] for page in pages]


def _owed(each: Marked) -> Marked:
    if all(amount.named for amount in each.amounts):
        return each
    amounts = tuple(
        amount if amount.named else replace(amount, cents=-amount.cents, signed=True, named=True)
        for amount in each.amounts
    )
    return replace(each, amounts=amounts)
