"""Who plays in the story: the company, its accounts, and everybody it deals with."""

from dataclasses import dataclass

from deploy.demo import forms
from deploy.demo.dice import Dice
from deploy.demo.forms import Form
from deploy.demo.ledger import Account, Bank
from deploy.demo.people import (
    CUSTOMER_TRADES,
    Party,
    iban,
    invent_firms,
    invent_party,
    invent_people,
    vat_id,
)

TOWNS = ("Musterstadt", "Musterhausen", "Beispielburg", "Neumusterow")
COMPANIES = (
    "Nordlicht Gebäudetechnik",
    "Hafenkrone Bürobedarf",
    "Kiekut Fahrradhaus",
    "Dreimast Küchenbau",
    "Sturmfest Dachservice",
)
LENDERS = (
    "Hansekredit Bank AG",
    "Deichfinanz Mittelstandsbank AG",
    "Alsterkapital Finanzierung GmbH",
    "Norderlicht Kreditgesellschaft mbH",
)
INSURERS = ("AOK Musterland", "Betriebskrankenkasse Leuchtturm", "Innungskrankenkasse Musterland")


@dataclass(frozen=True, slots=True)
class FinancialHealth:
    """How well the business does; shares of monthly turnover in percent, chances in permille."""

    costs: int
    bounces: int
    lowest: tuple[int, int]
    seizes: int


HEALTHY = FinancialHealth(costs=92, bounces=6, lowest=(5, 40), seizes=0)
TIGHT = FinancialHealth(costs=98, bounces=90, lowest=(-14, 8), seizes=60)
STRUGGLING = FinancialHealth(costs=102, bounces=320, lowest=(-45, -8), seizes=500)


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who pays; `fee` is the monthly collection in cents, 0 for who pays by transfer."""

    party: Party
    weight: int
    form: Form
    fee: int = 0
    mandate: str | None = None


@dataclass(frozen=True, slots=True)
class Supplier:
    """Somebody to be paid, by transfer or by direct debit under a mandate."""

    party: Party
    weight: int
    form: Form
    mandate: str | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan with equal monthly instalments in cents; `starts` counts months into the story."""

    lender: Party
    number: str
    principal: int
    instalment: int
    split: bool
    starts: int | None


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody on the payroll, with a net monthly wage in cents."""

    party: Party
    wage: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of one company's story; `turnover` is a usual month's in cents."""

    name: str
    town: str
    register_number: str
    vat_id: str
    health: FinancialHealth
    turnover: int
    growth: int
    season: tuple[int, ...]
    current: Account
    second: Account
    customers: tuple[Customer, ...]
    subscribers: tuple[Customer, ...]
    suppliers: tuple[Supplier, ...]
    staff: tuple[Employee, ...]
    insurers: tuple[Party, ...]
    loans: tuple[Loan, ...]
    owner: Party
    landlord: Party
    lessor: Party
    underwriter: Party
    processor: Party
    tax_office: Party
    town_treasury: Party
    customs: Party
    labour_office: Party
    bailiff: Party
    broker: Party | None
    casino: Party | None

    @property
    def accounts(self) -> tuple[Account, Account]:
        """Both accounts, the current one first."""
        return self.current, self.second


def _banks(dice: Dice) -> tuple[Bank, Bank]:
    """Two banks with unlike habits; some second banks give ISO codes only."""
    kontor = Bank(
        name="Kontorbank Musterstadt AG",
        bic="KTORDEFFXXX",
        code="90120045",
        version="08",
        issuer="DK",
        gives_gvc=True,
        flips=False,
        keeps_roles=True,
        sepa_keys=False,
        shouts=False,
        names_both=dice.chance(500),
        gvc_inside=False,
    )
    elbufer = Bank(
        name="Elbufer Bank eG",
        bic="ELUFDEHHXXX",
        code="93080077",
        version="02",
        issuer="ZKA",
        gives_gvc=dice.chance(500),
        flips=True,
        keeps_roles=False,
        sepa_keys=True,
        shouts=True,
        names_both=True,
        gvc_inside=True,
    )
    return kontor, elbufer


def _accounts(dice: Dice, turnover: int) -> tuple[Account, Account]:
    """The current account and a second one; what stood on them at first is settled later."""
    kontor, elbufer = _banks(dice)
    line = turnover * 3 // 10 // 100_000 * 100_000
    return (
        Account(iban(kontor.code, dice.between(1_000_000, 9_999_999)), kontor, line, 0),
        Account(iban(elbufer.code, dice.between(100_000_000, 999_999_999)), elbufer, 0, 0),
    )


def _subscribers(dice: Dice, firms: list[Party], turnover: int) -> tuple[Customer, ...]:
    """Customers under a mandate; together they pay about a sixth of a month's turnover."""
    fee = turnover * 16 // 100 // len(firms)
    return tuple(
        Customer(
            firm,
            weight=1,
            form=forms.COLLECTION_B2B if dice.chance(250) else forms.COLLECTION,
            fee=dice.near(fee, 60) // 100 * 100 - 1,
            mandate=f"M-{number:05d}",
        )
        for number, firm in enumerate(firms, dice.between(100, 9_000))
    )


def _supplier(dice: Dice, firm: Party) -> Supplier:
    form = dice.pick_weighted((forms.TRANSFER_OUT, forms.DEBIT, forms.DEBIT_B2B), (6, 3, 1))
    mandate = None if form is forms.TRANSFER_OUT else f"{dice.between(10_000, 99_999)}L"
    return Supplier(firm, dice.between(1, 20), form, mandate)


def _loans(dice: Dice, turnover: int) -> tuple[Loan, ...]:
    """One loan from before the story and, mostly, one taken out in it."""
    first, second = (invent_party(dice, name) for name in dice.sample(LENDERS, 2))
    small, large = turnover * 2 // 100, turnover * 3 // 100
    old = Loan(first, f"60{dice.between(10_000, 99_999)}", 0, dice.near(large, 20), True, None)
    number, principal = f"DV {dice.between(100_000, 999_999)}", turnover // 100_000 * 100_000
    new = Loan(second, number, principal, dice.near(small, 20), False, dice.between(1, 9))
    return (old, new) if dice.chance(800) else (old,)


def _season(dice: Dice) -> tuple[int, ...]:
    """Each calendar month's turnover in percent of a usual one."""
    swing = dice.between(4, 22)
    peak = dice.between(0, 11)
    return tuple(
        100 + swing - swing * 2 * min((m - peak) % 12, (peak - m) % 12) // 6 for m in range(12)
    )


def invent_cast(seed: int) -> Cast:
    """Everybody in the story of that seed."""
    dice = Dice(f"{seed}/cast")
    turnover = dice.between(60_000, 260_000) * 100
    town = dice.pick(TOWNS)
    name = f"{dice.pick(COMPANIES)} GmbH"
    firms = invent_firms(dice, 80)
    landlords = invent_firms(dice, 6, CUSTOMER_TRADES)
    people = invent_people(dice, 12)
    current, second = _accounts(dice, turnover)
    staff = people[: dice.between(4, 9)]
    wages = turnover * 18 // 100
    return Cast(
        name=name,
        town=town,
        register_number=f"HRB {dice.between(10_000, 199_999)}",
        vat_id=vat_id(dice.between(10_000_000, 99_999_999)),
        health=dice.pick((HEALTHY, TIGHT, STRUGGLING)),
        turnover=turnover,
        growth=dice.between(-8, 16),
        season=_season(dice),
        current=current,
        second=second,
        customers=tuple(
            Customer(
                firm,
                dice.between(1, 30),
                dice.pick_weighted((forms.TRANSFER_IN, forms.INSTANT_IN), (6, 1)),
            )
            for firm in (*landlords, *firms[:34])
        ),
        subscribers=_subscribers(dice, firms[34:56], turnover),
        suppliers=tuple(_supplier(dice, firm) for firm in firms[56:]),
        staff=tuple(Employee(p, dice.near(wages // len(staff), 25)) for p in staff),
        insurers=tuple(invent_party(dice, insurer) for insurer in INSURERS[: dice.between(2, 3)]),
        loans=_loans(dice, turnover),
        owner=people[-1],
        landlord=invent_party(dice, "Tannwinkel Grundstücksgesellschaft mbH"),
        lessor=invent_party(dice, "Flottleas Leasing GmbH"),
        underwriter=invent_party(dice, "Leuchtfeuer Versicherung AG"),
        processor=invent_party(dice, "Kartenkontor Zahlungsdienste GmbH"),
        tax_office=invent_party(dice, f"Finanzamt {town}"),
        town_treasury=invent_party(dice, f"Stadtkasse {town}"),
        customs=invent_party(dice, f"Hauptzollamt {town}"),
        labour_office=invent_party(dice, f"Agentur für Arbeit {town}"),
        bailiff=invent_party(dice, f"Gerichtsvollzieher {people[-2].name}"),
        broker=invent_party(dice, "Sternwarte Depotbank AG") if dice.chance(350) else None,
        casino=invent_party(dice, "Glückswelle Sportwetten Ltd") if dice.chance(300) else None,
    )
