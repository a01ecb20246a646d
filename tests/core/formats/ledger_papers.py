"""Statements as PDFs, made of a ledger that is known: ways to print one, shuffled and combined.

A kind is the one way that a paper is made to show; some others are drawn by lot.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT, SIZE = "Vera", 8
IBANS = {"EUR": "DE02120300000000202051", "GBP": "GB82WEST12345698765432"}
IBANS |= {"CHF": "CH9300762011623852957", "USD": "DE89370400440532013000"}
TEXTS = ("Lastschrift", "Miete Halle 3", "RE 2025-118", "Kartenzahlung", "Nordwind AG", "Gehalt")
MONTHS = {
    "de": ("Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        "janv",
        "févr",
        "mars",
        "avr",
        "mai",
        "juin",
        "juil",
        "août",
        "sept",
        "oct",
        "nov",
        "déc",
    ),
    "it": ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}
# Date, text, amount, debit, credit, balance; opening, closing; carry, total, pending, booked.
WORDS = {
    "de": ("Datum", "Vorgang", "Betrag", "Soll", "Haben", "Saldo", "Alter Saldo", "Neuer Saldo",
           "Übertrag", "Summe", "Vorgemerkte Umsätze", "Gebuchte Umsätze"),
    "at": ("Datum", "Buchungstext", "Betrag", "Zahlungsausgang", "Zahlungseingang", "Kontostand",
           "Anfangssaldo", "Endsaldo", "Übertrag", "Gesamt", "Vorgemerkt", "Gebuchte Umsätze"),
    "en": ("Date", "Description", "Amount", "Paid out", "Paid in", "Balance", "Opening balance",
           "Closing balance", "Carried", "Total", "Pending transactions", "Booked transactions"),
    "fr": ("Date", "Libellé", "Montant", "Débit", "Crédit", "Solde", "Ancien solde",
           "Nouveau solde", "Report", "Total", "Opérations en attente",
           "Opérations comptabilisées"),
    "it": ("Data", "Descrizione", "Importo", "Dare", "Avere", "Saldo", "Saldo iniziale",
           "Saldo finale", "Riporto", "Totale", "Movimenti in sospeso", "Movimenti contabilizzati"),
    "es": ("Fecha", "Concepto", "Importe", "Debe", "Haber", "Saldo", "Saldo anterior",
           "Saldo final", "Suma", "Total", "Movimientos pendientes", "Movimientos contabilizados"),
    "nl": ("Datum", "Omschrijving", "Bedrag", "Af", "Bij", "Saldo", "Vorig saldo", "Nieuw saldo",
           "Transport", "Totaal", "Nog niet geboekt", "Geboekt"),
}  # fmt: skip
UNKNOWN = ("Dies", "Vorgang", "Zet", "Quirin", "Plok", "Rast")
WAYS: dict[str, tuple[str, ...]] = {
    "language": tuple(WORDS),
    "titles": ("known", "known", "known", "unknown", "none"),
    "sides": ("before", "behind", "letter", "letter far", "parentheses", "dash apart", "columns",
              "columns", "credit first", "credit first", "word", "word first", "unsigned"),
    "running": ("no", "yes", "last", "first"),
    "balances": ("table", "table", "head", "dated", "none"),
    "notation": ("comma", "comma", "point", "apostrophe", "blank", "nbsp", "plain", "dashes",
                 "euro in front", "euro behind", "leaders", "footnotes"),
    "days": ("dots", "dots", "short", "no year", "no end", "blanks", "dashes", "slashes", "iso",
             "iso slashes", "named", "named short", "joined", "month first", "bare"),
    "valued": ("no", "no", "behind", "far"),
    "place": ("first", "first", "behind the text"),
    "rows": ("one line", "two lines", "amount below", "day once", "touching"),
    "order": ("oldest", "oldest", "newest"),
    "extra": ("none", "none", "carry", "total", "dated total", "interim", "pending above",
              "pending below", "foreign", "invoice behind", "second account", "dispo"),
    "sheet": ("one", "long", "odd and even", "two up", "sideways", "upside down", "turned"),
    "currency": ("head", "head", "title", "beside", "label", "none"),
    "money": ("EUR", "EUR", "GBP", "CHF", "USD"),
}  # fmt: skip
USUAL = {
    "language": "de", "titles": "known", "sides": "before", "running": "no", "balances": "table",
    "notation": "comma", "days": "dots", "valued": "no", "place": "first", "rows": "one line",
    "order": "oldest", "extra": "none", "sheet": "one", "currency": "head", "money": "EUR",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A booking of the ledger: its day, minor units, and what it is about."""

    day: date
    cents: int
    text: str


@dataclass(frozen=True)
class Ledger:
    """An account's bookings of a month between two balances."""

    account: str
    currency: str
    opening: int
    entries: tuple[Entry, ...]

    @property
    def closing(self) -> int:
        """What stood on the account in the end."""
        return self.opening + sum(each.cents for each in self.entries)


@dataclass(frozen=True)
class Paper:
    """A statement as it is printed, the ways in which it is, and the ledgers it says."""

    kind: str
    ways: dict[str, str]
    content: bytes
    ledgers: tuple[Ledger, ...]

    @property
    def is_certain(self) -> bool:
        """Whether words or balances tell all that it says, so that it can be read."""
        ways = self.ways
        proves = ways["balances"] != "none" or ways["running"] != "no"
        plain = ways["rows"] not in ("day once", "amount below")
        names = ways["titles"] == "known" and plain
        return (proves or names) and ways["sides"] != "unsigned" and ways["currency"] != "none"


def papers(count: int, seed: int, others: int = 4) -> Iterator[Paper]:
    """So many papers, each kind in turn, the same for the same seed."""
    chance = random.Random(seed)
    kinds = [(name, way) for name, ways in WAYS.items() for way in dict.fromkeys(ways)]
    for at in range(count):
        name, way = kinds[at % len(kinds)]
        yield paper(chance, name, way, others)


def paper(
    chance: random.Random,
    name: str,
    way: str,
    others: int = 4,
    fixed: dict[str, str] | None = None,
) -> Paper:
    """A paper of the kind that this way is, some others drawn by lot."""
    ways = dict(fixed or USUAL)
    for other in chance.sample(sorted(WAYS), others):
        ways[other] = chance.choice(WAYS[other])
    ways[name] = way
    ways = _possible(ways, name)
    ledgers = [_ledger(chance, ways["money"], 28 if ways["sheet"] == "long" else None)]
    if ways["extra"] == "second account":
        second = _ledger(chance, ways["money"], 4)
        ledgers.append(replace(second, account="DE89370400440532013000"))
    content = _Sheet(ways, chance).print(ledgers)
    return Paper(f"{name}: {way}", ways, content, tuple(ledgers))


def _possible(ways: dict[str, str], kept: str) -> dict[str, str]:
    """The ways, those changed that no bank combines, and never the one that is shown."""
    rules = (
        ("days", "month first", "notation", "point"),
        ("days", "slashes", "sheet", "long"),
        ("notation", "euro in front", "money", "EUR"),
        ("notation", "euro behind", "money", "EUR"),
        ("sides", "parentheses", "notation", "comma"),
        ("sides", "dash apart", "notation", "comma"),
        ("rows", "touching", "notation", "comma"),
        ("rows", "touching", "sides", "before"),
        ("rows", "touching", "valued", "no"),
        ("rows", "touching", "running", "no"),
        ("rows", "touching", "place", "first"),
        ("rows", "day once", "place", "first"),
        ("rows", "day once", "valued", "no"),
        ("rows", "amount below", "place", "first"),
        ("rows", "amount below", "extra", "none"),
        ("rows", "day once", "extra", "none"),
        ("days", "bare", "place", "first"),
        ("days", "joined", "valued", "behind"),
        ("sheet", "two up", "valued", "no"),
        ("sheet", "two up", "place", "first"),
        ("sheet", "two up", "extra", "none"),
        ("sheet", "two up", "order", "oldest"),
        ("extra", "second account", "order", "oldest"),
        ("extra", "second account", "sheet", "one"),
        ("extra", "second account", "balances", "table"),
        ("extra", "second account", "titles", "known"),
        ("extra", "invoice behind", "balances", "table"),
        ("extra", "invoice behind", "order", "oldest"),
        ("extra", "interim", "order", "oldest"),
        ("extra", "carry", "order", "oldest"),
        ("extra", "foreign", "titles", "known"),
        ("place", "behind the text", "valued", "no"),
        ("balances", "none", "extra", "none"),
        ("currency", "none", "money", "EUR"),
        ("titles", "none", "currency", "head"),
    )
    for _ in range(2):
        for name, way, other, meant in rules:
            if ways[name] == way and ways[other] != meant:
                if other == kept:
                    ways[name] = USUAL[name]
                else:
                    ways[other] = meant
    return ways


def _ledger(chance: random.Random, currency: str, count: int | None) -> Ledger:
    number = count or chance.randint(6, 12)
    days = sorted(chance.choices(range(1, 31), k=number))
    entries = tuple(
        Entry(
            date(2025, 12, day),
            chance.choice((-1, -1, 1)) * chance.randint(101, 10 ** chance.randint(4, 7)),
            chance.choice(TEXTS),
        )
        for day in days
    )
    return Ledger(IBANS[currency], currency, chance.randint(10_000, 3_000_000), entries)


class _Sheet:
    """Prints ledgers in the given ways."""

    def __init__(self, ways: dict[str, str], chance: random.Random) -> None:
        self._ways, self._chance = ways, chance
        self._words = WORDS[ways["language"]]
        self._out = BytesIO()
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(FONT, f"{FONT}.ttf"))
        two_up = ways["sheet"] == "two up"
        self._canvas = Canvas(self._out, pagesize=landscape(A4) if two_up else A4, invariant=True)
        self._wide = 330.0 if two_up else 500.0
        self._page = 0
        self._half = 0
        self._y = 0.0
        self._left = 0.0
        self._edges = self._columns()

    def print(self, ledgers: Sequence[Ledger]) -> bytes:
        """The PDF."""
        self._begin_page()
        for number, ledger in enumerate(ledgers):
            self._statement(ledger, number)
        if self._ways["extra"] == "invoice behind":
            self._canvas.showPage()
            self._begin_page()
            self._invoice()
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    # Where things stand

    def _columns(self) -> dict[str, float]:
        """Where the columns end, by what they hold."""
        sides = self._ways["sides"]
        names = {"columns": ["debit", "credit"], "credit first": ["credit", "debit"]}.get(
            sides, ["amount"]
        )
        match self._ways["running"]:
            case "yes" | "last":
                names = [*names, "balance"]
            case "first":
                names = ["balance", *names]
        step = 62.0 if self._wide < 400 else 78.0
        last = self._wide - (34 if sides == "letter far" else 18 if sides == "letter" else 0)
        last -= 26 if self._ways["currency"] == "beside" else 0
        return {name: last - step * (len(names) - 1 - at) for at, name in enumerate(names)}

    def _text_left(self) -> float:
        if self._ways["place"] == "behind the text":
            return 0.0
        return 62.0 + (62.0 if self._ways["valued"] == "behind" else 0.0)

    def _begin_page(self) -> None:
        canvas, sheet = self._canvas, self._ways["sheet"]
        width, height = A4
        if sheet == "two up":
            width, height = landscape(A4)
        if sheet == "sideways":
            canvas.setPageSize((height, width))
            canvas.translate(height, 0)
            canvas.rotate(90)
        elif sheet == "upside down":
            canvas.translate(width, height)
            canvas.rotate(180)
        elif sheet == "turned":
            canvas.setPageSize((height, width))
            canvas.setPageRotation(270)
            canvas.translate(height, 0)
            canvas.rotate(90)
        self._page += 1
        margin = 14.0 if sheet == "odd and even" and self._page % 2 == 0 else 0.0
        self._left, self._y, self._half = 45.0 + margin, height - 40, 0
        canvas.setFont(FONT, SIZE)

    def _down(self, by: float = 13.0) -> None:
        self._y -= by
        sheet = self._ways["sheet"]
        foot = 250.0 if sheet == "two up" else 480.0 if sheet == "odd and even" else 60.0
        if self._y > foot:
            return
        if sheet == "two up" and self._half == 0:
            self._half, self._left, self._y = 1, 45.0 + 410.0, landscape(A4)[1] - 66
        else:
            self._canvas.showPage()
            self._begin_page()
        self._heading()

    def _put(self, at: float, text: str) -> None:
        self._canvas.drawString(self._left + at, self._y, text)

    def _end(self, at: float, text: str) -> None:
        self._canvas.drawRightString(self._left + at, self._y, text)

    # What is printed

    def _statement(self, ledger: Ledger, number: int) -> None:
        words, ways = self._words, self._ways
        code = f" {ledger.currency}" if ways["currency"] == "head" else ""
        if number == 0:
            self._put(0, "Kontoauszug Nr. 12 vom 01.12.2025 bis 31.12.2025")
            self._y -= 13
        self._put(0, f"IBAN {ledger.account}{code}")
        self._y -= 13
        if ways["currency"] == "label":
            self._put(0, f"Währung: {ledger.currency}")
            self._y -= 13
        if ways["balances"] == "head":
            self._put(0, f"{words[6]} {self._signed(ledger.opening)}")
            self._y -= 13
            self._put(0, f"{words[7]} {self._signed(ledger.closing)}")
            self._y -= 13
        self._y -= 13
        if ways["extra"] == "pending above":
            self._pending()
        self._heading()
        newest = ways["order"] == "newest"
        self._balance(words[7], ledger.closing) if newest else self._balance(
            words[6], ledger.opening
        )
        self._rows(ledger)
        if ways["extra"] in ("total", "dated total"):
            self._total(ledger)
        self._balance(words[6], ledger.opening) if newest else self._balance(
            words[7], ledger.closing
        )
        if ways["extra"] == "dispo":
            self._down()
            self._put(0, "Eingeräumter Kredit 5.000 im Jahr, Zinssatz 11,5 %")
        if ways["extra"] == "pending below":
            self._down(20)
            self._pending()
        self._down(26)

    def _rows(self, ledger: Ledger) -> None:
        running, entries = ledger.opening, []
        for entry in ledger.entries:
            running += entry.cents
            entries.append((entry, running))
        before: date | None = None
        shown = entries[::-1] if self._ways["order"] == "newest" else entries
        for at, (entry, stands) in enumerate(shown):
            last = at + 1 == len(shown) or shown[at + 1][0].day != entry.day
            self._row(entry, stands, again=entry.day == before, last=last)
            before = entry.day
            middle = at == len(shown) // 2 and at + 1 < len(shown)
            if middle and self._ways["extra"] == "carry" and last:
                self._balance_row(self._words[8], stands, entry.day)
            if last and self._ways["extra"] == "interim":
                self._put(self._text_left(), f"Kontostand am {entry.day:%d.%m.%Y}")
                self._amount(next(reversed(self._edges)), stands)
                self._down()

    def _row(self, entry: Entry, stands: int, again: bool, last: bool) -> None:
        ways = self._ways
        if not (again and ways["rows"] == "day once"):
            self._day(entry.day)
        text = entry.text
        if ways["sides"] == "word":
            self._put(self._wide - 205, self._side(entry.cents))
        if ways["sides"] == "word first":
            text = f"{self._side(entry.cents)}   {text}" if ways["language"] else text
        if ways["rows"] == "touching":
            self._end(self._edges["amount"], f"{text} Vertrag{self._signed(entry.cents)}")
            self._down()
            return
        self._put(self._text_left(), text)
        if ways["rows"] == "amount below" and self._chance.random() < 0.6:
            self._y -= 11
            self._put(self._text_left(), "Verwendung 4711")
        column = "amount"
        if column not in self._edges:
            column = "credit" if entry.cents > 0 else "debit"
        if ways["extra"] == "foreign" and self._chance.random() < 0.4:
            self._end(self._edges[min(self._edges, key=lambda n: self._edges[n])] - 70, "77,31 USD")
        self._amount(column, entry.cents)
        if "balance" in self._edges and (ways["running"] != "last" or last):
            self._amount("balance", stands)
        if ways["rows"] == "two lines":
            self._y -= 11
            self._put(self._text_left(), "Muster & Söhne GmbH, 12,50 vom 03.11.2025")
        self._down()

    def _day(self, day: date) -> None:
        written = self._written(day)
        ways = self._ways
        if ways["days"] == "joined" and ways["valued"] == "behind":
            self._put(0, f"{written}{written}")
            return
        place = self._wide - 330 if ways["place"] == "behind the text" else 0.0
        self._put(place, written)
        if ways["valued"] == "behind":
            self._put(62, self._written(day - timedelta(days=0)))
        if ways["valued"] == "far":
            self._put(self._text_left() + 110, written)

    def _written(self, day: date) -> str:
        name = MONTHS.get(self._ways["language"], MONTHS["de"])[day.month - 1]
        match self._ways["days"]:
            case "short":
                return f"{day:%d.%m.%y}"
            case "no year" | "joined":
                return f"{day:%d.%m.}"
            case "no end":
                return f"{day:%d.%m}"
            case "blanks":
                return f"{day.day}. {day.month}. {day.year}"
            case "dashes":
                return f"{day:%d-%m-%Y}"
            case "slashes":
                return f"{day:%d/%m/%Y}"
            case "iso":
                return f"{day:%Y-%m-%d}"
            case "iso slashes":
                return f"{day:%Y/%m/%d}"
            case "named":
                return f"{day.day} {name} {day.year}"
            case "named short":
                return f"{day:%d}{name.upper()}"
            case "month first":
                return f"{MONTHS['en'][day.month - 1]} {day.day}, {day.year}"
            case "bare":
                return f"{day:%d%m%y}"
            case _:
                return f"{day:%d.%m.%Y}"

    def _side(self, cents: int) -> str:
        minus, plus = {
            "en": ("Debit", "Credit"), "fr": ("Débit", "Crédit"), "nl": ("Af", "Bij"),
            "it": ("Dare", "Avere"), "es": ("Debe", "Haber"),
        }.get(self._ways["language"], ("Soll", "Haben"))  # fmt: skip
        return minus if cents < 0 else plus

    def _amount(self, column: str, cents: int) -> None:
        ways, edge = self._ways, self._edges[column]
        signed = self._grouped(cents) if column in ("debit", "credit") else self._signed(cents)
        if column != "balance" and ways["sides"] in ("word", "word first", "unsigned"):
            signed = self._grouped(cents)
        if ways["notation"] == "leaders":
            signed = f"......{signed}"
        note = "*" if ways["notation"] == "footnotes" and self._chance.random() < 0.3 else ""
        self._end(edge, signed)
        if note:
            self._put(edge, note)
        if column in ("debit", "credit"):
            pass
        elif ways["sides"] == "letter":
            self._put(edge + 4, "S" if cents < 0 else "H")
        elif ways["sides"] == "letter far" and column == next(reversed(self._edges)):
            self._put(edge + 24, "S" if cents < 0 else "H")
        elif ways["sides"] == "letter far":
            self._put(edge + 4, "S" if cents < 0 else "H")
        elif ways["sides"] == "dash apart" and cents < 0:
            wide = self._canvas.stringWidth(signed, FONT, SIZE)
            self._end(edge - wide - 3, "—")
        if ways["currency"] == "beside" and column == next(reversed(self._edges)):
            self._put(edge + (18 if "letter" in ways["sides"] else 3), self._ways["money"])

    def _signed(self, cents: int) -> str:
        """An amount with the sign that stands right at it."""
        digits = self._grouped(cents)
        match self._ways["sides"]:
            case "behind":
                return f"{digits}{'-' if cents < 0 else '+'}"
            case "parentheses":
                return f"({digits})" if cents < 0 else digits
            case "letter" | "letter far" | "dash apart":
                return digits
            case _:
                return f"{'-' if cents < 0 else ''}{digits}"

    def _grouped(self, cents: int) -> str:
        whole, rest = divmod(abs(cents), 100)
        text = f"{whole:,}"
        match self._ways["notation"]:
            case "point":
                return f"{text}.{rest:02d}"
            case "apostrophe":
                return f"{text.replace(',', chr(39))}.{rest:02d}"
            case "blank":
                return f"{text.replace(',', ' ')},{rest:02d}"
            case "nbsp":
                return f"{text.replace(',', chr(160))},{rest:02d}"
            case "plain":
                return f"{whole},{rest:02d}"
            case "dashes":
                return f"{text.replace(',', '.')},{f'{rest:02d}' if rest else '--'}"
            case "euro in front":
                return f"€{text.replace(',', '.')},{rest:02d}"
            case "euro behind":
                return f"{text.replace(',', '.')},{rest:02d}€"
            case _:
                return f"{text.replace(',', '.')},{rest:02d}"

    def _heading(self) -> None:
        if self._ways["titles"] == "none":
            return
        known = self._ways["titles"] == "known"
        names = self._words if known else UNKNOWN
        day = self._wide - 330 if self._ways["place"] == "behind the text" else 0.0
        self._put(day, names[0])
        if self._ways["valued"] == "behind":
            self._put(62, "Valuta" if known else "Walu")
        self._put(self._text_left(), names[1])
        unit = f" {self._ways['money']}" if self._ways["currency"] == "title" else ""
        where = {"amount": 2, "debit": 3, "credit": 4, "balance": 5}
        for column, edge in self._edges.items():
            self._end(edge, names[where[column]] + unit)
        self._y -= 13

    def _balance(self, words: str, cents: int) -> None:
        match self._ways["balances"]:
            case "table":
                self._balance_row(words, cents, None)
            case "dated":
                self._balance_row(
                    words, cents, date(2025, 12, 1 if words == self._words[6] else 31)
                )

    def _balance_row(self, words: str, cents: int, day: date | None) -> None:
        if day is not None:
            self._day(day)
        self._put(self._text_left(), words)
        column = "balance" if "balance" in self._edges else next(reversed(self._edges))
        shown = self._edges[column]
        if column in ("debit", "credit"):
            self._end(shown, self._signed(cents))
        else:
            sides, self._ways = self._ways, dict(self._ways)
            if sides["sides"] in ("word", "word first", "unsigned"):
                self._ways["sides"] = "before"
            self._amount(column, cents)
            self._ways = sides
        self._down()

    def _total(self, ledger: Ledger) -> None:
        if self._ways["extra"] == "dated total":
            self._day(date(2025, 12, 31))
        self._put(self._text_left(), self._words[9])
        out = sum(each.cents for each in ledger.entries if each.cents < 0)
        into = sum(each.cents for each in ledger.entries if each.cents > 0)
        if "amount" in self._edges:
            self._amount("amount", out + into)
        else:
            self._amount("debit", out)
            self._amount("credit", into)
        self._down()

    def _pending(self) -> None:
        self._put(0, self._words[10])
        self._down()
        for cents in (-12_300, 4_400):
            self._day(date(2025, 12, 31))
            self._put(self._text_left(), "Kartenzahlung")
            column = "credit" if cents > 0 else "debit"
            self._amount("amount" if "amount" in self._edges else column, cents)
            self._down()
        self._put(0, self._words[11])
        self._down()

    def _invoice(self) -> None:
        self._put(0, "Nordwind Handels GmbH")
        self._y -= 30
        self._put(0, "Rechnung Nr. 2025-118")
        for day in (3, 9):
            self._y -= 13
            self._put(0, f"{day:02d}.12.2025")
            self._put(self._text_left(), "Lieferung")
            self._end(self._edges[next(reversed(self._edges))], "119,00")
