"""How banks of many countries lay out their tables: drawn as text, read as a page would be."""

import re
from datetime import date

import pytest

from core.errors import Unreadable
from core.formats.pdf.page import Line, Word
from core.formats.pdf.reader import contents
from core.statements.model import Item, Statement, Transaction

pytestmark = pytest.mark.unit

WIDTH = 5.0  # of a letter, in points
HEIGHT = 8.0  # of letters: less than two are wide
IBAN = "IBAN DE02 1203 0000 0000 2020 51"


def drawn(text: str) -> list[Line]:
    """A page whose letters stand where they do in the text, each as wide as the others."""
    found = []
    for number, row in enumerate(text.strip("\n").splitlines()):
        top = 40 + 12 * number
        words = [
            Word(each[0], 40 + WIDTH * each.start(), top, 40 + WIDTH * each.end(), top + HEIGHT)
            for each in re.finditer(r"\S+", row)
        ]
        if words:
            found.append(Line(1, tuple(words), top, top + HEIGHT))
    return found


def read(text: str) -> list[Item]:
    """What is read of a page that looks like the text."""
    return contents([drawn(text)], 100)


def bookings(text: str) -> list[tuple[date, int]]:
    """The days and amounts that count."""
    rows = [each for each in read(text) if isinstance(each, Transaction) and not each.pending]
    return [(each.booked_on, each.amount) for each in rows]


def balances(text: str) -> list[tuple[int | None, int | None]]:
    """Both balances of each statement."""
    return [
        (each.opening and each.opening.amount, each.closing and each.closing.amount)
        for each in read(text)
        if isinstance(each, Statement)
    ]


SECTIONS = """
First Prairie Bank
                              February 1, 2025 through February 28, 2025
                              Account Number: 000123456789
Beginning Balance             $1,000.00
Ending Balance                $1,140.00

DEPOSITS AND ADDITIONS
DATE       DESCRIPTION                                AMOUNT
02/03      Square Inc                                $500.00
Total Deposits and Additions                         $500.00

CHECKS PAID
CHECK NO.    DATE PAID      AMOUNT    CHECK NO.    DATE PAID      AMOUNT
1001         02/04           60.00    1002         02/21          100.00
Total Checks Paid           $160.00

ELECTRONIC WITHDRAWALS
DATE       DESCRIPTION                                AMOUNT
02/14      Comcast                                   $200.00
Total Electronic Withdrawals                         $200.00

DAILY ENDING BALANCE
DATE           AMOUNT     DATE           AMOUNT
02/03        1,500.00     02/04        1,440.00
02/14        1,240.00     02/21        1,140.00
"""


def test_titles_of_sections_tell_what_came_in_and_went_out_and_daily_balances_are_no_bookings() -> (
    None
):
    assert bookings(SECTIONS) == [
        (date(2025, 2, 3), 500_00),
        (date(2025, 2, 4), -60_00),
        (date(2025, 2, 14), -200_00),
        (date(2025, 2, 21), -100_00),
    ]
    assert balances(SECTIONS) == [(1_000_00, 1_140_00)]


def test_a_section_without_a_side_is_not_guessed_where_balances_do_not_prove_it() -> None:
    unclear = SECTIONS.replace("ELECTRONIC WITHDRAWALS", "OTHER ITEMS").replace("$1,140", "$1,150")
    with pytest.raises(Unreadable) as refusal:
        read(unclear)
    assert refusal.value.code in ("signs_unknown", "not_a_statement", "columns_unknown")


FRENCH = """
Banque Lumière
Relevé de compte
IBAN FR14 2004 1010 0505 0001 3M02 606
du 01/02/2025 au 28/02/2025
Date        Valeur    Opération                      Débit EUR       Crédit EUR
31 01                 SOLDE CREDITEUR AU 31/01/2025                      1.000,00
03 02       03 02     VIR DUPONT                                           250,00
05 02       04 02     PRLV EDF                             100,00
                      SOLDE CREDITEUR AU 28/02/2025                      1.150,00
"""


@pytest.mark.parametrize(("parted", "day"), [(" ", "%s %s"), (".", "%s.%s"), ("/", "%s/%s")])
def test_days_of_two_numbers_are_of_the_year_of_a_period_with_slashes(
    parted: str, day: str
) -> None:
    text = re.sub(r"\b(\d\d) (0\d)(?= )", lambda found: day % found.groups(), FRENCH)
    assert bookings(text) == [(date(2025, 2, 3), 250_00), (date(2025, 2, 5), -100_00)], parted
    assert balances(text) == [(1_000_00, 1_150_00)]


def test_a_dutch_day_with_a_hyphen_and_sides_behind_amounts() -> None:
    text = """
    Rekeningafschrift
    IBAN NL91 ABNA 0417 1643 00       Valuta: EUR
    Periode 01-02-2025 t/m 28-02-2025
    Boekdatum     Omschrijving                         Bedrag
                  Beginsaldo                         1000,00
    03-02         Huur                                250,00 Af
    12-02         De Vries                            100,00 Bij
                  Eindsaldo                           850,00
    """
    assert bookings(text) == [(date(2025, 2, 3), -250_00), (date(2025, 2, 12), 100_00)]


def test_which_balance_stands_at_the_top_is_told_by_its_day() -> None:
    text = """
    Relevé de compte
    IBAN FR14 2004 1010 0505 0001 3M02 606       Devise: EUR
    du 01/02/2025 au 28/02/2025
    Date          Opération                              Montant
                  SOLDE CREDITEUR AU 28/02/2025         1.150,00
    05/02/2025    PRLV EDF                               -100,00
    03/02/2025    VIR DUPONT                             +250,00
                  SOLDE CREDITEUR AU 31/01/2025         1.000,00
    """
    assert balances(text) == [(1_000_00, 1_150_00)]
    assert bookings(text) == [(date(2025, 2, 3), 250_00), (date(2025, 2, 5), -100_00)]


def test_sides_that_nothing_names_are_refused_where_balances_may_be_debts() -> None:
    text = f"""
    Kontoauszug {IBAN}     EUR
    vom 01.02.2025 bis 28.02.2025
                  Alter Saldo               1.000,00
    03.02.2025    Miete                       250,00
    12.02.2025    Kunde                                     100,00
    14.02.2025    Strom                        50,00
                  Neuer Saldo               1.200,00
    """
    with pytest.raises(Unreadable) as refusal:
        read(text)
    assert refusal.value.code == "columns_unknown"


def test_accounts_in_a_column_of_one_page_each_keep_their_bookings() -> None:
    text = """
    Übersicht
    Konto AT61 1904 3002 3457 3201                                   1.100,00 EUR
    Konto CH93 0076 2011 6238 5295 7                                 1.950,00 CHF
    Kontoauszug IBAN AT61 1904 3002 3457 3201                        Währung EUR
    vom 01.02.2025 bis 28.02.2025
    Datum         Text                                Betrag
                  Alter Kontostand                  1.000,00
    03.02.2025    Kunde                               100,00
                  Neuer Kontostand                  1.100,00
    Kontoauszug IBAN CH93 0076 2011 6238 5295 7                      Währung CHF
    vom 01.02.2025 bis 28.02.2025
    Datum         Text                                Betrag
                  Alter Kontostand                  2.000,00
    04.02.2025    Miete                               -50,00
                  Neuer Kontostand                  1.950,00
    """
    found = [each for each in read(text) if isinstance(each, Statement)]
    assert [(each.account.number[:2], each.account.currency) for each in found] == [
        ("AT", "EUR"),
        ("CH", "CHF"),
    ]
    assert balances(text) == [(1_000_00, 1_100_00), (2_000_00, 1_950_00)]


def test_two_currencies_under_one_number_are_two_statements() -> None:
    text = """
    Account statement
    IBAN GB33 BUKB 2020 1555 5555 55

    GBP statement 1 February 2025 - 28 February 2025
    Opening balance                                                     1,000.00 GBP
    Date               Description          Outgoing      Incoming         Balance
    3 February 2025    Rent                   250.00                        750.00
    Closing balance                                                       750.00 GBP

    EUR statement 1 February 2025 - 28 February 2025
    Opening balance                                                        50.00 EUR
    Date               Description          Outgoing      Incoming         Balance
    4 February 2025    Customer                             100.00          150.00
    Closing balance                                                       150.00 EUR
    """
    found = read(text)
    rows = [each for each in found if isinstance(each, Transaction)]
    assert [(each.amount, each.currency) for each in rows] == [(-250_00, "GBP"), (100_00, "EUR")]
    assert balances(text) == [(1_000_00, 750_00), (50_00, 150_00)]


CARD = """
Business Card statement
Credit Card Statement         Card number 4929 1234 5678 9010
Statement date 28 February 2025
Previous balance              £100.00
New balance                   £130.00
Minimum payment               £25.00

Date           Description                         Amount £
3 Feb 2025     Screwfix                              80.00
9 Feb 2025     PAYMENT - THANK YOU                  100.00 CR
12 Feb 2025    BT Group                              50.00
"""


@pytest.mark.parametrize("payment", ["100.00 CR", "-100.00   "])
def test_what_a_card_spent_is_owed_and_what_was_paid_is_not(payment: str) -> None:
    text = (
        CARD.replace("100.00 CR", payment)
        if "CR" in payment
        else CARD.replace(" 100.00 CR", "-100.00")
    )
    assert [amount for _, amount in bookings(text)] == [-80_00, 100_00, -50_00]
    assert balances(text) == [(-100_00, -130_00)]


def test_a_card_whose_bookings_all_bear_a_sign_is_read_by_them() -> None:
    text = f"""
    Kreditkartenabrechnung vom 28.02.2025
    Kartennummer 4711 XXXX XXXX 0815     Abrechnungskonto {IBAN[5:]}
    Mindestbetrag EUR                             25,00
    Buchung       Verwendungszweck            Betrag EUR
                  Saldo letzte Abrechnung       100,00-
    03.02.2025    Baumarkt                       80,00-
    09.02.2025    Zahlung                       300,00+
                  Neuer Saldo                   120,00+
    """
    assert [amount for _, amount in bookings(text)] == [-80_00, 300_00]
    assert balances(text) == [(-100_00, 120_00)]


def test_an_account_that_pays_a_card_is_no_card() -> None:
    text = f"""
    Account statement       {IBAN}     Currency: EUR
    1 February 2025 - 28 February 2025
    Date           Description                    Amount
                   Opening balance                100.00
    3 Feb 2025     CARD SERVICES                  -80.00
                   MINIMUM PAYMENT
    9 Feb 2025     Customer                       300.00
                   Closing balance                320.00
    """
    assert [amount for _, amount in bookings(text)] == [-80_00, 300_00]


def test_a_card_with_a_balance_below_zero_and_nothing_due_is_not_guessed() -> None:
    text = CARD.replace("£130.00", "-£30.00 ").replace(" 100.00 CR", "-260.00")
    with pytest.raises(Unreadable) as refusal:
        read(text.replace("Minimum payment               £25.00", "Minimum payment due   none"))
    assert refusal.value.code == "signs_unknown"


def test_days_of_type_whose_blanks_are_wide_keep_their_own_row() -> None:
    text = """
    Statement of account      IBAN GB33 BUKB 2020 1555 5555 55     Currency: GBP
    Statement period 1 February 2025 to 28 February 2025
    Date      Value date  Transaction                    Paid out    Paid in    Balance
                          Opening balance                                      1,000.00
    03 Feb    03 Feb      Rent
                          Period 01.11.                    250.00                750.00
    07 Feb    06 Feb      Customer
                          Period 01.11.                                50.00     800.00
                          Closing balance                                        800.00
    """
    assert bookings(text) == [(date(2025, 2, 3), -250_00), (date(2025, 2, 7), 50_00)]


def test_a_day_told_once_a_day_is_that_of_booking_whatever_the_value_days_are() -> None:
    text = """
    Wyciąg z rachunku       IBAN PL61 1090 1014 0000 0712 1981 2874     PLN
    za okres 2025-02-01 do 2025-02-28
                               Opis operacji                 Kwota       Saldo
                               Saldo początkowe                      1000,00
    2025-02-03    2025-02-05   Czynsz                      -250,00      750,00
                  2025-02-01   Klient                        50,00      800,00
                  2025-02-04   Orlen                       -100,00      700,00
    2025-02-10    2025-02-09   ZUS                         -100,00      600,00
                               Saldo końcowe                            600,00
    """
    assert [day.day for day, _ in bookings(text)] == [3, 3, 3, 10]


@pytest.mark.parametrize(("currency", "cents"), [("HUF", 100), ("JPY", 1)])
def test_whole_amounts_are_told_in_their_currencys_minor_units(currency: str, cents: int) -> None:
    text = f"""
    Account statement       IBAN DE02 1203 0000 0000 2020 51     Currency: {currency}
    Period 2025-02-01 - 2025-02-28
    Date          Description               Debit       Credit      Balance
                  Opening balance                                 1,000,000
    2025.02.03    Rent                     250,000                  750,000
    2025.02.10    Customer                               50,000     800,000
                  Closing balance                                   800,000
    """
    assert [amount for _, amount in bookings(text)] == [-250_000 * cents, 50_000 * cents]
    assert balances(text) == [(1_000_000 * cents, 800_000 * cents)]


@pytest.mark.parametrize("mark", ["dr", "DR", "OD", " OD", " dr"])
def test_balances_below_zero_may_bear_a_mark_that_clings(mark: str) -> None:
    text = f"""
    Statement of account       IBAN GB33 BUKB 2020 1555 5555 55     Currency: GBP
    Date           Details                   Debit       Credit     Balance
    31 Jan 2025    BALANCE FORWARD                                   100.00
    3 Feb 2025     Rent                     250.00                   150.00{mark}
    14 Feb 2025    Customer                              50.00       100.00{mark}
    """
    assert [amount for _, amount in bookings(text)] == [-250_00, 50_00]
    assert balances(text)[0][0] == 100_00


def test_days_before_those_whose_title_is_of_value_are_of_booking() -> None:
    text = f"""
    Kontoauszug {IBAN}     EUR
    Zeitraum 01.02.2025 bis 28.02.2025
    Bu-Tag       Wert         Vorgang               Umsatz        Saldo
                              Alter Kontostand                 1.000,00
    03.02.2025   02.02.2025   Miete                 -250,00      750,00
                 04.02.2025   Kunde                   50,00      800,00
                 01.02.2025   Tanken                -100,00      700,00
    10.02.2025   09.02.2025   Strom                 -100,00      600,00
                              Neuer Kontostand                   600,00
    """
    assert [day.day for day, _ in bookings(text)] == [3, 3, 3, 10]


def test_in_and_out_are_titles_where_both_stand_there() -> None:
    text = """
    Account statement       IBAN GB33 BUKB 2020 1555 5555 55     Currency: GBP
    DATE          TRANSACTION                   IN         OUT      BALANCE
                  Opening Balance                                  1,000.00
    03/02/2025    Customer                   50.00                 1,050.00
    14/02/2025    Rent                                  250.00       800.00
                  Closing Balance                                    800.00
    """
    assert [amount for _, amount in bookings(text)] == [50_00, -250_00]


def test_the_holder_is_no_title_and_no_type_of_account() -> None:
    text = FRENCH.replace("Banque Lumière", "Banque Lumière\n" + "\n" * 6 + "Geschäftskonto CHF")
    (statement,) = [each for each in read(text) if isinstance(each, Statement)]
    assert statement.account.holder is None
