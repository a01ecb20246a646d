"""Accounts that no bank keeps, and letters that quote one, are told from a bank's statement."""

from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats import pdf
from core.statements.model import Statement, Transaction
from tests.core.formats.papers import CLOSING, HEAD, OPENING, RENT, SALE, TITLES, Row
from tests.core.formats.papers import paper as sheet

pytestmark = pytest.mark.unit
BOOKINGS = (TITLES, OPENING, SALE, RENT, CLOSING)
ACCOUNT = f"{HEAD[0]} EUR"
PERIOD = "Zeitraum 01.12.2025 bis 31.12.2025"


def holder(*head: str) -> str | None:
    """Whom a statement below that head names as its holder."""
    items = pdf.read(BytesIO(sheet(BOOKINGS, head=head)))
    (found,) = [each for each in items if isinstance(each, Statement)]
    return found.account.holder


def counts(*rows: Row, head: tuple[str, ...]) -> bool:
    """Whether anything of a paper counts."""
    try:
        items = list(pdf.read(BytesIO(sheet(rows, head=head))))
    except Unreadable:
        return False
    return any(isinstance(each, Statement | Transaction) for each in items)


@pytest.mark.parametrize(
    "head",
    [
        ("Von: Buchhaltung <b@w.example>", "Betreff: Kontoauszug Dezember"),
        ("From: Ann <a@w.example>", "To: Bob", "Subject: Account statement"),
        ("Hallo Frau Ott, hier die Umsätze:",),
        ("Liebe Frau Ott,", "der Kontoauszug für Dezember zeigt:"),
        ("Sehr geehrte Damen und Herren,", "aus dem Kontoauszug Ihres Kontos zitieren wir:"),
    ],
)
def test_a_mail_or_letter_that_quotes_a_statement_counts_for_nothing(head: tuple[str, ...]) -> None:
    assert not counts(*BOOKINGS, head=(*head, ACCOUNT))


def test_a_banks_letter_with_its_statements_title_stays_one() -> None:
    assert counts(*BOOKINGS, head=("Kontoauszug Nr. 7", "Sehr geehrte Frau Ott,", ACCOUNT))
    assert counts(*BOOKINGS, head=("Hallo Pizza GmbH", "Kontoauszug Nr. 7", ACCOUNT))
    assert counts(*BOOKINGS, head=("From: 01.12.2025", "To: 31.12.2025", ACCOUNT))


@pytest.mark.parametrize(
    "title",
    ["Kontoauszug Leasingvertrag", "Abrechnungskonto Kontoauszug", "Kontoverlauf Planung 2026"],
)
def test_a_title_that_names_a_contract_or_a_plan_is_no_bank_statements(title: str) -> None:
    assert not counts(*BOOKINGS, head=(title, ACCOUNT))


@pytest.mark.parametrize(
    ("title", "invoice", "payment"),
    [
        ("Kontoauszug", "Rechnung RE 17", "Zahlungseingang 4"),
        ("Estratto conto", "Fattura 17", "Pagamento 4"),
        ("Extracto de cuenta", "Factura 17", "Pago 4"),
    ],
)
def test_invoices_and_payments_on_no_account_of_a_bank_are_a_suppliers_list(
    title: str, invoice: str, payment: str
) -> None:
    rows = (TITLES, OPENING, (SALE[0], invoice, SALE[2]), (RENT[0], payment, RENT[2]), CLOSING)
    foot: Row = (f"Unsere Bankverbindung: {ACCOUNT}", "", "")
    assert not counts(*rows, foot, head=(title, "EUR"))
    assert counts(*rows, head=(title, ACCOUNT))


def test_rows_that_say_they_are_planned_are_no_bookings() -> None:
    rows = ((SALE[0], "Plan Umsatz", SALE[2]), (RENT[0], "Plan Kosten", RENT[2]))
    assert not counts(TITLES, OPENING, *rows, CLOSING, head=("Kontoauszug", ACCOUNT))


def test_debits_that_raise_the_balance_are_never_a_banks() -> None:
    rows = (
        ("Datum", "Text", "Soll      Haben      Saldo"),
        ("", "Anfangsbestand", "1.000,00"),
        ("02.12.2025", "Gutschrift", "200,00                 1.200,00"),
        ("03.12.2025", "Miete", "50,00      1.150,00"),
    )
    turned = (rows[0], rows[1], rows[2], rows[3])
    with pytest.raises(Unreadable) as refusal:
        list(pdf.read(BytesIO(sheet(turned, head=("Girokonto", ACCOUNT)))))
    assert "raises its balance" in str(refusal.value.reason.en)


def test_an_iban_behind_the_holder_is_no_part_of_the_name() -> None:
    named = "Kontoinhaber: Officina Bianchi S.r.l. IBAN DE02 1203 0000 0000 2020 51 EUR"
    assert holder("Kontoauszug", named) == "Officina Bianchi S.r.l."


@pytest.mark.parametrize("line", [PERIOD, "Minimum payment £25.00", ACCOUNT])
def test_a_line_with_a_day_an_amount_or_an_account_above_a_town_is_no_holder(line: str) -> None:
    assert holder("Kontoauszug", ACCOUNT, line, "20457 Musterstadt") is None
