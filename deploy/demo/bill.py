"""An invoice of the made-up company to a customer: what it is about, before any format."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.company import Company
from deploy.demo.dice import Dice
from deploy.demo.people import Party, vat_id

RATE = 19  # per cent
GOODS = ("Wartung", "Montage", "Ersatzteile", "Anfahrt", "Beratung", "Material")


@dataclass(frozen=True, slots=True)
class Item:
    """A line: so many pieces at a price in cents."""

    name: str
    count: int
    price: int

    @property
    def amount(self) -> int:
        """What the line comes to, in cents."""
        return self.count * self.price


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice in euros, amounts in cents; `code` is 380, or 381 for a credit note."""

    number: str
    code: str
    issued_on: date
    due_on: date
    seller: str
    seller_vat_id: str
    iban: str
    buyer: Party
    buyer_vat_id: str
    items: tuple[Item, ...]
    prepaid: int

    @property
    def net(self) -> int:
        """The lines together."""
        return sum(item.amount for item in self.items)

    @property
    def tax(self) -> int:
        """VAT on the lines together, to the nearest cent."""
        return (self.net * RATE + 50) // 100

    @property
    def gross(self) -> int:
        """Net and tax."""
        return self.net + self.tax

    @property
    def due(self) -> int:
        """What is still to be paid."""
        return self.gross - self.prepaid


def make_bill(company: Company, number: int = 1, code: str = "380") -> Bill:
    """The company's invoice of that number to one of its customers; always the same."""
    dice, cast = Dice(f"{company.seed}/bill/{number}"), company.cast
    issued_on = company.last_month + timedelta(days=dice.between(0, 27))
    items = [
        Item(name, dice.between(1, 12), dice.between(900, 240_000))
        for name in dice.sample(list(GOODS), dice.between(2, len(GOODS)))
    ]
    return Bill(
        number=f"RE-{issued_on:%Y}-{number:04d}",
        code=code,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=14),
        seller=cast.name,
        seller_vat_id=cast.vat_id,
        iban=cast.current.iban,
        buyer=dice.pick(cast.customers).party,
        buyer_vat_id=vat_id(dice.between(10_000_000, 99_999_999)),
        items=tuple(items),
        prepaid=dice.pick((0, 0, 5_000)),
    )
