"""One account's bookings out of a table: in which order they are, and whether balances lead on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress
from operator import gt, lt

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.formats.csv.batch import Batch
from core.formats.csv.booking import AccountKey
from core.money import stated
from core.statements.currency import BALANCE, minor_in, rows_in
from core.statements.model import Balance, Transaction


@dataclass(slots=True)
class AccountBookings:
    """Bookings, and for each the balance in minor units that its row says was left after it."""

    said: list[Transaction] = field(default_factory=list)
    balances: list[int | None] = field(default_factory=list)

    def add(self, batch: Batch, wanted: AccountKey) -> None:
        """Take in those of a batch that are kept in this account and currency."""
        if batch.kept.count(wanted) == len(batch.kept):
            self.said += batch.said
            self.balances += batch.balances
            return
        mine = [each == wanted for each in batch.kept]
        self.said += compress(batch.said, mine)
        self.balances += compress(batch.balances, mine)

    def extend(self, more: "AccountBookings") -> None:
        """Take in more bookings of the same account and currency."""
        self.said += more.said
        self.balances += more.balances

    def taken_in(self, currency: str) -> "AccountBookings":
        """The bookings of a table that names this currency only below them."""
        left = [
            None if each is None else minor_in(currency, each, BALANCE) for each in self.balances
        ]
        return AccountBookings(rows_in(currency, self.said), left)

    def counted(self) -> "AccountBookings":
        """Those that are final."""
        final = [not each.pending for each in self.said]
        if all(final):
            return self
        return AccountBookings(
            list(compress(self.said, final)), list(compress(self.balances, final))
        )

    def oldest_first(self) -> "AccountBookings":
        """The bookings in their order of time: many banks write the newest first."""
        days = [each.booked_on for each in self.said if not each.pending]
        later = days[1:]
        backwards = AccountBookings(self.said[::-1], self.balances[::-1])
        if days[:1] == days[-1:]:
            fewer = sum(1 for _ in backwards._breaks()) < sum(1 for _ in self._breaks())
            return backwards if fewer else self
        falls, rises = sum(map(gt, days, later)), sum(map(lt, days, later))
        return backwards if falls > rises else self

    def breaks(self) -> Iterator[Finding]:
        """Each row whose balance is not what the row before it and its amount make."""
        for off, said in self._breaks():
            at = said.evidence.start
            amount = stated(off, said.currency)
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
            return None
        moved = 0
        for balance, said in zip(self.balances, self.said, strict=True):
            moved += said.amount
            if balance is not None:
                return Balance(balance - moved, self.said[0].booked_on)
        return None

    def closing(self) -> Balance | None:
        """What stood after the last row, by the last balance that a row names."""
        if not self._balanced:
            return None
        moved = 0
        for balance, said in zip(reversed(self.balances), reversed(self.said), strict=True):
            if balance is not None:
                return Balance(balance + moved, self.said[-1].booked_on)
            moved += said.amount
        return None

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
        for balance, said in zip(self.balances, self.said, strict=True):
            if due is not None:
                due += said.amount
                if balance is not None and balance != due:
                    yield balance - due, said
            if balance is not None:
                due = balance
