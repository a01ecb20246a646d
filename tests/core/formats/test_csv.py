"""Tables of bookings: columns told by names and content, whatever the bank's layout."""

from datetime import date
from io import BytesIO

import pytest

from core.documents import Finding
from core.errors import Unreadable
from core.formats.csv.reader import read, recognises
from core.statements.model import Balance, Statement, Transaction

pytestmark = pytest.mark.unit

IBAN = "DE02120300000000202051"
OTHER = "DE75512108001245126199"


def read_all(
    text: str | bytes, encoding: str = "utf-8"
) -> tuple[list[Statement], list[Transaction], list[Finding]]:
    """Everything that a table says, by kind."""
    content = text if isinstance(text, bytes) else text.encode(encoding)
    assert recognises(content[:4096])
    items = list(read(BytesIO(content)))
    return (
        [each for each in items if isinstance(each, Statement)],
        [each for each in items if isinstance(each, Transaction)],
        [each for each in items if isinstance(each, Finding)],
    )


def table(*rows: str, names: str = "Buchungstag;Verwendungszweck;Betrag;Währung") -> str:
    """A table with an account above it."""
    return "\r\n".join((f"IBAN;{IBAN}", "", names, *rows, ""))


VR_OLD = """"Volksbank Musterstadt"

"BLZ:";"12030000";;"Datum:";"01.02.2018"
"Konto:";"202051";;"Uhrzeit:";"10:00"
"Abfrage von:";"Max";;"Kontoinhaber:";"Max Muster"
"Zeitraum:";;"von:";"01.01.2018";"bis:";"31.01.2018"

"Buchungstag";"Valuta";"Auftraggeber/Zahlungsempfänger";"Empfänger/Zahlungspflichtiger";"IBAN";\
"Vorgang/Verwendungszweck";"Kundenreferenz";"Währung";"Umsatz";" "
"31.01.2018";"31.01.2018";"Max";"Stadtwerke";"DE75512108001245126199";"Lastschrift
Strom";"";"EUR";"12,34";"S"
"15.01.2018";"15.01.2018";"Max";"Kunde";"DE75512108001245126199";"R1";"";"EUR";"1.000,00";"H"
"01.01.2018";;;;;;"Anfangssaldo";"EUR";"500,00";"H"
"31.01.2018";;;;;;"Endsaldo";"EUR";"1.487,66";"H"
"""


def test_sides_in_a_column_without_a_name_and_balances_in_rows_of_their_own() -> None:
    (head,), (first, second), findings = read_all(VR_OLD, "cp1252")
    assert (head.account.number, head.account.currency) == (IBAN, "EUR")
    assert (head.starts_on, head.ends_on) == (date(2018, 1, 1), date(2018, 1, 31))
    assert head.opening == Balance(50000, date(2018, 1, 1))
    assert head.closing == Balance(148766, date(2018, 1, 31))
    assert (first.amount, first.counterparty, first.remittance) == (100000, "Kunde", "R1")
    assert (second.amount, second.counterparty) == (-1234, "Stadtwerke")
    assert second.remittance == "Lastschrift Strom"
    assert not findings


DEUTSCHE_BANK = """Umsätze Girokonto;;;Kundennummer: 123 4567890 00

01.02.2024 - 29.02.2024
Letzter Kontostand;;;;1.000,00;EUR
Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN / Kontonummer;BIC;\
Kundenreferenz;Betrag;Soll;Haben;Währung
1.2.2024;1.2.2024;SEPA-Überweisung;Vermieter;Miete;DE75512108001245126199;X;;;-800,00;;EUR
2.2.2024;2.2.2024;SEPA-Gutschrift;Kunde;R1;DE75512108001245126199;X;;;;1.200,00;EUR
Kontostand;29.2.2024;;;1.400,00;EUR
"""


def test_debit_and_credit_apart_and_balances_above_and_below() -> None:
    (head,), (rent, sale), findings = read_all(DEUTSCHE_BANK)
    assert (rent.amount, sale.amount) == (-80000, 120000)
    assert (rent.counterparty_account, rent.booked_on) == (OTHER, date(2024, 2, 1))
    assert head.opening == Balance(100000, date(2024, 2, 1))
    assert head.closing == Balance(140000, date(2024, 2, 29))
    assert [each.code for each in findings] == ["account_unnamed"]


COMDIRECT = """;
"Umsätze Girokonto";"Zeitraum: 30 Tage";
"Neuer Kontostand";"1.234,56 EUR";

"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
"29.12.2023";"29.12.2023";"Lastschrift / Belastung";"Auftraggeber: X";"-12,34";

"Alter Kontostand";"1.246,90 EUR";
"""


def test_a_footer_is_no_booking_and_tells_the_balance() -> None:
    (head,), (found,), _ = read_all(COMDIRECT, "cp1252")
    assert found.amount == -1234
    assert head.opening == Balance(124690, date(2023, 12, 29))
    assert head.closing == Balance(123456, date(2023, 12, 29))


def test_an_account_that_is_named_in_every_row_is_the_customers_own() -> None:
    rows = "".join(
        f"0123456789;0{day}.01.2024;0{day}.01.2024;Größe {day};Zweck;+{day}.000,00;EUR\r\n"
        for day in (1, 2, 3)
    )
    names = "Kontonummer;Buchungsdatum;Valuta;Empfaenger 1;Verwendungszweck;Betrag;Waehrung\r\n"
    content = (names + rows).encode("utf-16")
    (head,), found, _ = read_all(content)
    assert head.account.number == "0123456789"
    assert [each.counterparty for each in found] == ["Größe 1", "Größe 2", "Größe 3"]
    place = found[1].evidence
    assert content[place.start : place.end].decode("utf-16-le").startswith("0123456789;02.01.2024")


def test_several_accounts_in_one_table_are_several_statements() -> None:
    names = "IBAN Auftragskonto;Buchungstag;Verwendungszweck;Betrag;Waehrung"
    text = f"{names}\n{IBAN};02.01.2024;A;1,00;EUR\n{OTHER};03.01.2024;B;-2,00;EUR\n"
    heads, found, _ = read_all(text)
    assert [each.account.number for each in heads] == [IBAN, OTHER]
    assert [each.amount for each in found] == [100, -200]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.234,56", 123456), ("-1.234,56", -123456), ("1234,5", 123450), ("12,34-", -1234),
        ("12,34+", 1234), ("12,34 S", -1234), ("12,34 H", 1234), ("+12,34", 1234),
        ("−12,34", -1234), ("12,34 €", 1234), ("EUR 12,34", 1234), ("1'234,56", 123456),
        ("1 234,56", 123456), ("0,00", 0), (",50", 50), ("5", 500), ("- 12,34", -1234),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(cell: str, amount: int) -> None:
    found = read_all(table(f"02.01.2024;X;{cell};EUR", "02.01.2024;Y;-1.000,00;EUR"))[1]
    assert found[0].amount == amount


def test_a_point_is_told_from_a_comma_by_all_of_the_column() -> None:
    text = 'Date,Description,Amount,Currency\n2024-01-02,A,"1,234",USD\n2024-01-03,B,-5.25,USD\n'
    assert [each.amount for each in read_all(text)[1]] == [123400, -525]


@pytest.mark.parametrize(
    ("cells", "currency", "amounts"),
    [
        (("1,000", "-12,000"), "JPY", [1000, -12000]),
        (("1.200", "-12.345"), "JPY", [1200, -12345]),
        (("1.250", "-12.345"), "KWD", [1250, -12345]),
        (("1,250", "-12,345"), "KWD", [1250, -12345]),
        (("1.250", "-12.000"), "EUR", [125000, -1200000]),
        (("500", "-12"), "EUR", [50000, -1200]),
    ],
)
def test_three_digits_behind_a_mark_are_thousands_or_decimals_by_the_currency(
    cells: tuple[str, str], currency: str, amounts: list[int]
) -> None:
    rows = "".join(f'2024-01-02,A,"{cell}",{currency}\n' for cell in cells)
    assert [e.amount for e in read_all(f"Date,Description,Amount,Currency\n{rows}")[1]] == amounts
    named = "".join(f'2024-01-02,A,"{cell}"\n' for cell in cells)
    found = read_all(f"Date,Description,Amount ({currency})\n{named}")[1]
    assert [each.amount for each in found] == amounts


def test_balances_tell_what_amounts_of_whole_thousands_leave_open() -> None:
    rows = '2024-01-02,A,"1,000","1,234.56"\n2024-01-03,A,"-1,000","234.56"\n'
    found = read_all(f"Date,Description,Amount (EUR),Balance\n{rows}")[1]
    assert [each.amount for each in found] == [100000, -100000]


@pytest.mark.parametrize(
    "names", ["Date,Description,Amount,Currency", "Date,Description,Amount (EUR)"]
)
def test_whether_it_is_one_or_a_thousand_is_not_guessed(names: str) -> None:
    with pytest.raises(Unreadable, match="thousand") as refusal:
        read_all(f'{names}\n2024-01-02,A,"1,000",EUR\n2024-01-03,B,"-12,000",EUR\n')
    assert refusal.value.code == "amounts_ambiguous"


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("31.12.24", "02.01.25"), [date(2024, 12, 31), date(2025, 1, 2)]),
        (("2024-12-31", "2025-01-02"), [date(2024, 12, 31), date(2025, 1, 2)]),
        (("12/31/2024", "01/02/2025"), [date(2024, 12, 31), date(2025, 1, 2)]),
        (("31/12/2024", "02/01/2025"), [date(2024, 12, 31), date(2025, 1, 2)]),
        (("20241231", "20250102"), [date(2024, 12, 31), date(2025, 1, 2)]),
        (("31.12.2024 10:15", "2.1.2025"), [date(2024, 12, 31), date(2025, 1, 2)]),
    ],
)
def test_a_date_is_read_however_it_is_written(cells: tuple[str, ...], days: list[date]) -> None:
    found = read_all(table(*(f"{cell};X;-1,00;EUR" for cell in cells)))[1]
    assert [each.booked_on for each in found] == days


def test_a_day_that_does_not_exist_is_kept_and_said() -> None:
    _, (found,), (finding,) = read_all(table("30.02.2023;Zins;-1,00;EUR"))
    assert found.booked_on == date(2023, 2, 28)
    assert finding.code == "impossible_date"


def test_a_table_without_names_is_told_by_what_stands_in_it() -> None:
    text = (
        "29.12.2023;29.12.2023;REWE;Einkauf;-12,34;1.234,56;EUR\n"
        "28.12.2023;28.12.2023;Chef;Lohn;246,90;1.246,90;EUR\n"
    )
    (head,), (wage, food), _ = read_all(text)
    assert (wage.amount, food.amount, food.valued_on) == (24690, -1234, date(2023, 12, 29))
    assert head.opening == Balance(100000, date(2023, 12, 28))
    assert head.closing == Balance(123456, date(2023, 12, 29))
