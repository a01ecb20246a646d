"""Tables as banks might export them, made of a ledger that is known, to hold a reader to.

Each is one seed's: language, order and names of columns, sides, notation, balances, separator and
encoding are drawn. What is taken out of words and balances makes some that nobody can read; a
reader may refuse any, but must never read one wrongly.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal, NamedTuple

from core.errors import Unreadable
from core.formats import parsers
from core.ids import new_id
from core.money import exponent
from core.statements import assemble

IBANS = ("DE02120300000000202051", "FR7630006000011234567890189", "NL91ABNA0417164300")
Booking = tuple[date, Decimal]


class Language(NamedTuple):
    """What a bank calls columns and sides, and how it writes days and amounts."""

    booked: Sequence[str]
    valued: Sequence[str]
    amount: Sequence[str]
    sides: Sequence[tuple[str, str]]  # names of two columns: debit, credit
    side: Sequence[tuple[str, str, str]]  # a column of sides: its name, its debits, its credits
    balance: Sequence[str]
    currency: Sequence[str]
    name: Sequence[str]
    purpose: Sequence[str]
    day: Sequence[str]
    comma: bool


LANGUAGES = {
    "de": Language(
        ("Buchungstag", "Buchungsdatum", "Datum"), ("Valuta", "Wertstellung", "Valutadatum"),
        ("Betrag", "Umsatz"),
        (("Soll", "Haben"), ("Belastung", "Gutschrift"), ("Ausgaben", "Einnahmen"),
         ("Ausgang", "Eingang"), ("Lastschrift", "Gutschrift"), ("Abgang", "Zugang"),
         ("Auszahlung", "Einzahlung")),
        (("Soll/Haben", "S", "H"), ("S/H", "S", "H"), ("Typ", "Ausgabe", "Einnahme"),
         ("Vorzeichen", "-", "+"), ("Buchungsart", "Lastschrift", "Gutschrift"),
         ("Soll-Haben-Kennzeichen", "Soll", "Haben")),
        ("Saldo", "Kontostand", "Saldo nach Buchung"), ("Währung", "Waehrung"),
        ("Empfänger", "Auftraggeber/Empfänger"), ("Verwendungszweck", "Buchungsdetails"),
        ("%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"), True,
    ),
    "en": Language(
        ("Booking date", "Posting Date", "Date"), ("Value date",), ("Amount", "Value"),
        (("Debit", "Credit"), ("Paid out", "Paid in"), ("Money Out", "Money In"),
         ("Withdrawals", "Deposits"), ("Outflow", "Inflow"), ("Payments", "Receipts"),
         ("Debit Amount", "Credit Amount")),
        (("Debit/Credit", "DBIT", "CRDT"), ("Type", "Debit", "Credit"), ("Dr/Cr", "DR", "CR"),
         ("Direction", "out", "in"), ("Credit Debit Indicator", "D", "C"), ("+/-", "-", "+")),
        ("Balance", "Running Balance"), ("Currency", "Ccy"), ("Counterparty", "Payee"),
        ("Description", "Details", "Memo"), ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y"), False,
    ),
    "us": Language(
        ("Posting Date", "Date"), ("Value date",), ("Amount",),
        (("Debit", "Credit"), ("Withdrawals", "Deposits")),
        (("Type", "DEBIT", "CREDIT"), ("Debit/Credit", "D", "C")),
        ("Balance", "Running Bal."), ("Currency",), ("Payee",), ("Description",),
        ("%m/%d/%Y",), False,
    ),
    "nl": Language(
        ("Boekdatum", "Boekingsdatum", "Datum"), ("Valutadatum", "Rentedatum"), ("Bedrag",),
        (("Debet", "Credit"), ("Af", "Bij"), ("Uitgaven", "Inkomsten")),
        (("Debet / Credit", "Debet", "Credit"), ("Af Bij", "Af", "Bij"), ("CreditDebet", "D", "C")),
        ("Saldo",), ("Munt", "Valuta"), ("Naam tegenpartij",), ("Omschrijving", "Mededelingen"),
        ("%d-%m-%Y", "%d/%m/%Y"), True,
    ),
    "fr": Language(
        ("Date comptable", "Date opération", "Date"), ("Date de valeur", "Date valeur"),
        ("Montant",), (("Débit", "Crédit"), ("Dépenses", "Recettes"), ("Sorties", "Entrées")),
        (("Sens", "D", "C"), ("Débit/Crédit", "Débit", "Crédit")),
        ("Solde",), ("Devise",), ("Nom contrepartie",), ("Libellé",), ("%d/%m/%Y",), True,
    ),
    "it": Language(
        ("Data contabile", "Data operazione", "Data"), ("Data valuta",), ("Importo",),
        (("Dare", "Avere"), ("Addebiti", "Accrediti"), ("Uscite", "Entrate")),
        (("Dare/Avere", "D", "A"), ("Segno", "-", "+")), ("Saldo", "Saldo contabile"),
        ("Divisa",), ("Beneficiario",), ("Descrizione", "Causale"), ("%d/%m/%Y",), True,
    ),
    "es": Language(
        ("Fecha contable", "Fecha operación", "Fecha"), ("Fecha valor",), ("Importe",),
        (("Debe", "Haber"), ("Cargo", "Abono"), ("Gastos", "Ingresos"), ("Cargos", "Abonos")),
        (("Debe/Haber", "D", "H"), ("Tipo", "Cargo", "Abono")), ("Saldo",), ("Divisa", "Moneda"),
        ("Beneficiario",), ("Concepto",), ("%d/%m/%Y", "%d-%m-%Y"), True,
    ),
    "pt": Language(
        ("Data mov.", "Data"), ("Data valor",), ("Montante", "Importância"),
        (("Débito", "Crédito"), ("Débitos", "Créditos"), ("Saídas", "Entradas")),
        (("D/C", "D", "C"),), ("Saldo",), ("Moeda",), ("Nome",), ("Descrição",),
        ("%d-%m-%Y",), True,
    ),
    "pl": Language(
        ("Data księgowania", "Data operacji"), ("Data waluty",), ("Kwota", "Kwota operacji"),
        (("Obciążenia", "Uznania"), ("Wydatki", "Wpływy"), ("Wn", "Ma")),
        (("Wn/Ma", "Wn", "Ma"), ("Obciążenie/Uznanie", "Obciążenie", "Uznanie")),
        ("Saldo", "Saldo po operacji"), ("Waluta",), ("Nadawca/Odbiorca",), ("Tytuł",),
        ("%Y-%m-%d", "%d.%m.%Y"), True,
    ),
    "cs": Language(
        ("Datum zaúčtování", "Datum"), ("Datum valuty",), ("Částka",),
        (("Výdaje", "Příjmy"), ("Má dáti", "Dal")), (("MD/D", "MD", "D"),),
        ("Zůstatek",), ("Měna",), ("Název",), ("Popis",), ("%d.%m.%Y",), True,
    ),
    "sv": Language(
        ("Bokföringsdag", "Bokföringsdatum"), ("Valutadag",), ("Belopp",),
        (("Uttag", "Insättningar"), ("Utgifter", "Inkomster"), ("Debet", "Kredit")),
        (("Debet/Kredit", "D", "K"),), ("Saldo",), ("Valuta",), ("Namn",), ("Meddelande", "Text"),
        ("%Y-%m-%d", "%Y/%m/%d"), True,
    ),
    "no": Language(
        ("Bokføringsdato", "Dato"), ("Rentedato",), ("Beløp",),
        (("Ut", "Inn"), ("Utbetaling", "Innbetaling"), ("Ut fra konto", "Inn på konto")),
        (("Ut/Inn", "Ut", "Inn"),), ("Saldo",), ("Valuta",), ("Navn",),
        ("Beskrivelse", "Forklaring"), ("%d.%m.%Y",), True,
    ),
    "lt": Language(
        ("Data",), (), ("Suma",), (("Debetas", "Kreditas"),), (("D/K", "D", "K"),), ("Likutis",),
        ("Valiuta",), ("Gavėjas",), ("Paaiškinimai",), ("%Y-%m-%d",), False,
    ),
    "hu": Language(
        ("Könyvelési dátum",), ("Értéknap",), ("Összeg",), (("Kiadás", "Bevétel"),),
        (("T/J", "T", "J"), ("Terhelés/Jóváírás", "Terhelés", "Jóváírás")), ("Egyenleg",),
        ("Pénznem", "Devizanem"), ("Név",), ("Közlemény",), ("%Y.%m.%d", "%Y-%m-%d"), True,
    ),
    "tr": Language(
        ("İşlem Tarihi",), ("Valör Tarihi",), ("Tutar",), (("Borç", "Alacak"),),
        (("B/A", "B", "A"),), ("Bakiye",), ("Para Birimi",), ("Ad",), ("Açıklama",),
        ("%d.%m.%Y",), True,
    ),
}  # fmt: skip
PARTIES = ("Fjord Bau KG", "Hallen GbR", "Papier Vos", "Stadtwerke", "Team Nord", "Kade BV", "REWE")
PURPOSES = ("RE 12", "Miete Lager", "Stifte", "Strom Januar", "Lohn", "Abschlag 3", "Fracht")
UNKNOWN = ("Zorp", "Quux", "Flimm", "Brant", "Wexel", "Ploff", "Snark", "Drumm", "Gleef", "Vornx")
ODD_SIDES = (("xq", "zv"), ("alpha", "beta"), ("1", "2"), ("rot", "schwarz"), ("L", "R"))


@dataclass
class Table:
    """A table being made: its columns by what they are, and what may be known of it."""

    rng: Random
    language: Language
    days: list[date]
    valued: list[date]
    amounts: list[Decimal]
    balances: list[Decimal]
    currency: str
    columns: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    header: bool = True
    readable: bool = True
    taken_back: set[int] = field(default_factory=set)
    above: list[list[str]] = field(default_factory=list)
    below: list[list[str]] = field(default_factory=list)
    pending: set[int] = field(default_factory=set)


class Made(NamedTuple):
    """A table as bytes, of which kind it is, what it tells, and whether anybody can read it."""

    kind: str
    content: bytes
    bookings: Counter[Booking]
    readable: bool
    above: list[list[str]]
    names: list[str]  # none where it has no header
    rows: list[list[str]]


def table(seed: int) -> Made:
    """The table of that seed; kinds take turns."""
    rng = Random(seed)
    kind = list(KINDS)[seed % len(KINDS)]
    made = _ledger(rng)
    KINDS[kind](made)
    columns = list(made.columns.values())
    rng.shuffle(columns)
    names = [name for name, _ in columns] if made.header else []
    rows = list(map(list, zip(*(cells for _, cells in columns), strict=True)))
    if rng.random() < 0.5:
        rows.reverse()
    content = _written(rng, [*made.above, *([names] if names else []), *rows, *made.below])
    return Made(kind, content, _expected(made), made.readable, made.above, names, rows)


def _ledger(rng: Random) -> Table:
    """Bookings of one to three months, and what they leave on the account."""
    language = LANGUAGES[rng.choice(list(LANGUAGES))]
    count = rng.choice((3, 4, 5, 8, 12, 30))
    start = date(2025, rng.randint(1, 9), rng.randint(1, 12))
    days = sorted(start + timedelta(rng.randint(0, 60)) for _ in range(count))
    days[-1] = max(days[-1], start + timedelta(40))  # beyond the 12th of a month, mostly
    if language is LANGUAGES["us"]:
        days[0], days[-1] = date(2025, days[0].month, 1), days[-1].replace(day=28)
    valued = [day + timedelta(rng.choice((0, 0, 1, 2, -1))) for day in days]
    amounts = [_amount(rng) for _ in days]
    if all(each > 0 for each in amounts) or all(each < 0 for each in amounts):
        amounts[0] = -amounts[0]
    left, balances = Decimal(rng.randint(1_000, 9_000)), []
    for each in amounts:
        left += each
        balances.append(left)
    currency = rng.choice(("EUR", "EUR", "EUR", "CHF", "USD", "GBP"))
    made = Table(rng, language, days, valued, amounts, balances, currency)
    made.columns["booked"] = rng.choice(language.booked), _days(made, days)
    made.columns["purpose"] = rng.choice(language.purpose), [rng.choice(PURPOSES) for _ in days]
    if rng.random() < 0.6:
        made.columns["name"] = rng.choice(language.name), [rng.choice(PARTIES) for _ in days]
    if rng.random() < 0.8:
        made.columns["currency"] = rng.choice(language.currency), [currency] * count
    if rng.random() < 0.3:
        made.above.append(["IBAN", rng.choice(IBANS)])
    return made


def _amount(rng: Random) -> Decimal:
    cents = rng.choice((rng.randint(100, 9_999), rng.randint(10_000, 900_000)))
    return Decimal(cents if rng.random() < 0.45 else -cents) / 100


def _days(made: Table, days: Sequence[date]) -> list[str]:
    style = made.rng.choice(made.language.day)
    return [day.strftime(style) for day in days]


def _text(made: Table, amounts: Sequence[Decimal | None]) -> list[str]:
    """Amounts as the language writes them, in one style."""
    rng = made.rng
    thousands = (
        rng.choice(("", "", ".", " ", "'")) if made.language.comma else rng.choice(("", ","))
    )
    minus = rng.choice(("-", "-", "-", "-", "\u2212", "behind"))
    behind = f" {made.currency}" if rng.random() < 0.1 else ""
    written = []
    for each in amounts:
        if each is None:
            written.append("")
            continue
        text = f"{abs(each):,.2f}".replace(",", "T").replace(
            ".", "," if made.language.comma else "."
        )
        text = text.replace("T", thousands)
        if each < 0:
            text = f"{text}-" if minus == "behind" else f"{minus}{text}"
        written.append(text + behind)
    return written


def _signed(made: Table) -> None:
    made.columns["amount"] = made.rng.choice(made.language.amount), _text(made, made.amounts)


def _with_balance(made: Table) -> None:
    made.columns["balance"] = made.rng.choice(made.language.balance), _text(made, made.balances)


def _with_value_day(made: Table) -> None:
    if made.language.valued:
        name = made.rng.choice(made.language.valued)
        made.columns["valued"] = name, _days(made, made.valued)


def _maybe(made: Table, *more: Callable[[Table], None]) -> None:
    for each in more:
        if made.rng.random() < 0.4:
            each(made)


def signed(made: Table) -> None:
    """One column of amounts with their signs."""
    _signed(made)
    _maybe(made, _with_balance, _with_value_day)


def two_columns(made: Table, zeros: bool = False, minus: bool = False) -> None:
    """A column for each side."""
    debit, credit = made.rng.choice(made.language.sides)
    nothing = Decimal(0) if zeros else None
    spent = [(each if minus else -each) if each < 0 else nothing for each in made.amounts]
    came = [each if each > 0 else nothing for each in made.amounts]
    made.columns["debit"] = debit, _text(made, spent)
    made.columns["credit"] = credit, _text(made, came)
    _maybe(made, _with_balance, _with_value_day)


def two_columns_zeros(made: Table) -> None:
    """A column for each side, with zeros in the other."""
    two_columns(made, zeros=True)


def two_columns_minus(made: Table) -> None:
    """A column for each side, and debits have a minus."""
    two_columns(made, minus=True)


def _sided(made: Table, name: str, debit: str, credit: str) -> None:
    _signed(made)
    made.columns["amount"] = made.columns["amount"][0], _text(made, list(map(abs, made.amounts)))
    made.columns["side"] = name, [debit if each < 0 else credit for each in made.amounts]


def side_column(made: Table) -> None:
    """A column of sides by name."""
    _sided(made, *made.rng.choice(made.language.side))
    _maybe(made, _with_balance, _with_value_day)


def side_column_unnamed(made: Table) -> None:
    """A column of sides whose name nobody knows, with words that are known."""
    _, debit, credit = made.rng.choice(made.language.side)
    _sided(made, made.rng.choice((*UNKNOWN, "")), debit, credit)
    _maybe(made, _with_balance, _with_value_day)


def side_column_by_balance(made: Table) -> None:
    """A column of sides in words that nobody knows, beside balances."""
    name, _, _ = made.rng.choice(made.language.side)
    _sided(made, made.rng.choice((*UNKNOWN, name)), *made.rng.choice(ODD_SIDES))
    _with_balance(made)
    _maybe(made, _with_value_day)


def side_column_untold(made: Table) -> None:
    """A column of sides in words that nobody knows, and no balances."""
    side_column_by_balance(made)
    del made.columns["balance"]
    made.readable = False


def suffix(made: Table) -> None:
    """The side behind each amount."""
    _signed(made)
    debit, credit = made.rng.choice(((" S", " H"), (" DR", " CR"), ("-", "+"), (" D", " C")))
    texts = [
        text + (debit if each < 0 else credit)
        for text, each in zip(_plain(made), made.amounts, strict=True)
    ]
    made.columns["amount"] = made.columns["amount"][0], texts
    _maybe(made, _with_balance, _with_value_day)


def _plain(made: Table) -> list[str]:
    point = "," if made.language.comma else "."
    return [f"{abs(each):.2f}".replace(".", point) for each in made.amounts]


def taken_back(made: Table) -> None:
    """A minus in a column of debits or credits that is otherwise plain."""
    while sum(1 for each in made.amounts if each < 0) < 2:
        _extend(made)
    spent = [at for at, each in enumerate(made.amounts) if each < 0]
    came = [at for at, each in enumerate(made.amounts) if each > 0]
    back = made.rng.choice(spent[1:])
    debit, credit = made.rng.choice(made.language.sides)
    debits = [-each if at in spent else None for at, each in enumerate(made.amounts)]
    credits_ = [each if at in came else None for at, each in enumerate(made.amounts)]
    debits[back] = -abs(made.amounts[back])
    made.amounts[back] = abs(made.amounts[back])
    _reckon(made)
    made.columns["debit"] = debit, _text(made, debits)
    made.columns["credit"] = credit, _text(made, credits_)
    _maybe(made, _with_balance, _with_value_day)


def _extend(made: Table) -> None:
    at = next(at for at, each in enumerate(made.amounts) if each > 0)
    made.amounts[at] = -made.amounts[at]
    if all(each < 0 for each in made.amounts):
        made.amounts[-1] = abs(made.amounts[-1])
        made.amounts[0] = -abs(made.amounts[0])
        made.amounts[1] = -abs(made.amounts[1])
    _reckon(made)


def _reckon(made: Table) -> None:
    left = Decimal(5_000)
    for at, each in enumerate(made.amounts):
        left += each
        made.balances[at] = left


def words_wrong(made: Table) -> None:
    """The names of the sides the wrong way round, which balances show."""
    two_columns(made)
    _with_balance(made)
    (debit, spent), (credit, came) = made.columns["debit"], made.columns["credit"]
    made.columns["debit"], made.columns["credit"] = (credit, spent), (debit, came)


def names_unknown(made: Table) -> None:
    """Amounts or sides under names that nobody knows, beside balances."""
    made.rng.choice((signed, two_columns, two_columns_zeros, two_columns_minus))(made)
    _with_balance(made)
    for at, each in enumerate(("amount", "debit", "credit", "balance")):
        if each in made.columns and made.rng.random() < 0.7:
            made.columns[each] = UNKNOWN[at], made.columns[each][1]


def names_unknown_untold(made: Table) -> None:
    """Sides under names that nobody knows, and no balances."""
    two_columns(made)
    made.columns.pop("balance", None)
    for at, each in enumerate(("debit", "credit")):
        made.columns[each] = UNKNOWN[at], made.columns[each][1]
    made.readable = False


def one_name_known(made: Table) -> None:
    """Two sides, of which only one has a name that is known."""
    two_columns(made)
    made.columns.pop("balance", None)
    which = made.rng.choice(("debit", "credit"))
    made.columns[which] = made.rng.choice(UNKNOWN), made.columns[which][1]


def headless(made: Table) -> None:
    """No header: signs, or sides in words, or balances tell."""
    made.rng.choice((signed, side_column, side_column_by_balance, suffix))(made)
    made.columns.pop("valued", None)
    made.header = False


def headless_untold(made: Table) -> None:
    """No header, and two sides that nothing tells apart."""
    made.rng.choice((two_columns, two_columns_zeros, side_column_untold))(made)
    made.columns.pop("balance", None)
    made.header, made.readable = False, False


def headless_two_days(made: Table) -> None:
    """No header, and two columns of days that differ."""
    signed(made)
    _with_value_day(made)
    made.header = False
    made.readable = "valued" not in made.columns or made.days == made.valued


def day_unknown(made: Table) -> None:
    """The day of booking under a name that nobody knows, beside the day of value."""
    signed(made)
    _with_value_day(made)
    made.columns["booked"] = made.rng.choice(UNKNOWN), made.columns["booked"][1]
    made.readable = "valued" not in made.columns or made.days == made.valued


def other_days(made: Table) -> None:
    """Days of receipts and dues beside the day of booking."""
    signed(made)
    name = made.rng.choice(("Belegdatum", "Fälligkeit", "Due date", "Zorp"))
    other = [day - timedelta(made.rng.randint(0, 9)) for day in made.days]
    made.columns["other"] = name, _days(made, other)
    if name == "Zorp":
        made.readable = False  # where the day of booking is but called a date


def foreign(made: Table) -> None:
    """Amounts of other currencies beside those of the account."""
    signed(made)
    made.columns.pop("currency", None)
    name = made.columns["amount"][0]
    made.columns["amount"] = f"{name} ({made.currency})", made.columns["amount"][1]
    rate = Decimal("1.13")
    abroad = [made.rng.random() < 0.3 for _ in made.days]
    amounts = [
        (each * rate).quantize(Decimal("0.01")) if out else None
        for each, out in zip(made.amounts, abroad, strict=True)
    ]
    made.columns["foreign"] = (
        made.rng.choice(("Originalbetrag", "Local amount", "Zorp")),
        _text(made, amounts),
    )
    code = "SEK" if made.currency != "SEK" else "NOK"
    made.columns["code"] = (
        made.rng.choice(made.language.currency),
        [code if out else "" for out in abroad],
    )


def two_currencies(made: Table) -> None:
    """Amounts in two currencies, both under the same name."""
    _signed(made)
    made.columns.pop("currency", None)
    name, texts = made.columns["amount"]
    other = [(each * Decimal("1.09")).quantize(Decimal("0.01")) for each in made.amounts]
    made.columns["amount"] = f"{name} (EUR)", texts
    made.columns["foreign"] = f"{name} (SEK)", _text(made, other)
    made.readable = False
    made.currency = "EUR"


def fees(made: Table) -> None:
    """What came in or went out before fees, the fees, and what is left."""
    cuts = [Decimal(made.rng.randint(0, 400)) / 100 for _ in made.days]
    cuts[0] = Decimal("1.25")
    gross = [each + cut for each, cut in zip(made.amounts, cuts, strict=True)]
    sign = made.rng.choice((1, -1))
    names = made.rng.choice((("Gross", "Fee", "Net"), ("Brutto", "Gebühr", "Netto")))
    for kind, name, amounts in zip(
        ("gross", "fee", "amount"), names, (gross, [sign * e for e in cuts], made.amounts),
        strict=True,
    ):  # fmt: skip
        made.columns[kind] = name, _text(made, amounts)
    _maybe(made, _with_balance)


def card(made: Table) -> None:
    """A card's list on which what was spent is positive."""
    made.amounts[0] = abs(made.amounts[0]) + 500
    for at in range(1, len(made.amounts)):
        made.amounts[at] = -abs(made.amounts[at])
    _reckon(made)
    turned = [-each for each in made.amounts]
    made.columns["amount"] = made.rng.choice(made.language.amount), _text(made, turned)
    holder = made.rng.choice(("Karteninhaber", "Card Member", "Kartennummer"))
    made.columns["card"] = holder, ["MAX MUSTER"] * len(made.days)
    paid = made.rng.choice(("ZAHLUNG ERHALTEN. BESTEN DANK.", "PAYMENT RECEIVED - THANK YOU"))
    made.columns["purpose"][1][0] = paid


def card_untold(made: Table) -> None:
    """The same without a payment by which to tell."""
    card(made)
    made.columns["purpose"][1][0] = "HOTEL BOSTON"
    made.readable = False


def ambiguous_days(made: Table) -> None:
    """Days that may put the month first, of which none proves it."""
    made.language = LANGUAGES["en"]
    month_first = made.rng.random() < 0.5
    style = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    month = made.rng.randint(2, 11)
    made.days = sorted(date(2025, month, made.rng.randint(1, 12)) for _ in made.days)
    made.above, made.currency = [], "USD" if month_first else made.currency
    made.columns = {
        "booked": ("Date", [day.strftime(style) for day in made.days]),
        "purpose": ("Description", made.columns["purpose"][1]),
        "currency": ("Currency", [made.currency] * len(made.days)),
    }
    _signed(made)
    made.readable = not month_first


def same_codes_twice(made: Table) -> None:
    """A currency beside the amount and one beside the balance."""
    _signed(made)
    _with_balance(made)
    name = made.rng.choice(made.language.currency)
    made.columns["currency"] = name, [made.currency] * len(made.days)
    made.columns["code"] = name, [made.currency] * len(made.days)


def numbers_beside(made: Table) -> None:
    """Columns of numbers that are no amounts: references, customers, shops."""
    made.rng.choice((signed, two_columns, side_column))(made)
    rng, count = made.rng, len(made.days)
    made.columns["number"] = (
        rng.choice(("Kundennr", "Zorp", "Ref")),
        [str(rng.randint(1000, 99_999_999)) for _ in range(count)],
    )
    made.columns["group"] = (
        rng.choice(("Kategorie", "Quux")),
        [rng.choice(("Haus", "Auto", "Reise")) for _ in range(count)],
    )


def statuses(made: Table) -> None:
    """Bookings beside some that are not booked yet."""
    signed(made)
    made.columns.pop("balance", None)
    booked, pending = made.rng.choice((("Gebucht", "Vorgemerkt"), ("Booked", "Pending")))
    made.pending = {at for at in range(1, len(made.days)) if made.rng.random() < 0.2}
    made.columns["status"] = (
        "Status",
        [pending if at in made.pending else booked for at in range(len(made.days))],
    )


def ends_prove(made: Table) -> None:
    """Sides in words that nobody knows, and what stood on the account before and after."""
    side_column_by_balance(made)
    del made.columns["balance"]
    opening = made.balances[0] - made.amounts[0]
    texts = _text(made, [opening, made.balances[-1]])
    names = ("Alter Kontostand", "Neuer Kontostand") if made.language.comma else (
        "Opening balance", "Closing balance")  # fmt: skip
    made.above += [[name, text] for name, text in zip(names, texts, strict=True)]
    made.readable = not any(map(str.isspace, texts[0]))


def side_words_wrong(made: Table) -> None:
    """Words for sides the wrong way round, which balances show."""
    _sided(made, *made.rng.choice(made.language.side))
    name, cells = made.columns["side"]
    debit, credit = sorted(set(cells))
    made.columns["side"] = name, [credit if cell == debit else debit for cell in cells]
    _with_balance(made)


def signs_wrong(made: Table) -> None:
    """Amounts with the bank's signs, which balances show."""
    _with_balance(made)
    name = made.rng.choice(made.language.amount)
    made.columns["amount"] = name, _text(made, [-each for each in made.amounts])


def balance_once_a_day(made: Table) -> None:
    """A balance beside the last booking of each day only."""
    made.rng.choice((two_columns, side_column_by_balance, names_unknown))(made)
    if "balance" not in made.columns:
        _with_balance(made)
    name, cells = made.columns["balance"]
    ends = {day: at for at, day in enumerate(made.days)}
    made.columns["balance"] = name, [
        cell if ends[day] == at else "" for at, (day, cell) in enumerate(
            zip(made.days, cells, strict=True))
    ]  # fmt: skip
    made.readable = False  # where too few are left


def all_came_in(made: Table) -> None:
    """Nothing but income, as when that was asked for."""
    made.amounts = list(map(abs, made.amounts))
    _reckon(made)
    made.rng.choice((signed, two_columns, side_column))(made)


def all_went_out(made: Table) -> None:
    """Nothing but spending."""
    made.amounts = [-abs(each) for each in made.amounts]
    _reckon(made)
    made.rng.choice((signed, two_columns, two_columns_minus, side_column))(made)


def amount_and_one_side(made: Table) -> None:
    """Signed amounts, and beside them what was spent in a column of its own."""
    signed(made)
    debit, _ = made.rng.choice(made.language.sides)
    spent = [abs(each) if each < 0 else None for each in made.amounts]
    made.columns["debit"] = debit, _text(made, spent)


def unsigned_and_one_side(made: Table) -> None:
    """Amounts without signs, and beside them a column of one side that some rows fill."""
    _signed(made)
    made.columns["amount"] = made.columns["amount"][0], _text(made, list(map(abs, made.amounts)))
    debit, _ = made.rng.choice(made.language.sides)
    spent = [abs(each) if each < 0 else None for each in made.amounts]
    made.columns["debit"] = debit, _text(made, spent)
    made.readable = False


def taxes(made: Table) -> None:
    """What was paid with tax, the tax, and what it comes to without."""
    net = [(each / Decimal("1.19")).quantize(Decimal("0.01")) for each in made.amounts]
    tax = [each - part for each, part in zip(made.amounts, net, strict=True)]
    names = made.rng.choice((("Brutto", "USt", "Netto"), ("Gross", "VAT", "Net")))
    for kind, name, amounts in zip(
        ("amount", "tax", "net"), names, (made.amounts, tax, net), strict=True
    ):
        made.columns[kind] = name, _text(made, amounts)


def net_only(made: Table) -> None:
    """What was booked without tax, and nothing of what was paid."""
    net = [(each / Decimal("1.19")).quantize(Decimal("0.01")) for each in made.amounts]
    tax = [each - part for each, part in zip(made.amounts, net, strict=True)]
    for kind, name, amounts in zip(("net", "tax"), ("Netto", "USt"), (net, tax), strict=True):
        made.columns[kind] = name, _text(made, amounts)
    made.readable = False


def round_sums(made: Table) -> None:
    """Whole amounts without decimals, beside some that have them."""
    made.amounts = [Decimal(int(each)) or Decimal(1) for each in made.amounts]
    made.amounts[-1] += Decimal("0.5")
    _reckon(made)
    made.rng.choice((two_columns, side_column, signed))(made)
    for kind in made.columns.keys() & {"amount", "debit", "credit"}:
        name, cells = made.columns[kind]
        made.columns[kind] = name, [re.sub("[.,]00(?![0-9])", "", cell) for cell in cells]


def two_accounts(made: Table) -> None:
    """Two accounts in one table, each with balances of its own."""
    made.rng.choice((two_columns, side_column_by_balance, signed))(made)
    made.columns.pop("balance", None)
    made.above = []
    owners = [made.rng.choice(IBANS[:2]) for _ in made.days]
    left, balances = dict.fromkeys(IBANS, Decimal(7_000)), []
    for owner, each in zip(owners, made.amounts, strict=True):
        left[owner] += each
        balances.append(left[owner])
    made.columns["own"] = "Auftragskonto", owners
    made.columns["balance"] = made.rng.choice(made.language.balance), _text(made, balances)
    made.readable = False  # where one has too few rows


def few_rows(made: Table) -> None:
    """A table of one or two rows."""
    count = made.rng.choice((1, 2))
    for each in (made.days, made.valued, made.amounts, made.balances):
        del each[count:]
    for kind, (name, cells) in made.columns.items():
        made.columns[kind] = name, cells[:count]
    made.rng.choice((signed, two_columns, side_column, side_column_by_balance, names_unknown))(made)
    made.readable = False


def taken_back_by_side(made: Table) -> None:
    """A minus beside a side that otherwise has none."""
    while sum(1 for each in made.amounts if each < 0) < 2:
        _extend(made)
    _sided(made, *made.rng.choice(made.language.side))
    back = made.rng.choice([at for at, each in enumerate(made.amounts) if each < 0][1:])
    name, _ = made.columns["amount"]
    plain = list(map(abs, made.amounts))
    plain[back] = -plain[back]
    made.amounts[back] = -made.amounts[back]
    _reckon(made)
    made.columns["amount"] = name, _text(made, plain)
    _maybe(made, _with_balance)


def letters_that_are_no_sides(made: Table) -> None:
    """Signed amounts beside a column of letters that look like sides."""
    signed(made)
    letters = made.rng.choice((("C", "D"), ("S", "H"), ("A", "B")))
    made.columns["class"] = (
        made.rng.choice(("Zorp", "Klasse")),
        [made.rng.choice(letters) for _ in made.days],
    )
    made.readable = False


KINDS: dict[str, Callable[[Table], None]] = {
    each.__name__: each
    for each in (
        signed, two_columns, two_columns_zeros, two_columns_minus, side_column,
        side_column_unnamed, side_column_by_balance, side_column_untold, suffix, taken_back,
        words_wrong, names_unknown, names_unknown_untold, one_name_known, headless,
        headless_untold, headless_two_days, day_unknown, other_days, foreign, two_currencies, fees,
        card, card_untold, ambiguous_days, same_codes_twice, numbers_beside, statuses,
        ends_prove, side_words_wrong, signs_wrong, balance_once_a_day, all_came_in, all_went_out,
        amount_and_one_side, unsigned_and_one_side, taxes, net_only, round_sums, two_accounts,
        few_rows, taken_back_by_side, letters_that_are_no_sides,
    )
}  # fmt: skip


def _expected(made: Table) -> Counter[Booking]:
    rows = enumerate(zip(made.days, made.amounts, strict=True))
    return Counter(row for at, row in rows if at not in made.pending)


def _written(rng: Random, cells: list[list[str]]) -> bytes:
    separators = ";\t|" if any("," in cell for row in cells for cell in row) else ";,\t|"
    text = io.StringIO()
    quoting: Literal[0, 1] = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(
        text, delimiter=rng.choice(separators), quoting=quoting,
        lineterminator=rng.choice(("\n", "\r\n")),
    )  # fmt: skip
    writer.writerows(cells)
    for encoding in rng.sample(("utf-8", "utf-8-sig", "utf-16", "cp1252"), 4):
        try:
            return text.getvalue().encode(encoding)
        except UnicodeEncodeError:
            continue
    raise AssertionError("UTF-8 has all letters")


class Verdict(NamedTuple):
    """What became of a table: `right`, `refused`, or `wrong` without a word."""

    word: str
    detail: str = ""


def judge(content: bytes, bookings: Counter[Booking]) -> Verdict:
    """What a reader makes of a table that tells these bookings."""
    try:
        read = assemble(parsers.read(io.BytesIO(content)), new_id())
    except Unreadable as refusal:
        return Verdict("refused", f"{refusal.code}: {refusal.detail}")
    if read.recognised is not None:
        return Verdict("refused", f"{read.recognised.kind}: {read.findings}")
    found = Counter(
        (row.booked_on, Decimal(row.amount) / 10 ** exponent(row.currency))
        for row in (each.transaction for each in read.transactions)
        if not row.pending
    )
    if found == bookings:
        return Verdict("right")
    unread = sum(1 for each in read.findings if each.code == "row_not_read")
    if found < bookings and (bookings - found).total() <= unread:
        return Verdict("refused", "rows named as not read")
    return Verdict("wrong", f"{sorted(found - bookings)[:3]} for {sorted(bookings - found)[:3]}")


def judged(seeds: Iterator[int] | range) -> Iterator[tuple[int, Made, Verdict]]:
    """Each seed's table, and what became of it."""
    for seed in seeds:
        made = table(seed)
        yield seed, made, judge(made.content, made.bookings)
