"""Tables of days and amounts that no bank writes: told as what they are, so that none counts."""

from io import BytesIO

import pytest

from core.documents import Finding
from core.errors import Unreadable
from core.formats.csv import read
from core.statements.model import Transaction

pytestmark = pytest.mark.unit

CELLS = {"amount": ("12,50", "-31,40", "80,00"), "count": ("8,00", "7,50", "6,00")}


def told(header: str, *, above: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """How many rows of a table with this header count, and the codes of what is said of it.

    `+` stands before columns of amounts, `#` before others of numbers.
    """
    names = header.split(";")
    kinds = {"+": "amount", "#": "count"}
    rows = [
        ";".join(
            CELLS[kinds[name[0]]][at] if name[0] in kinds else f"{name[:3]} {at}"
            for name in names[1:]
        )
        for at in range(3)
    ]
    lines = [*above, header.replace("+", "").replace("#", "")]
    lines += [f"1{at}.03.2025;{row}" for at, row in enumerate(rows)]
    items = list(read(BytesIO("\n".join((*lines, "")).encode())))
    return (
        sum(isinstance(each, Transaction) for each in items),
        [each.code for each in items if isinstance(each, Finding)],
    )


@pytest.mark.parametrize(
    "header",
    [
        "Datum;Mitarbeiter;Projekt;#Stunden;#Satz;+Betrag", "Date;Project;#Hours;+Amount",
        "Date;Projet;#Heures;+Montant", "Datum;Ziel;#Kilometer;+Betrag", "Datum;Tour;#km;+Betrag",
        "Datum;#Zählerstand;#Verbrauch kWh;+Betrag", "Date;#Meter reading;+Amount",
        "Datum;Nummer;Kunde;+Betrag", "Datum;Factuurnr;Klant;+Bedrag",
        "Data;Numero;Cliente;+Importo", "Fecha;Nº factura;Cliente;+Importe",
        "Dato;Fakturanr;Kunde;+Beløb", "Datum;Fakturanummer;Kund;+Belopp",
        "Data;Numer faktury;Opis;+Kwota", "Datum;Číslo faktury;Popis;+Částka",
        "Datum;Spende;Spender;+Betrag", "Datum;Lieferschein;Kunde;+Betrag",
        "Datum;Fahrer;+Umsatz;+Trinkgeld", "Datum;Beleg;Name;+Betrag;Zahlstatus",
        "Monat;+Umsatz;+Kosten;+Ergebnis", "Date;Reference;+Invoices;+Payments",
        "Datum;Beleg;Buchungstext;+Soll;+Haben",
    ],
)  # fmt: skip
def test_a_table_that_counts_what_no_bank_counts_is_another_paper(header: str) -> None:
    assert told(header) == (0, ["other_paper"])


@pytest.mark.parametrize("line", ["Konto 1800 Bank (Sachkonto)", "Account 1200 Bank"])
def test_a_ledgers_account_above_a_table_makes_it_a_ledger_sheet(line: str) -> None:
    assert told("Datum;Buchungstext;+Betrag", above=(line,)) == (0, ["other_paper"])


@pytest.mark.parametrize(
    "above", [("Konto;DE02120300000000202051",), ("Kontoauszug März 2025",)], ids=["iban", "title"]
)
def test_a_banks_table_that_calls_the_other_side_a_customer_is_read(above: tuple[str, ...]) -> None:
    assert told("Datum;Kunde;+Betrag", above=above)[0] == 3


def test_a_plain_table_without_an_account_is_read() -> None:
    assert told("Datum;Text;Projekt;+Betrag") == (3, ["account_unnamed"])


BOOKINGS = (
    "Datum;Text;Betrag;Währung", "13.03.2025;Miete;-80,00;EUR", "14.03.2025;Kunde Y;120,00;EUR", "",
)  # fmt: skip


@pytest.mark.parametrize(
    "below",
    [
        ("Daueraufträge", "Nächste Ausführung;Empfänger;Betrag;Währung"),
        ("Standing orders", "Next;Payee;Amount;Currency"),
        ("", "Datum;Kunde;Betrag;Währung"),
    ],
)
def test_a_table_below_a_banks_that_is_another_paper_does_not_count(below: tuple[str, ...]) -> None:
    lines = (*BOOKINGS, *below, "01.04.2026;Vermieter;-1.200,00;EUR", "15.04.2026;X;-5,00;EUR", "")
    items = read(BytesIO("\n".join(lines).encode()))
    booked = [each.amount for each in items if isinstance(each, Transaction) and not each.pending]
    assert booked == [-8000, 12000]


@pytest.mark.parametrize(
    "name",
    [
        "Amount ('000)", "Amount (000s)", "Betrag in 1.000 EUR", "Amount (k)", "Betrag x1000",
        "Amount (£k)", "Bedrag x 1.000", "Amount in k EUR", "amount_minor", "Betrag/100",
    ],
)  # fmt: skip
def test_amounts_in_other_units_than_whole_ones_are_refused(name: str) -> None:
    lines = (f"Datum;Text;{name}", "13.05.2025;A;12,00", "14.05.2025;B;-3,00", "")
    with pytest.raises(Unreadable) as refusal:
        list(read(BytesIO("\n".join(lines).encode())))
    assert refusal.value.code == "amounts_ambiguous"


@pytest.mark.parametrize("name", ["Beløb (kr)", "Částka (Kč)", "Amount (€)", "Betrag/EUR"])
def test_amounts_in_whole_units_of_a_currency_are_read(name: str) -> None:
    lines = (f"Datum;Text;{name}", "13.05.2025;A;12,00", "14.05.2025;B;-3,00", "")
    items = list(read(BytesIO("\n".join(lines).encode())))
    assert [each.amount for each in items if isinstance(each, Transaction)][-1] < 0


def test_amounts_of_tokens_are_refused_as_no_money() -> None:
    lines = ("Date,Text,Amount,Currency", "2025-01-14,A,12.50,USDT", "2025-01-15,B,-3.00,USDT", "")
    with pytest.raises(Unreadable, match="no currency of money") as refusal:
        list(read(BytesIO("\n".join(lines).encode())))
    assert refusal.value.code == "currency_unknown"


def test_fees_beside_amounts_are_refused_where_nothing_tells_whether_these_have_them_in() -> None:
    rows = ("2025-11-02,A,-308.47,3.09,EUR", "2025-11-03,B,500.00,0.00,EUR", "")
    with pytest.raises(Unreadable, match="fees") as refusal:
        list(read(BytesIO("\n".join(("Date,Text,Amount,Fee,Currency", *rows)).encode())))
    assert refusal.value.code == "amounts_ambiguous"


def test_fees_of_nothing_are_no_reason_to_refuse_a_table() -> None:
    rows = ("2025-11-02,A,-308.47,0.00,EUR", "2025-11-03,B,500.00,0.00,EUR", "")
    items = read(BytesIO("\n".join(("Date,Text,Amount,Fee,Currency", *rows)).encode()))
    assert [each.amount for each in items if isinstance(each, Transaction)] == [-30847, 50000]
