"""Statements out of tables: order, balances, accounts, and what stands around the bookings."""

from datetime import date
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats.csv.reader import read, recognises
from core.statements.model import Balance, Transaction, UnreadRow
from tests.core.formats.test_csv import IBAN, OTHER, read_all, table

pytestmark = pytest.mark.unit


RUNNING = "Buchungstag;Verwendungszweck;Saldo;Währung;Betrag"


def test_the_newest_first_is_turned_round_and_opening_and_closing_come_from_the_balances() -> None:
    rows = ("03.01.2024;C;600,00;EUR;-50,00", "02.01.2024;B;650,00;EUR;50,00",
            "02.01.2024;A;600,00;EUR;100,00")  # fmt: skip
    (head,), found, findings = read_all(table(*rows, names=RUNNING))
    assert [each.remittance for each in found] == ["A", "B", "C"]
    assert head.opening == Balance(50000, date(2024, 1, 2))
    assert head.closing == Balance(60000, date(2024, 1, 3))
    assert not findings


def test_a_balance_that_does_not_follow_from_the_row_before_is_named() -> None:
    rows = ("02.01.2024;A;600,00;EUR;100,00", "03.01.2024;B;500,00;EUR;-150,00")
    (head,), _, (finding,) = read_all(table(*rows, names=RUNNING))
    assert finding.code == "running_balance"
    assert "50.00 EUR" in finding.detail.en
    assert (head.opening, head.closing) == (
        Balance(50000, date(2024, 1, 2)), Balance(50000, date(2024, 1, 3)),
    )  # fmt: skip


def test_who_pays_and_who_is_paid_stand_apart() -> None:
    names = (
        "Buchungsdatum;Status;Zahlungspflichtige*r;Zahlungsempfänger*in;Verwendungszweck;Betrag (€)"
    )
    text = table(
        "02.01.24;Gebucht;Kunde;Ich;R1;+5,00", "03.01.24;Vorgemerkt;Ich;Markt;E;-5,00", names=names
    )
    _, (sale, food), _ = read_all(text)
    assert (sale.counterparty, sale.pending) == ("Kunde", False)
    assert (food.counterparty, food.pending) == ("Markt", True)


def test_a_separator_in_a_text_that_nobody_quoted_moves_nothing() -> None:
    (_,), (found,), _ = read_all(table("02.01.2024;Einkauf; mehr; noch mehr;1,00;EUR"))
    assert (found.amount, found.remittance) == (100, "Einkauf; mehr; noch mehr")


def test_sepas_keys_are_read_and_a_correction_of_the_bank_is_one() -> None:
    rows = ("02.01.2024;EREF+1 SVWZ+Rechnung 1 ABWA+Tochter GmbH;1,00;EUR",
            "03.01.2024;STORNO DER BUCHUNG VOM 02.01.2024;-1,00;EUR")  # fmt: skip
    _, (first, second), _ = read_all(table(*rows))
    assert (first.remittance, first.counterparty) == ("Rechnung 1", "Tochter GmbH")
    assert (first.reversal, second.reversal) == (False, True)


def test_a_row_of_money_that_is_no_booking_is_named() -> None:
    _, (_,), (finding,) = read_all(table("02.01.2024;X;-1,00;EUR", "Summe;;1,00;EUR"))
    assert finding.code == "row_left_out"


def test_a_balance_of_a_later_day_than_the_table_is_about_is_not_its_closing() -> None:
    text = f"IBAN;{IBAN}\nZeitraum;01.01.2024 - 31.01.2024\nKontostand vom 05.03.2024;7,00 EUR\n"
    (head,), _, _ = read_all(f"{text}\nDatum;Betrag (EUR);Text\n02.01.2024;-1,00;X\n")
    assert (head.closing, head.ends_on) == (None, date(2024, 1, 31))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Date,Description,Amount,Currency\n2024-01-02,A,-1.00,\n", "names no currency"),
        (table("02.01.2024;X;1,005;EUR", "02.01.2024;Y;-1,50;EUR"), "finer than EUR"),
        (table('02.01.2024;"X;1,00;EUR', *["02.01.2024;Y;1,00;EUR"] * 200), "cannot be read"),
        (table('02.01.2024;"X;1,00;EUR', "02.01.2024;Y;1,00;EUR"), "never closed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_all(text)


@pytest.mark.parametrize(
    "content", [b"name;value\na;1\n", b"Dear bank,\nbye\n", b"%PDF-1.7\n\0\0", b"", b"\0\0\0\0"]
)
def test_what_is_no_table_of_bookings_is_not_taken_for_one(content: bytes) -> None:
    assert not recognises(content)


def test_an_account_in_several_currencies_has_a_statement_in_each() -> None:
    names = "Date,Name,Type,Status,Currency,Gross,Fee,Net,Balance,Balance Impact"
    rows = (
        "2025-01-30,A,Payment,Completed,EUR,100.00,-2.50,97.50,97.50,Credit",
        "2025-01-30,B,Payment,Completed,USD,50.00,-2.00,48.00,48.00,Credit",
        "2025-01-31,,Invoice sent,Completed,EUR,300.00,0.00,300.00,97.50,Memo",
        "2025-01-31,,Withdrawal,Completed,EUR,-90.00,0.00,-90.00,7.50,Debit",
    )
    heads, bookings, findings = read_all("\n".join((names, *rows, "")))
    assert [(each.account.currency, each.closing and each.closing.amount) for each in heads] == [
        ("EUR", 750), ("USD", 4800),
    ]  # fmt: skip
    assert [each.amount for each in bookings if each.pending] == [30000]
    assert "running_balance" not in [each.code for each in findings]


def test_sides_in_the_kind_of_booking_sign_what_has_no_sign() -> None:
    names = "Date,Description,Transaction Type,Amount,Currency"
    _, bookings, _ = read_all(
        f"{names}\n2025-01-30,A,credit,5.00,USD\n2025-01-31,B,debit,2.00,USD\n"
    )
    assert [each.amount for each in bookings] == [500, -200]


def test_an_amount_in_brackets_was_spent() -> None:
    text = 'Date,Description,Amount (USD)\n01/31/2025,A,(12.34)\n01/30/2025,B,"1,000.00"\n'
    assert [each.amount for each in read_all(text)[1]] == [100000, -1234]


def test_columns_of_amounts_that_nothing_tells_apart_are_not_guessed_at() -> None:
    rows = "31.01.2025;A;13,00;-12,34;-12,84\n30.01.2025;B;1.000,00;900,00;1,00\n"
    with pytest.raises(Unreadable, match="nothing tells which is the booking's") as refusal:
        read_all(rows)
    assert refusal.value.code == "columns_unknown"


def test_an_export_without_bookings_is_told_from_one_that_cannot_be_read() -> None:
    with pytest.raises(Unreadable, match="no booking below it"):
        read_all('"Buchungstag";"Verwendungszweck";"Betrag";"Waehrung"\n')


@pytest.mark.parametrize("twice", [1, 300])
def test_a_text_that_says_who_and_what_by_labels_is_taken_apart(twice: int) -> None:
    names = "Buchungstag;Vorgang;Buchungstext;Umsatz in EUR"
    row = f"02.01.2024;Überweisung;Empfänger: VermieterKto/IBAN: {OTHER} BLZ/BIC: X  Buchungstext:"
    rows = [f"{row} Miete Ref. 2W2C29190A2PIZIR/2481;-1,00"] * twice
    (_,), bookings, _ = read_all(table(*rows, names=names))
    found = {(each.counterparty, each.counterparty_account, each.remittance) for each in bookings}
    assert found == {("Vermieter", OTHER, "Überweisung Miete")}


def test_references_with_colons_are_no_part_of_the_text() -> None:
    text = f"Beitrag: Januar EREF: 1 MREF: M1 CRED: DE1 IBAN: {OTHER} BIC: X"
    _, (found,), _ = read_all(table(f"02.01.2024;{text};-1,00;EUR"))
    assert (found.remittance, found.counterparty_account) == ("Beitrag: Januar", OTHER)


def test_fees_beside_the_amounts_count_where_balances_show_that_they_do() -> None:
    names = "Completed Date,Description,Amount,Fee,Currency,State,Balance"
    rows = ("2025-01-30,A,100.00,0.00,EUR,COMPLETED,100.00",
            "2025-01-31,B,-12.34,1.00,EUR,COMPLETED,{left}")  # fmt: skip
    lines = "\n".join((names, *rows, ""))
    (head,), bookings, findings = read_all(lines.format(left="86.66"))
    assert [each.amount for each in bookings] == [10000, -1334]
    assert head.closing == Balance(8666, date(2025, 1, 31))
    assert [each.code for each in findings] == ["account_unnamed"]
    assert [each.amount for each in read_all(lines.format(left="87.66"))[1]] == [10000, -1234]


def test_a_fee_that_an_amount_is_net_of_is_not_taken_off_again() -> None:
    text = (
        "Date,Description,Currency,Gross,Fee,Net,Balance\n"
        "2025-01-30,A,EUR,100.00,-2.50,97.50,97.50\n2025-01-31,B,EUR,-90.00,0.00,-90.00,7.50\n"
    )
    assert [each.amount for each in read_all(text)[1]] == [9750, -9000]


TWO_TABLES = f""""Umsätze Girokonto";"Zeitraum: 01.01.2025 - 31.01.2025";
"Neuer Kontostand";"987,66 EUR";

"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
"31.01.2025";"31.01.2025";"Lastschrift";"Auftraggeber: Werk Buchungstext: Strom";"-12,34";

"Alter Kontostand";"1.000,00 EUR";

"Umsätze Karte";"Zeitraum: 01.01.2025 - 31.01.2025";
"IBAN";"{OTHER}";
"Neuer Kontostand";"-20,00 EUR";

"Buchungstag";"Umsatztag";"Vorgang";"Referenz";"Buchungstext";"Umsatz in EUR";
"20.01.2025";"19.01.2025";"Umsatz";"1234";"HOTEL";"-20,00";

"Alter Kontostand";"0,00 EUR";
"""


def test_each_of_a_files_tables_is_an_account_of_its_own() -> None:
    (current, card), (paid, hotel), findings = read_all(TWO_TABLES, "cp1252")
    assert (current.account.number, card.account.number) == ("unnamed", OTHER)
    assert (paid.amount, hotel.amount) == (-1234, -2000)
    assert [(each.opening, each.closing) for each in (current, card)] == [
        (Balance(100000, date(2025, 1, 1)), Balance(98766, date(2025, 1, 31))),
        (Balance(0, date(2025, 1, 1)), Balance(-2000, date(2025, 1, 31))),
    ]
    assert [each.code for each in findings] == ["account_unnamed"]


def test_tables_that_name_no_account_are_not_taken_for_one_account() -> None:
    heads, _, _ = read_all(TWO_TABLES.replace(OTHER, ""), "cp1252")
    assert len({each.account.number for each in heads}) == 2


def test_of_several_balances_above_the_first_is_what_is_booked() -> None:
    above = f"IBAN;{IBAN}\nAktueller Kontostand;100,00 EUR\nSaldo mit Kreditrahmen;5.100,00 EUR\n"
    (head,), _, _ = read_all(f"{above}\nDatum;Betrag (EUR);Text\n02.01.2024;-1,00;X\n")
    assert head.closing == Balance(10000, date(2024, 1, 2))


def test_two_days_in_a_row_that_is_no_booking_are_no_period() -> None:
    names = "Buchungstag;Valuta;Verwendungszweck;Betrag;Währung"
    rows = ("2024-01-02;2024-01-02;X;-1,00;EUR", "2024-01-05;2024-01-05;ein Teil davon;;EUR")
    (head,), (_,), _ = read_all(table(*rows, names=names))
    assert (head.starts_on, head.ends_on) == (None, None)


def test_the_last_row_of_a_short_table_tells_like_any_other() -> None:
    rows = ['2025-02-01,Miete,"1,000"'] * 205 + ["2025-02-02,Strom,-2.50"]
    content = "\n".join(["Date,Description,Amount", *rows]).encode()
    found = [each for each in read(BytesIO(content)) if isinstance(each, Transaction)]
    assert {each.amount for each in found} == {1_000_000, -2_500}


def test_a_cell_of_blanks_keeps_nobody_waiting() -> None:
    cell = "1" + " " * 20_000 + "x"
    rows = ("01.02.2025;Miete;-1,00;EUR", f"02.02.2025;{cell};{cell};EUR")
    content = "\n".join(["Datum;Text;Betrag;Währung", *rows])
    (found,) = [each for each in read(BytesIO(content.encode())) if isinstance(each, Transaction)]
    assert found.amount == -100


def test_balances_around_a_table_may_lack_zeros() -> None:
    rows = f"""Konto;IBAN;Währung
Giro;{IBAN};EUR

Letzter Kontostand;;;;12,9;EUR
Buchungstag;Wert;Umsatzart;Verwendungszweck;Soll;Haben;Währung
30.1.2025;30.1.2025;Gutschrift;RE 1;;1000;EUR
Kontostand;30.1.2025;;;1.012,9;EUR
"""
    (head,), _, findings = read_all(rows)
    assert head.opening == Balance(1290, date(2025, 1, 30))
    assert head.closing == Balance(101290, date(2025, 1, 30))
    assert not findings


def test_a_balance_may_be_a_round_sum() -> None:
    rows = table("31.01.2025;Strom;-12,34;EUR", "Kontostand am 31.01.2025: 2.000 EUR")
    (head,), _, _ = read_all(rows)
    assert head.closing == Balance(200000, date(2025, 1, 31))
    (head,), _, _ = read_all(table("31.01.2025;Strom;-12,34;EUR", "Saldo;Konto 1202051;EUR"))
    assert head.closing is None


def test_fees_are_never_taken_for_what_was_paid() -> None:
    rows = """Finished on,Source fee,Target fee,Source name,Source sum,Target sum
2026-08-03,0.45,,Alex,120.00,120.00
2026-07-31,,5.00,Acme,2505.00,2500.00
2026-08-01,1.20,,Alex,498.80,430.00
"""
    with pytest.raises(Unreadable, match="nothing tells which is the booking's"):
        read_all(rows)


def test_a_row_in_which_no_amount_can_be_told_is_left_out_and_named() -> None:
    rows = table("30.01.2025;R1;-1,00;EUR", "31.01.2025;a;b;c;12;x;y")
    items = list(read(BytesIO(rows.encode())))
    assert [each.remittance for each in items if isinstance(each, Transaction)] == ["R1"]
    (unread,) = [each for each in items if isinstance(each, UnreadRow)]
    assert (unread.on, unread.account) == (date(2025, 1, 31), IBAN)
    assert unread.place.en == f"The row at byte {rows.encode().index(b'31.01.2025')}"


def test_a_column_of_zeros_is_no_amount_beside_bookings_that_are_all_alike() -> None:
    rows = "Tag;Laden;Preis;Rabatt\n30.01.2025;Abo;-29,90;5\n31.01.2025;Abo;-29,90;0\n"
    _, bookings, _ = read_all(rows)
    assert [each.amount for each in bookings] == [
        -29900,
        -29900,
    ]  # in thousandths: no currency is named
