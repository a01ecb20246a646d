"""One account's bookings out of a table: in which order they are, and whether balances lead on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, groupby
from operator import attrgetter, gt, lt

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.csv.column_reader import Batch
from core.formats.csv.phrases import TotalKind
from core.formats.csv.rules import AccountKey
from core.formats.csv.status import PENDING_TEXT
from core.formats.csv.sums import at_ends
from core.formats.csv.totals import RowMeaning, Said, Sums, at_edge, candidates
from core.money import stated
from core.statements.currency import BALANCE, minor_in, rows_in
from core.statements.model import Balance, Transaction

ALIKE = attrgetter(
    *("bank_reference", "booked_on", "amount", "currency", "pending", "counterparty", "remittance")
)
PENDING, BOOKED_ON, AMOUNT = map(attrgetter, ("pending", "booked_on", "amount"))


@dataclass(slots=True)
class AccountBookings:
    """Bookings, and for each the balance in minor units that its row says was left after it."""

    transactions: list[Transaction] = field(default_factory=list)
    balances: list[int | None] = field(default_factory=list)
    first: Balance | None = None  # as rows of their own name them
    last: Balance | None = None
    has_pending: bool = False

    def add(self, batch: Batch, account_key: AccountKey) -> None:
        """Take in those of a batch that are kept in this account and currency."""
        self.has_pending = self.has_pending or any(map(PENDING, batch.transactions))
        if batch.account_keys.count(account_key) == len(batch.account_keys):
            self.transactions += batch.transactions
            self.balances += batch.balances
            return
        mine = [each == account_key for each in batch.account_keys]
        self.transactions += compress(batch.transactions, mine)
        self.balances += compress(batch.balances, mine)

    def extend(self, more: "AccountBookings") -> None:
        """Take in more bookings of the same account and currency."""
        self.transactions += more.transactions
        self.has_pending = self.has_pending or more.has_pending
        self.balances += more.balances

    def in_currency(self, currency: str) -> "AccountBookings":
        """The bookings of a table that names this currency only below them."""
        left = [
            None if each is None else minor_in(currency, each, BALANCE) for each in self.balances
        ]
        return replace(self, transactions=rows_in(currency, self.transactions), balances=left)

    def told_once(self) -> tuple["AccountBookings", list[Transaction]]:
        """The bookings, each once, and those that the table has again: number and all are alike.

        A number that stands for bookings which differ is none of one booking.
        """
        numbered = [each for each in self.transactions if each.bank_reference]
        alike = {ALIKE(each) for each in numbered}
        numbers = {each.bank_reference for each in numbered}
        if len(numbers) == len(numbered) or len(numbers) != len(alike):
            return self, []
        if 2 * len(numbers) <= len(numbered):
            return self, []
        known, first = set[tuple[object, ...]](), list[bool]()
        for each in self.transactions:
            first.append(not each.bank_reference or ALIKE(each) not in known)
            known.add(ALIKE(each))
        again = compress(self.transactions, (not each for each in first))
        return self._only(first), list(again)

    def counted(self) -> "AccountBookings":
        """Those that are final."""
        if not self.has_pending:
            return self
        return self._only([not each.pending for each in self.transactions])

    def oldest_first(self) -> "AccountBookings":
        """The bookings in their order of time: many banks write the newest first."""
        final = self.transactions
        if self.has_pending:
            final = [each for each in final if not each.pending]
        days = [day for day, _ in groupby(map(BOOKED_ON, final))]
        if days[:1] == days[-1:]:
            backwards = self._backwards()
            fewer = sum(1 for _ in backwards._breaks()) < sum(1 for _ in self._breaks())
            return backwards if fewer else self
        later = days[1:]
        falls, rises = sum(map(gt, days, later)), sum(map(lt, days, later))
        return self._backwards() if falls > rises else self

    def without_totals(
        self, moved: int | None = None
    ) -> tuple["AccountBookings", list[Transaction]]:
        """The bookings without balances and totals among them; rows that may be either.

        `moved` is by how much the account changed as the lines around the table have it.
        """
        summed = self._summed(moved)
        if not summed and not candidates(self.transactions) and not self._begins_or_ends():
            return self, []
        in_order = self.oldest_first()
        if in_order is not self:
            summed = in_order._summed(moved)
        rows, sums = in_order.transactions, Sums()
        said = dict(candidates(rows)) | in_order._begins_or_ends()
        keep, doubtful = [True] * len(rows), []
        for at, row in enumerate(rows):
            if row.pending:
                continue
            if at in summed and (at not in said or sums.count == 0):
                keep[at] = False
                doubtful += [] if at in said or summed[at] is RowMeaning.NONE else [row]
                continue
            if at not in said or in_order._is_proven(at):
                sums.add(row.amount)
                continue
            edge = all(each in said for each in range(at)) or all(
                each in said for each in range(at, len(rows))
            )
            if sums.count == 0 and in_order._is_led_from(at, said):
                said[at] = said[at]._replace(vague=False)
            verdict = sums.judge(row.amount, said[at], is_at_edge=edge)
            if verdict is RowMeaning.BOOKING:
                sums.add(row.amount)
                continue
            keep[at] = False
            if verdict is RowMeaning.DOUBTFUL:
                doubtful.append(row)
            elif said[at].kind is not TotalKind.TOTAL:
                balance = Balance(row.amount, row.booked_on)
                if (
                    said[at].kind is TotalKind.OPENING
                    and in_order.first is None
                    and sums.count == 0
                ):
                    in_order.first = balance
                elif said[at].kind is TotalKind.CLOSING:
                    in_order.last = balance
        return in_order._only(keep), doubtful

    def with_pending_ends(self) -> "AccountBookings":
        """The same, pending where the texts of the first or the last rows say so."""
        rows, has_pending = list(self.transactions), self.has_pending
        for ways in (range(len(rows)), range(len(rows) - 1, -1, -1)):
            for at in ways:
                if rows[at].pending or PENDING_TEXT.match(rows[at].remittance) is None:
                    break
                rows[at] = rows[at]._replace(pending=True)
                has_pending = True
        return replace(self, transactions=rows, has_pending=has_pending)

    def moved(self) -> int:
        """What all bookings come to, in minor units."""
        return sum(map(AMOUNT, self.transactions))

    def breaks(self) -> Iterator[Finding]:
        """Each row whose balance is not what the row before it and its amount make."""
        for off, transaction in self._breaks():
            at = transaction.evidence.start
            amount = stated(off, transaction.currency)
            yield Finding(
                "running_balance",
                Bilingual(
                    f"The balance in the row at byte {at} is off by {amount.en} from what the row"
                    " before makes.",
                    f"Der Saldo in der Zeile ab Byte {at} weicht um {amount.de} von dem ab, was"
                    " sich aus der Zeile davor ergibt.",
                ),
            )

    def opening(self) -> Balance | None:
        """What stood before the first row, by the first balance that a row names."""
        if not self._balanced:
            return self.first
        moved = 0
        for balance, transaction in zip(self.balances, self.transactions, strict=True):
            moved += transaction.amount
            if balance is not None:
                return Balance(balance - moved, self.transactions[0].booked_on)
        return None

    def closing(self) -> Balance | None:
        """What stood after the last row, by the last balance that a row names."""
        if not self._balanced:
            return self.last
        moved = 0
        latest_first = zip(self.balances[::-1], self.transactions[::-1], strict=True)
        for balance, transaction in latest_first:
            if balance is not None:
                return Balance(balance + moved, self.transactions[-1].booked_on)
            moved += transaction.amount
        return None

    def _backwards(self) -> "AccountBookings":
        return replace(self, transactions=self.transactions[::-1], balances=self.balances[::-1])

    def _only(self, wanted: Sequence[bool]) -> "AccountBookings":
        return replace(
            self,
            transactions=list(compress(self.transactions, wanted)),
            balances=list(compress(self.balances, wanted)),
        )

    def _begins_or_ends(self) -> dict[int, Said]:
        """What the first row and the last may be by their words, that are no bookings."""
        rows = self.transactions
        ends = {0: True, len(rows) - 1: False} if len(rows) > 1 else {}
        left = self.balances
        open_ends = [at for at in ends if left[at] is None or left[at] == rows[at].amount]
        found = {
            at: at_edge(rows[at], first=ends[at], is_balance=left[at] is not None)
            for at in open_ends
        }
        return {at: said for at, said in found.items() if said}

    def _summed(self, moved: int | None) -> dict[int, RowMeaning]:
        """Rows at either end that are what all others come to, and which no balance proves."""
        found = at_ends(self.transactions, moved)
        return {at: meaning for at, meaning in found.items() if not self._is_proven(at)}

    def _is_led_from(self, at: int, said: Mapping[int, Said]) -> bool:
        """Whether the bookings lead from what a row says was there before to what a later says."""
        due = self.transactions[at].amount
        for later in range(at + 1, len(self.transactions)):
            amount = self.transactions[later].amount
            if later not in said:
                due += amount
            elif amount == due:
                return True
        return False

    def _is_proven(self, at: int) -> bool:
        """Whether the balances say that a row is a booking: it leads from one to the next."""
        amount, after = self.transactions[at].amount, self.balances[at]
        before = self.balances[at - 1] if at else None
        return (
            bool(amount) and before is not None and after is not None and (before + amount == after)
        )

    @property
    def _balanced(self) -> bool:
        """Whether any row names a balance."""
        return self.balances.count(None) < len(self.balances)

    def _breaks(self) -> Iterator[tuple[int, Transaction]]:
        """By how much a balance is off, and the booking in whose row it stands.

        Some banks name a balance only once a day: then it is led to from the one before.
        """
        if not self._balanced:
            return
        due: int | None = None
        for balance, transaction in zip(self.balances, self.transactions, strict=True):
            if due is not None:
                due += transaction.amount
                if balance is not None and balance != due:
                    yield balance - due, transaction
            if balance is not None:
                due = balance
