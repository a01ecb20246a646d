"""Invented people and companies, and numbers for them whose check digits are right."""

from dataclasses import dataclass

from deploy.demo.dice import Dice

PLACES = (
    "Ostermoor Lindwasser Hagenbrück Silberau Tannwinkel Krähenfurt Mühlgrund Weißdorn Eschenried "
    "Birkenloh Fährholm Königsluch Rabenhorst Steinwiek Grünkoppel Nebelthal Holmstein Uferbek "
    "Falkenrode Auenbrück Wendelsee Möwenort Haselstedt Dornbek"
)
TRADES = (
    "Metallbau Fensterbau Logistik Bäckerei Gastronomie Möbelwerke Elektrotechnik "
    "Gartenbau Druckerei Kältetechnik Mietwagen Pflegedienst Brauhaus Verpackung Werkzeugbau "
    "Baustoffe Softwarehaus Molkerei Textil Spedition"
)
# Whoever pays one of these may well pay rent: they pay the company, and it buys from others.
CUSTOMER_TRADES = "Hausverwaltung Immobilien Pflegeheim"
LEGAL_FORMS = ("GmbH", "GmbH", "GmbH", "KG", "GmbH & Co. KG", "OHG", "e.K.", "AG")
GIVEN = "Jule Enno Tjark Wiebke Änne Jörn Svea Malte Frauke Sönke Imke Tilo Gesa Bela"
FAMILY = (
    "Lindwasser Torfhauer Mühlgrunder Ährenbeck Steinwieker Holmfeldt Krähenfurter Uferbeck "
    "Grünkoppel Nebelthaler Auenhofer Dornbeker Weißdorner Fährholmer"
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the other side of a booking, by the name in the register."""

    name: str
    iban: str | None = None


def iban(bank_code: str, number: int) -> str:
    """A German IBAN with its two check digits (ISO 7064, mod 97)."""
    inner = f"{bank_code}{number:010d}"
    return f"DE{98 - int(inner + '131400') % 97:02d}{inner}"


def bic(iban: str) -> str:
    """An invented BIC that goes with an invented IBAN's bank code."""
    return "".join(chr(ord("A") + int(digit)) for digit in iban[5:9]) + "DEFFXXX"


def vat_id(number: int) -> str:
    """A German VAT id: eight digits and their check digit (ISO 7064, mod 11,10)."""
    product = 10
    for digit in f"{number:08d}":
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return f"DE{number:08d}{(11 - product) % 10}"


def invent_iban(dice: Dice) -> str:
    """An IBAN at a bank that does not exist: no German bank code begins with 9."""
    return iban(f"9{dice.between(1_000_000, 9_999_999)}", dice.between(10_000, 9_999_999_999))


def invent_party(dice: Dice, name: str) -> Party:
    """A party of that name with an account of its own."""
    return Party(name, invent_iban(dice))


def invent_firms(dice: Dice, count: int, trades: str = TRADES) -> list[Party]:
    """Distinct companies: a place, a trade, a legal form."""
    pairs = dice.sample(
        [(place, trade) for place in PLACES.split() for trade in trades.split()], count
    )
    return [
        invent_party(dice, f"{place} {trade} {dice.pick(LEGAL_FORMS)}") for place, trade in pairs
    ]


def invent_people(dice: Dice, count: int) -> list[Party]:
    """Distinct persons."""
    pairs = dice.sample(
        [(given, family) for given in GIVEN.split() for family in FAMILY.split()], count
    )
    return [invent_party(dice, f"{given} {family}") for given, family in pairs]
