"""What each booking is: first by its own signs, then by those of its neighbours.

Signs are trusted in this order: the bank's own correction, seizures, returns, own transfers,
specific words, German codes, ISO codes, and at last the direction the money went.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from core.analysis import codes, signs
from core.analysis.counterparties import Parties, account_key, canonical, fold, same_party
from core.analysis.holders import is_same_holder
from core.analysis.model import BookingLabel, Category, UnlabelledBooking
from core.analysis.pairing import pair_bounced, pair_reversals
from core.analysis.words import mask

SEPA_KEY = re.compile("(eref|kref|mref|cred|debt|coam|oamt|svwz|abwa|abwe|iban|bic|rref|purp)[+:]")
KEYS_OF_TEXT = frozenset({"svwz", "abwa", "abwe", "purp"})
CHILDREN_READ = 20  # the payments of a batch are of one kind
MONTHS_RECURRING = 3
LOANS = frozenset({Category.LOAN_SERVICE, Category.LOAN_DISBURSEMENT})
RETURNS = frozenset(
    {Category.OWN_DEBIT_RETURNED, Category.TRANSFER_RETURNED, Category.CUSTOMER_DEBIT_RETURNED}
)


class Judgement(NamedTuple):
    """A line's category; `sure` where something said so, not only the money's direction."""

    category: Category
    sure: bool


@dataclass(frozen=True, slots=True)
class CounterpartyName:
    """What a counterparty's name alone tells: is it a bank, the applicant, of which rules?"""

    folded: str
    is_bank: bool
    is_own: bool
    credit_ranks: frozenset[int]
    debit_ranks: frozenset[int]


def categorise(
    lines: Sequence[UnlabelledBooking],
    own_accounts: Iterable[str] = (),
    holders: Iterable[str] = (),
) -> list[BookingLabel]:
    """The label of each line, in the lines' order, which is that of the statements.

    `own_accounts` are the numbers of the applicant's accounts, `holders` the names they run under.
    """
    categoriser = BookingCategoriser(own_accounts, holders)
    judgements = [categoriser.categorise(line) for line in lines]
    categories = learn(lines, judgements, categoriser.is_bank)
    bounced = pair_up(lines, categories, categoriser.is_own_name)
    return [BookingLabel(category, index in bounced) for index, category in enumerate(categories)]


def pair_up(
    lines: Sequence[UnlabelledBooking], categories: list[Category], is_own: Callable[[str], bool]
) -> set[int]:
    """Mark what the bank took back as reversed; give the own payments that bounced."""
    for original in pair_reversals(lines, categories).values():
        categories[original] = Category.REVERSED
    return set(pair_bounced(lines, categories, is_own).values())


class BookingCategoriser:
    """Judges lines one by one; knows the applicant's accounts and names."""

    def __init__(self, own_accounts: Iterable[str], holders: Iterable[str]) -> None:
        self._accounts = {account_key(account) for account in own_accounts} - {None}
        self._holders = tuple(holders)
        # A business's counterparties come back month after month: read each name once.
        self._read_name = lru_cache(maxsize=100_000)(self._read_new_name)
        self._read_words = lru_cache(maxsize=100_000)(self._read_new_words)

    def categorise(self, line: UnlabelledBooking) -> Judgement:
        """The category by the line's own signs."""
        sign = 1 if line.amount > 0 else -1
        returned = codes.read_return(line.gvc, line.iso, line.return_reason, sign)
        if line.gvc == codes.REVERSED_BY_BANK or (line.reversal and returned is None):
            return Judgement(Category.REVERSAL, True)
        by_words = self._read_words(line.counterparty, mask(read_text(line)), sign)
        if by_words is Category.SEIZURE:
            return Judgement(by_words, True)
        certain = self._read_return(line, returned, by_words) or self._read_own(
            line, sign, by_words
        )
        category = (
            certain or by_words or codes.read_gvc(line.gvc, sign) or codes.read_iso(line.iso, sign)
        )
        if category is not None:
            return Judgement(category, True)
        return Judgement(Category.REVENUE if sign > 0 else Category.SUPPLIER, False)

    def is_own_name(self, name: str) -> bool:
        """Whether this is the applicant's own name."""
        return self._read_name(name).is_own

    def is_bank(self, name: str) -> bool:
        """Whether the name sounds like a lender's; payment processors do not count."""
        return self._read_name(name).is_bank

    def _read_new_words(self, counterparty: str | None, text: str, sign: int) -> Category | None:
        table = signs.CREDITS if sign > 0 else signs.DEBITS
        ranks = table.hits(text)
        if not counterparty:  # the text has the name in it, if anything has
            return table.choose(ranks | table.name_hits(text), text, of_bank=True)
        name = self._read_name(counterparty)
        ranks |= name.credit_ranks if sign > 0 else name.debit_ranks
        return table.choose(ranks, f"{name.folded} {text}", name.is_bank)

    def _read_return(
        self, line: UnlabelledBooking, returned: Category | None, by_words: Category | None
    ) -> Category | None:
        # A reason alone does not tell a returned debit from a returned transfer; the words may.
        if returned is Category.OWN_DEBIT_RETURNED and by_words is Category.TRANSFER_RETURNED:
            return returned if line.gvc in {"181", "184"} else by_words
        return returned or (by_words if by_words in RETURNS else None)

    def _read_own(
        self, line: UnlabelledBooking, sign: int, by_words: Category | None
    ) -> Category | None:
        iso = line.iso or ""
        if line.gvc in codes.OWN_TRANSFER_CODES or iso.startswith(codes.CASH_POOLING):
            return Category.OWN_TRANSFER
        # No word in a batch of collections makes it anything else: its children are customers.
        if sign > 0 and (
            line.gvc in codes.COLLECTION_CODES or iso.startswith(codes.COLLECTIONS_BY_ISO)
        ):
            return Category.COLLECTION
        other = account_key(line.counterparty_account)
        elsewhere = other != account_key(line.account)
        if elsewhere and other in self._accounts:
            return Category.OWN_TRANSFER
        # Banks put the holder's name on batches and on their own charges as well.
        if (
            elsewhere
            and line.counterparty
            and self.is_own_name(line.counterparty)
            and not line.details
            and line.gvc not in codes.BATCH_CODES
            and by_words is not Category.FEES
            and codes.read_gvc(line.gvc, sign) is None
        ):
            return Category.OWN_TRANSFER
        return None

    def _read_new_name(self, counterparty: str) -> CounterpartyName:
        name = fold(counterparty)
        bank = signs.BANK.search(name) or signs.BANK_SUFFIX.search(name)
        return CounterpartyName(
            folded=name,
            is_bank=bool(bank) and not signs.PROCESSOR.search(name),
            is_own=any(
                same_party(counterparty, holder) and is_same_holder(counterparty, holder)
                for holder in self._holders
            ),
            credit_ranks=frozenset(signs.CREDITS.name_hits(name)),
            debit_ranks=frozenset(signs.DEBITS.name_hits(name)),
        )


def read_text(line: UnlabelledBooking) -> str:
    """What the line says for what it is, folded, without the references that SEPA keys mark."""
    texts = line.remittance
    if line.details:
        texts = " ".join([texts, *(each.remittance for each in line.details[:CHILDREN_READ])])
    text = fold(texts)
    if "+" not in text and ":" not in text:
        return text
    before, *keyed = SEPA_KEY.split(text)
    pairs = zip(keyed[::2], keyed[1::2], strict=True)
    telling = [before, *(value for key, value in pairs if key in KEYS_OF_TEXT)]
    return " ".join(telling) if any(each.strip() for each in telling) else text


def learn(
    lines: Sequence[UnlabelledBooking],
    judgements: Sequence[Judgement],
    is_bank: Callable[[str], bool],
) -> list[Category]:
    """The categories, where lines that say nothing follow what their counterparty is known for."""
    categories = [judgement.category for judgement in judgements]
    unsure = [
        (index, line, line.counterparty)
        for index, line in enumerate(lines)
        if line.counterparty and not judgements[index].sure
    ]
    is_lender = _know_lenders(lines, judgements)
    recurring = _find_recurring(line for _, line, name in unsure if is_bank(name))
    suppliers = {canonical(name) for _, line, name in unsure if line.amount < 0}
    for index, line, name in unsure:
        if (
            is_lender(name, line.counterparty_account)
            or (canonical(name), line.amount) in recurring
        ):
            credit = line.amount > 0
            categories[index] = Category.LOAN_DISBURSEMENT if credit else Category.LOAN_SERVICE
        # "Gutschrift" is what banks call any credit: only a supplier's is a refund.
        elif line.amount > 0 and canonical(name) in suppliers and hints_refund(line):
            categories[index] = Category.REFUND_RECEIVED
    return categories


def hints_refund(line: UnlabelledBooking) -> bool:
    """Whether a credit may be a supplier's refund by its words."""
    return signs.REFUND_HINT.search(read_text(line)) is not None


def _know_lenders(
    lines: Sequence[UnlabelledBooking], judgements: Sequence[Judgement]
) -> Callable[[str, str | None], bool]:
    lenders = Parties(
        (line.counterparty, line.counterparty_account)
        for line, judgement in zip(lines, judgements, strict=True)
        if judgement.category in LOANS and line.counterparty
    )

    @lru_cache(maxsize=100_000)
    def is_lender(name: str, account: str | None) -> bool:
        return lenders.find(name, account) is not None

    return is_lender


def _find_recurring(lines: Iterable[UnlabelledBooking]) -> set[tuple[str, int]]:
    """Equal debits to one counterparty in several months."""
    months: dict[tuple[str, int], set[date]] = defaultdict(set)
    for line in lines:
        if line.amount < 0 and line.counterparty:
            key = canonical(line.counterparty), line.amount
            months[key].add(line.booked_on.replace(day=1))
    return {key for key, booked_in in months.items() if len(booked_in) >= MONTHS_RECURRING}
