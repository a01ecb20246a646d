"""What stands around a paper's bookings: dated balances, what waits, its currency, its year."""

from io import BytesIO

import pytest

from core.documents import Finding
from core.errors import Unreadable
from core.formats import pdf
from core.statements.model import Item, Statement, Transaction, UnreadRow
from tests.core.formats.papers import CLOSING, HEAD, OPENING, TITLES, Row, read_paper
from tests.core.formats.papers import paper as sheet

pytestmark = pytest.mark.unit

MARKED = (f"{HEAD[0]} EUR", *HEAD[1:])
SALE: Row = ("02.12.2025", "Gutschrift", "200,00")
RENT: Row = ("03.12.2025", "Dauerauftrag", "-50,00")
WAITING: Row = ("31.12.2025", "Kartenzahlung", "-12,00")


def everything(*rows: Row, head: tuple[str, ...] = MARKED) -> list[Item]:
    """All that is read of a paper of these rows."""
    return list(pdf.read(BytesIO(sheet(rows, head=head))))


def counted(*rows: Row, head: tuple[str, ...] = MARKED) -> list[int]:
    """The amounts that count."""
    found = everything(*rows, head=head)
    return [each.amount for each in found if isinstance(each, Transaction) and not each.pending]


@pytest.mark.parametrize("words", ["Saldo", "Kontostand", "Tagessaldo", "Solde au", "Balance"])
def test_dated_balances_at_both_ends_are_balances_and_no_bookings(words: str) -> None:
    rows = (TITLES, ("01.12.2025", words, "1.000,00"), SALE, RENT)
    statement, bookings, _ = read_paper(
        sheet((*rows, ("31.12.2025", words, "1.150,00")), head=MARKED)
    )
    assert [each.amount for each in bookings] == [200_00, -50_00]
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount, statement.closing.amount) == (1_000_00, 1_150_00)


def test_a_dated_balance_at_the_end_alone_is_no_booking() -> None:
    assert counted(TITLES, SALE, RENT, ("31.12.2025", "Saldo", "1.150,00")) == [200_00, -50_00]


def test_what_may_be_a_transfer_or_a_carry_is_told_and_not_counted() -> None:
    found = everything(TITLES, SALE, RENT, ("31.12.2025", "Übertrag", "1.150,00"))
    assert [each.amount for each in found if isinstance(each, Transaction)] == [200_00, -50_00]
    assert [each.place.en for each in found if isinstance(each, UnreadRow)] == [
        "Page 1: 31.12.2025 Übertrag 1.150,00"
    ]


def test_a_transfer_that_balances_hold_is_a_booking() -> None:
    transfer: Row = ("31.12.2025", "Übertrag", "-50,00")
    closing: Row = ("", "Neuer Saldo", "1.100,00 H")
    assert counted(TITLES, OPENING, SALE, RENT, transfer, closing) == [200_00, -50_00, -50_00]


@pytest.mark.parametrize(
    "title",
    [
        "Offene Umsätze",
        "Disponierte Umsätze",
        "Kommende Buchungen",
        "Reservierungen",
        "Opérations à venir",
        "Movimenti non contabilizzati",
        "Authorised, not settled",
        "Upcoming payments",
    ],
)
def test_bookings_under_a_title_that_says_they_wait_never_count(title: str) -> None:
    assert counted(TITLES, SALE, RENT, (title, "", ""), WAITING) == [200_00, -50_00]


@pytest.mark.parametrize("word", ["Hotel (vorgemerkt)", "Hotel      Pending"])
def test_a_booking_that_says_itself_that_it_waits_never_counts(word: str) -> None:
    assert counted(TITLES, SALE, RENT, ("31.12.2025", word, "-12,00")) == [200_00, -50_00]


def test_a_table_behind_those_that_wait_is_told_where_nothing_says_that_it_is_booked() -> None:
    found = everything(TITLES, ("Vorgemerkte Buchungen", "", ""), WAITING, TITLES, SALE, RENT)
    assert not [each for each in found if isinstance(each, Transaction) and not each.pending]
    assert len([each for each in found if isinstance(each, UnreadRow)]) == 2


def test_an_opening_balance_ends_what_waits() -> None:
    rows = (TITLES, OPENING, SALE, RENT, CLOSING)
    assert counted(("Vorgemerkte Buchungen", "", ""), WAITING, *rows) == [200_00, -50_00]


@pytest.mark.parametrize(
    "minus", ["€ - {}", "- € {}", "-€ {}", "− EUR {}", "{} EUR-", "***-{}", "{} EUR -"]
)
def test_a_minus_before_or_behind_a_currency_is_the_amounts(minus: str) -> None:
    rent: Row = ("03.12.2025", "Dauerauftrag", minus.format("50,00"))
    fee: Row = ("04.12.2025", "Entgelt", minus.format("1,00"))
    plus = minus.replace("-", "+").format("200,00") if minus.endswith("-") else "200,00"
    sale: Row = ("02.12.2025", "Gutschrift", plus)
    assert counted(TITLES, sale, rent, fee) == [200_00, -50_00, -1_00]


PLAIN = (HEAD[0], HEAD[2])


@pytest.mark.parametrize(
    ("rows", "head", "due"),
    [
        ((SALE, RENT, ("Alle Beträge in USD. Sicherung bis 100 EUR", "", "")), PLAIN, "USD"),
        ((("", "Alter Saldo AUD", "1,00"), SALE, RENT), PLAIN, "AUD"),
        ((SALE, RENT, ("", "Neuer Saldo TRY", "150,00")), PLAIN, "TRY"),
        ((SALE, RENT), (*PLAIN, "Fremdwährungskonto US-Dollar, Euro"), "USD"),
    ],
)
def test_the_currency_is_the_one_that_a_foot_a_balance_or_a_label_names(
    rows: tuple[Row, ...], head: tuple[str, ...], due: str
) -> None:
    found = [each for each in everything(TITLES, *rows, head=head) if isinstance(each, Statement)]
    assert [each.account.currency for each in found] == [due]


@pytest.mark.parametrize(("sign", "due"), [("US$", "USD"), ("A$", "AUD"), ("C$", "CAD")])
def test_a_dollar_of_a_country_is_that_countrys(sign: str, due: str) -> None:
    head = ("Account number 4711 0815", "Account statement 1 December 2025 to 31 December 2025")
    rows: tuple[Row, ...] = (
        ("Date", "Description", "Amount"),
        ("02 Dec 2025", "Sale", f"{sign}1,200.00"),
        ("03 Dec 2025", "Rent", f"-{sign}50.00"),
    )
    statement, bookings, _ = read_paper(sheet(rows, head=head))
    assert statement.account.currency == due
    assert [each.amount for each in bookings] == [1_200_00, -50_00]


def test_a_year_below_its_day_is_the_days() -> None:
    below: Row = ("2024", "", "")
    rows = (TITLES, ("02.12.", "Gutschrift", "200,00"), below, ("03.12.", "Miete", "-5,00"), below)
    _, bookings, _ = read_paper(sheet(rows, head=(MARKED[0], "Kontoauszug Nr. 7")))
    assert [str(each.booked_on) for each in bookings] == ["2024-12-02", "2024-12-03"]


def told(*rows: Row) -> list[str]:
    """What is said of rows that were not read, in a paper without balances."""
    return [each.place.en for each in everything(*rows) if isinstance(each, UnreadRow)]


@pytest.mark.parametrize("amount", ["-1.2a3,00", "-1,190.00", "-310", "-310,5"])
def test_a_row_whose_amount_cannot_be_read_is_told_with_its_place(amount: str) -> None:
    odd: Row = ("04.12.2025", "Leasing", amount)
    assert told(TITLES, SALE, RENT, odd) == [f"Page 1: 04.12.2025 Leasing {amount}"]


def test_a_number_that_may_be_an_amounts_thousands_is_told() -> None:
    odd: Row = ("04.12.2025", "Leasing", "-1  190,00")
    assert told(TITLES, SALE, RENT, odd) == ["Page 1: 04.12.2025 Leasing -1 190,00"]


@pytest.mark.parametrize("title", ["Ihre Daueraufträge", "Depotbestand", "Zinsabrechnung"])
def test_rows_of_another_list_below_a_table_are_told_where_no_balance_proves_them(
    title: str,
) -> None:
    other: Row = ("15.01.2026", "Miete", "-899,00")
    assert len(told(TITLES, SALE, RENT, (title, "", ""), other)) == 1


@pytest.mark.parametrize("words", ["Verfügbarer Betrag", "Dispositionskredit", "Credit limit"])
def test_what_could_be_spent_is_no_booking(words: str) -> None:
    assert counted(TITLES, SALE, RENT, ("31.12.2025", words, "14.000,00")) == [200_00, -50_00]


def codes(*rows: Row, head: tuple[str, ...] = MARKED) -> list[str]:
    """What is found odd in a paper of these rows."""
    return [each.code for each in everything(*rows, head=head) if isinstance(each, Finding)]


def test_a_currency_that_only_the_iban_or_a_text_tells_is_said_to_be_assumed() -> None:
    foreign: Row = ("", "Rg. 7 ueber 12,00 EUR", "")
    assert codes(TITLES, OPENING, SALE, RENT, CLOSING) == []
    assert codes(TITLES, OPENING, SALE, RENT, CLOSING, head=HEAD) == ["currency_by_country"]
    told = codes(TITLES, OPENING, SALE, foreign, RENT, CLOSING, head=HEAD)
    assert told == ["currency_by_country"]


def test_thousands_set_apart_by_blanks_are_read_whatever_texts_write() -> None:
    texts: Row = ("", "Netto 1.000,00 MwSt 190,00", "")
    many: Row = ("04.12.2025", "Leasing", "-11 190,00 ")
    ends = ("", "Alter Saldo", "21 000,00"), ("", "Neuer Saldo", "9 810,00")
    assert counted(TITLES, ends[0], many, texts, texts, texts, ends[1]) == [-11_190_00]


def test_two_digits_in_front_are_the_year_where_the_head_names_it() -> None:
    head = ("Kontoauszug EUR", HEAD[0], "Period 2025-12-01 - 2025-12-31")
    rows: list[Row] = [(f"25-12-{day}", "Gutschrift", "+5,00") for day in ("03", "04", "09")]
    found = everything(TITLES, *rows, head=head)
    days = [str(each.booked_on) for each in found if isinstance(each, Transaction)]
    assert days == ["2025-12-03", "2025-12-04", "2025-12-09"]


def test_bookings_in_a_letter_are_no_statement() -> None:
    letter = (HEAD[0], "Sehr geehrte Damen und Herren,")
    with pytest.raises(Unreadable, match="letter"):
        everything(OPENING, SALE, RENT, CLOSING, head=letter)


def test_a_line_that_names_a_period_is_no_holder() -> None:
    head = ("Volksbank Nord eG", *[" "] * 2, HEAD[0], "Zeitraum 01.12.2025 bis 31.12.2025")
    found = everything(TITLES, OPENING, SALE, RENT, CLOSING, head=head)
    (statement,) = [each for each in found if isinstance(each, Statement)]
    assert statement.account.holder is None


PERIOD = (*MARKED, "Zeitraum 01.12.2025 bis 31.12.2025")


def test_a_day_in_a_text_is_never_the_bookings_where_days_begin_lines_further_left() -> None:
    """Their amounts stand on their last lines, beside what the texts tell."""
    rows: list[Row] = [TITLES, ("", "Anfangssaldo", "1.000,00")]
    for day, amount in (("02.12.2025", "200,00"), ("04.12.2025", "-50,00")):
        rows += [(day, "Kunde", ""), ("", "08.11.2025 Rechnung", amount)]
    found = everything(*rows, ("", "Endsaldo", "1.150,00"), head=PERIOD)
    bookings = [each for each in found if isinstance(each, Transaction)]
    assert [(each.booked_on.isoformat(), each.amount) for each in bookings] == [
        ("2025-12-02", 200_00),
        ("2025-12-04", -50_00),
    ]


def test_a_booking_whose_amount_never_comes_is_told() -> None:
    rows: tuple[Row, ...] = (("05.12.2025", "Kunde", ""), ("", "Rechnung", "-70,00"))
    lost: Row = ("08.12.2025", "Miete", "")
    (told,) = (
        each
        for each in everything(TITLES, *rows, *rows, lost, head=PERIOD)
        if isinstance(each, UnreadRow)
    )
    assert told.place.en == "Page 1: 08.12.2025 Miete"


@pytest.mark.parametrize("words", ["Stand neu", "Was nun da ist"])
def test_a_dated_row_to_which_all_others_lead_is_the_balance_that_lacks(words: str) -> None:
    rows = (OPENING, SALE, RENT, SALE, ("31.12.2025", words, "1.350,00"))
    assert counted(TITLES, *rows, head=PERIOD) == [200_00, -50_00, 200_00]


def test_rows_below_a_title_do_not_count_where_both_balances_are_met_without_them() -> None:
    closing: Row = ("", "Endsaldo", "1.150,00")
    orders: tuple[Row, ...] = (("Was noch kommt", "", ""), ("02.01.2026", "Miete", "500,00"))
    assert counted(TITLES, OPENING, SALE, RENT, closing, *orders) == [200_00, -50_00]


def test_a_balance_on_top_is_the_closing_one_where_the_last_is_called_opening() -> None:
    rows: tuple[Row, ...] = (("", "Kontostand per 31.12.2025", "1.150,00"), RENT, SALE)
    statement, bookings, _ = read_paper(sheet((TITLES, *rows, OPENING), head=PERIOD))
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount, statement.closing.amount) == (1_000_00, 1_150_00)
    assert [each.amount for each in bookings] == [200_00, -50_00]


def test_an_account_below_another_keeps_its_own_bookings() -> None:
    closing: Row = ("", "Endsaldo", "1.150,00")
    title: Row = ("Tagesgeldkonto Nr. 3001234567", "", "")
    found = everything(TITLES, OPENING, SALE, RENT, closing, title, OPENING, SALE, RENT, closing)
    accounts = [each.account.number for each in found if isinstance(each, Statement)]
    assert accounts[1:] == ["3001234567"]
