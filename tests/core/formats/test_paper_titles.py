"""What others send or keep is told by its title, in the languages of those whose banks are read."""

from contextlib import suppress
from io import BytesIO

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.documents import Finding
from core.errors import Unreadable
from core.formats import pdf
from core.formats.papers.titles import Heading, title_of
from core.formats.papers.words import PAPERS
from core.statements.model import Statement
from tests.core.formats.other_papers import other_papers
from tests.core.formats.papers import HEAD, TITLES, Row, paper

pytestmark = pytest.mark.unit
CALLED = """
a dunning letter | Second and final notice; Diffida di pagamento; Laatste aanmaning
a dunning letter | Wezwanie do zapłaty
an invoice | Gästekonto Zimmer 214; Guest folio; Note de séjour; Conto camera 214
an invoice | Cuenta de huésped
an invoice | Your phone bill; Conto telefonico; Eindfactuur 2025-118
a tax notice | Kontoauszug Steuerkonto 214/5678; Compte fiscal; Estratto di ruolo
a tax notice | Karta kontowa podatnika
a tax notice | Rekeningoverzicht belastingen; Certificado de deudas tributarias
a customs account | Aufschubkonto Mitteilung; Duty deferment statement; Maandkrediet overzicht
a settlement of charges | Mietkonto Wohnung 12; Tenant account statement; Compte locataire
a settlement of charges | Kartoteka najemcy
a settlement of charges | Huurdersoverzicht; Libro de alquileres; Tankkartenabrechnung
a settlement of charges | Energy account summary
a payslip | Lohnjournal Dezember; Riepilogo paghe; Loonstaat december; Resumen de nóminas
a payment provider's settlement | Händlerkontoauszug; Payout report; Settlement report
a payment provider's settlement | Auszahlungsbericht
a payment provider's settlement | Relevé de compte marchand; Extracto de comerciante
a payment provider's settlement | Uitbetalingsoverzicht
a payment provider's settlement | Abrechnungsübersicht Verkäuferkonto; Rozliczenie sprzedawcy
a securities account statement | Effectenrekening transacties; Historia rachunku inwestycyjnego
a securities account statement | Movimenti conto titoli; Brokerage account activity
a cash book | Kasse Filiale 2; Prima nota cassa; Raport kasowy
a ledger sheet | Nominal account 1200 Bank; Extrait de compte 512000 Banque; Zapisy na koncie 131
a ledger sheet | Extracto de la cuenta contable 572000; Massenblatt Verwahrung 12/25
a ledger sheet | Client ledger
an insurance document | Kontoauszug Beitragskonto; Relevé de cotisations; Premieoverzicht
an insurance document | Extracto de primas
an insurance document | Kontoauszug Arbeitgeberkonto; Informe de cotizaciones
an account of a contract | Jahreskontoauszug 2025 Bausparvertrag; Punktekonto Auszug
an account of a contract | Miles account statement
a loan account | Darlehenskontoauszug 2025; Loan account statement; Relevé de prêt
a loan account | Rendiconto mutuo
a financial plan | Previsión de tesorería 2026; Kontoverlauf Planung 2026
a list of open items | Wyciąg z konta kontrahenta; Relevé de compte client
"""
BANKS = (
    "Kontoauszug Nr. 7", "Mietkautionskonto Kontoauszug", "Business Current Account Statement",
    "Relevé de compte", "Estratto conto", "Wyciąg z rachunku", "Rekeningafschrift",
    "Miles & More Kreditkartenabrechnung", "Kontoauszug Hohenzollernstraße",
)  # fmt: skip


def test_a_paper_is_called_what_its_title_says() -> None:
    wrong = []
    for line in CALLED.strip().splitlines():
        name, titles = line.split(" | ")
        for each in titles.split("; "):
            found = title_of([Heading(each)])
            if found is None or found.paper is None or found.paper.name.en != name:
                wrong.append((each, found and found.paper and found.paper.name.en))
    assert wrong == []


@pytest.mark.parametrize("title", BANKS)
def test_a_banks_title_stays_one(title: str) -> None:
    found = title_of([Heading(title)])
    assert found is not None
    assert found.paper is None


def test_papers_have_names_of_their_own() -> None:
    assert len({each.name.en for each in PAPERS}) == len({each.name.de for each in PAPERS})
    assert len({each.name.en for each in PAPERS}) == len(PAPERS)


def entitled(title: str, *above: str) -> bytes:
    """An account that adds up, with its number, below a title in larger letters."""
    rows: list[Row] = [("", "Alter Saldo", "1.000,00")]
    rows += [(f"0{day}.12.2025", "Punkte", "10,00") for day in range(1, 5)]
    canvas = Canvas(out := BytesIO(), A4, invariant=True)
    canvas.setFont("Helvetica", 9)
    for at, line in enumerate(above):
        canvas.drawString(60, 820 - 14 * at, line)
    canvas.setFont("Helvetica", 15)
    canvas.drawString(60, 770, title)
    canvas.setFont("Helvetica", 9)
    for at, (left, middle, right) in enumerate([TITLES, *rows, ("", "Neuer Saldo", "1.040,00")]):
        canvas.drawString(60, 740 - 14 * at, left)
        canvas.drawString(160, 740 - 14 * at, middle)
        canvas.drawRightString(540, 740 - 14 * at, right)
    canvas.save()
    return out.getvalue()


def statements(content: bytes) -> list[Statement]:
    """The statements of a file; none where it is refused."""
    with suppress(Unreadable):
        return [each for each in pdf.read(BytesIO(content)) if isinstance(each, Statement)]
    return []


def test_an_account_with_a_strange_title_counts_only_where_a_bank_is_named() -> None:
    head = ("Muster Werkzeugbau GmbH", f"{HEAD[0]} EUR")
    assert not statements(entitled("Zeugwart Abrechnung Feldpost", *head))
    assert statements(entitled("Zeugwart Abrechnung Feldpost", "Volksbank Nord eG", *head))
    assert statements(entitled("Kontoauszug", *head))


@pytest.mark.parametrize(
    ("invoice", "payment"),
    [("Rechnung RE 17", "Zahlung 4"), ("Fattura 17", "Pagamento 4"), ("Factuur 17", "Betaling 4")],
)
def test_a_suppliers_list_counts_for_nothing_though_it_prints_its_own_account(
    invoice: str, payment: str
) -> None:
    rows: list[Row] = [TITLES, ("", "Alter Saldo", "1.000,00 H")]
    rows += [(f"0{day}.12.2025", invoice, "200,00 H") for day in (2, 3, 4)]
    rows += [("05.12.2025", payment, "50,00 S"), ("", "Neuer Saldo", "1.550,00 H")]
    assert not statements(paper(rows, head=("Kontoauszug", f"{HEAD[0]} EUR")))
    assert statements(paper(rows, head=("Volksbank Nord", "Kontoauszug", f"{HEAD[0]} EUR")))


def test_of_a_cover_sheet_that_is_no_statement_the_enclosed_files_are_named() -> None:
    invoice = next(each for each in other_papers(balances=False) if each.kind == "invoice")
    with pypdfium2.PdfDocument(invoice.pdf()) as file:
        file.new_attachment("auszug.pdf").set_data(b"%PDF-1.4")
        file.save(out := BytesIO())
    told = [each for each in pdf.read(BytesIO(out.getvalue())) if isinstance(each, Finding)]
    assert ["auszug.pdf" in each.detail.en for each in told if each.code == "portfolio"] == [True]
