"""The figures of reports, accounts and loans are read where they prove themselves, with a place."""

from collections.abc import Sequence
from io import BytesIO
from random import Random

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.documents import FigureSpan, FigureTerm, PaperFigure, Recognised
from core.formats.parsers import read
from core.statements.model import Transaction
from tests.core.formats.annual import annual, year
from tests.core.formats.other_papers import other_papers
from tests.core.formats.papers import ROWS, paper
from tests.core.formats.reports import MONTHS, TERMS, added, column, reports, shares, sums
from tests.core.formats.reports import report as report_of

pytestmark = pytest.mark.unit
Told = dict[tuple[str, str], int]


def sheet(rows: Sequence[Sequence[str]], ends: Sequence[float]) -> bytes:
    """A page of rows: a name at the left, then cells that end at these places."""
    canvas = Canvas(out := BytesIO(), pagesize=A4, invariant=True)
    for at, (name, *cells) in enumerate(rows):
        canvas.setFont("Helvetica", 8)
        canvas.drawString(40, 800 - 14 * at, name)
        for right, cell in zip(ends, cells, strict=False):
            canvas.drawRightString(right, 800 - 14 * at, cell)
    canvas.save()
    return out.getvalue()


def figures(content: bytes) -> tuple[PaperFigure, ...]:
    """What is read of a paper's figures."""
    items = list(read(BytesIO(content)))
    assert not [each for each in items if isinstance(each, Transaction)]
    (found,) = [each for each in items if isinstance(each, Recognised)]
    return found.figures


def told(content: bytes) -> Told:
    """The figures by their name and span, in euro cents."""
    return {(each.figure.value, each.span.value): each.amount.minor for each in figures(content)}


def euros(cents: int) -> str:
    """An amount as Germans print it."""
    return f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))


PARTS = {
    "Umsatzerlöse": 10_000_00, "Best.Verdg. FE/UE": -200_00, "Gesamtleistung": 9_800_00,
    "Mat./Wareneinkauf": 3_000_00, "Rohertrag": 6_800_00, "So. betr. Erlöse": 100_00,
    "Betriebl. Rohertrag": 6_900_00, "Personalkosten": 2_500_00, "Raumkosten": 700_00,
    "Abschreibungen": 300_00, "Sonstige Kosten": 400_00, "Gesamtkosten": 3_900_00,
    "Betriebsergebnis": 3_000_00, "Neutraler Aufwand": 50_00, "Neutraler Ertrag": 20_00,
    "Ergebnis vor Steuern": 2_970_00, "Steuern Eink.u.Ertr": 970_00,
    "Vorläufiges Ergebnis": 2_000_00,
}  # fmt: skip


def report(wrong: str = "", ratios: bool = True, unit: str = "") -> bytes:
    """A business report in DATEV's form, one month and its year so far; one row may be wrong."""
    head = ["Dez/2025", "% Ges.-Leistg.", "Jan/2025 - Dez/2025", "% Ges.-Leistg."]
    rows = [["Kurzfristige Erfolgsrechnung Dezember 2025"], [unit], ["Bezeichnung", *head]]
    for name, cents in PARTS.items():
        month, year = cents + (1_00 if name == wrong else 0), cents * 11
        share = euros(cents // 980)
        rows.append([name, euros(month), share, euros(year), share])
    if not ratios:
        rows = [[*row[:2], *row[3:4]] for row in rows]
    return sheet(rows, [250, 330, 440, 540] if ratios else [300, 480])


@pytest.mark.parametrize("ratios", [True, False])
def test_a_business_report_tells_its_month_and_its_year_so_far(ratios: bool) -> None:
    found = told(report(ratios=ratios))
    for span, times in (("month", 1), ("year_to_date", 11)):
        assert found["revenue", span] == 10_000_00 * times
        assert found["total_output", span] == 9_800_00 * times
        assert found["material_costs", span] == 3_000_00 * times
        assert found["personnel_costs", span] == 2_500_00 * times
        assert found["result", span] == 2_000_00 * times


def test_a_figure_stands_where_the_page_shows_it() -> None:
    content = report()
    with pypdfium2.PdfDocument(content) as file:
        page = file[0]
        for each in figures(content):
            assert each.origin.box is not None
            _, left, top, right, bottom = each.origin.box
            seen = page.get_textpage().get_text_bounded(
                left - 1, A4[1] - bottom - 1, right + 1, A4[1] - top + 1
            )
            assert euros(each.amount.minor) in seen


@pytest.mark.parametrize("wrong", ["Gesamtleistung", "Personalkosten", "Betriebsergebnis"])
def test_a_column_whose_subtotals_do_not_follow_is_not_read(wrong: str) -> None:
    assert {span for _, span in told(report(wrong))} == {"year_to_date"}


def test_figures_in_thousands_count_by_what_the_heading_says_and_others_are_not_read() -> None:
    assert told(report(unit="Werte in TEUR"))["revenue", "month"] == 10_000_000_00
    assert told(report(unit="Werte in Mio. EUR")) == {}
    assert told(report(unit="Werte in CHF")) == {}


def accounts(*, banks: int = 80_000_00, revenue: int = 500_000_00) -> bytes:
    """A balance sheet, both sides beside each other, and the profit and loss account below."""
    canvas = Canvas(out := BytesIO(), pagesize=A4, invariant=True)
    canvas.setFont("Helvetica", 8)
    sides = [
        ("AKTIVA", "", "PASSIVA", ""),
        ("A. Anlagevermögen", "120.000,00", "A. Eigenkapital", "85.000,00"),
        ("I. Sachanlagen", "120.000,00", "I. Gezeichnetes Kapital", "25.000,00"),
        ("B. Umlaufvermögen", "95.000,00", "B. Rückstellungen", "12.000,00"),
        ("C. Rechnungsabgrenzungsposten", "1.200,00", "C. Verbindlichkeiten", "119.200,00"),
        ("", "", "1. Verbindlichkeiten gegenüber", ""),
        ("", "", "Kreditinstituten", euros(banks)),
        ("", "", "2. Sonstige Verbindlichkeiten", "39.200,00"),
        ("Summe Aktiva", "216.200,00", "Summe Passiva", "216.200,00"),
    ]
    canvas.drawString(40, 800, "Jahresabschluss: Bilanz zum 31.12.2025")
    for at, (left, amount, right, other) in enumerate(sides):
        y = 780 - 14 * at
        canvas.drawString(40, y, left)
        canvas.drawRightString(280, y, amount)
        canvas.drawString(310, y, right)
        canvas.drawRightString(540, y, other)
    account = [
        ("Gewinn- und Verlustrechnung vom 01.01.2025 bis 31.12.2025", ""),
        ("1. Umsatzerlöse", euros(revenue)),
        ("2. Materialaufwand", ""),
        ("a) Aufwendungen für Waren", "150.000,00"),
        ("b) Aufwendungen für bezogene Leistungen", "50.000,00"),
        ("3. Personalaufwand", "180.000,00"),
        ("4. Abschreibungen", "20.000,00"),
        ("5. Sonstige betriebliche Aufwendungen", "60.000,00"),
        ("6. Jahresüberschuss", "40.000,00"),
    ]
    for at, (name, amount) in enumerate(account):
        canvas.drawString(40, 620 - 14 * at, name)
        canvas.drawRightString(540, 620 - 14 * at, amount)
    canvas.save()
    return out.getvalue()


def test_annual_accounts_tell_their_year_their_equity_and_what_is_owed_to_banks() -> None:
    assert told(accounts()) == {
        ("revenue", "year"): 500_000_00,
        ("material_costs", "year"): 200_000_00,
        ("personnel_costs", "year"): 180_000_00,
        ("depreciation", "year"): 20_000_00,
        ("other_costs", "year"): 60_000_00,
        ("result", "year"): 40_000_00,
        ("equity", "reporting_date"): 85_000_00,
        ("bank_liabilities", "reporting_date"): 80_000_00,
    }


def test_accounts_that_do_not_follow_tell_only_what_does() -> None:
    assert ("revenue", "year") not in told(accounts(revenue=500_001_00))
    assert ("bank_liabilities", "reporting_date") not in told(accounts(banks=80_001_00))


ORDERS = [
    ("Rate", "Zinsen", "Tilgung", "Restschuld"),
    ("Restschuld", "Tilgung", "Zinsen", "Rate"),
    ("Zinsen", "Rate", "Restschuld", "Tilgung"),
]


def plan(columns: Sequence[str], off: int = 0) -> bytes:
    """A repayment plan of 1,500.00 a month; one repayment may be off by some cents."""
    left, rows = 50_000_00, [["Tilgungsplan zum Darlehen 4711"], ["Sollzins 5,00 % p.a. EUR"]]
    rows.append(["Fälligkeit", *columns])
    for month in range(1, 9):
        interest = round(left * 0.05 / 12)
        repaid = 1_500_00 - interest
        left -= repaid
        cells = {"Rate": 1_500_00, "Zinsen": interest, "Restschuld": left}
        cells["Tilgung"] = repaid + (off if month == 4 else 0)
        rows.append([f"30.{month:02}.2026", *(euros(cells[name]) for name in columns)])
    return sheet(rows, [200, 300, 400, 500])


@pytest.mark.parametrize("columns", ORDERS)
def test_a_repayment_plan_tells_its_instalment_in_whatever_order_its_columns_stand(
    columns: Sequence[str],
) -> None:
    (each,) = figures(plan(columns))
    assert (each.figure, each.span) == (FigureTerm.INSTALMENT, FigureSpan.EACH)
    assert (each.amount.minor, each.amount.currency) == (1_500_00, "EUR")


def test_a_plan_that_contradicts_itself_tells_none() -> None:
    assert figures(plan(ORDERS[0], off=500)) == ()


def test_a_loan_contract_tells_the_instalment_that_it_names() -> None:
    lines = ["Darlehensvertrag Nr. 4711", "Darlehensbetrag 50.000,00 EUR, Laufzeit 36 Monate"]
    lines.append("Zins ab 02.12.2025: 208,33 EUR für den ersten Monat")
    rate = "Die monatliche Rate beträgt 1.500,00 EUR"
    rows = [[each] for each in (*lines, "Auszahlung am 01.12.2025: 50.000,00 EUR", rate)]
    (each,) = figures(sheet(rows, []))
    assert each.amount.minor == 1_500_00
    assert figures(sheet([*rows, ["Die monatliche Rate beträgt 1.600,00 EUR"]], [])) == ()


def test_a_statement_and_an_invoice_in_one_file_count_as_the_statement_alone() -> None:
    invoice = next(each for each in other_papers(balances=True) if each.kind == "invoice")
    for pages in ((paper(ROWS), invoice.pdf()), (invoice.pdf(), paper(ROWS))):
        with pypdfium2.PdfDocument(pages[0]) as file, pypdfium2.PdfDocument(pages[1]) as other:
            file.import_pages(other)
            file.save(out := BytesIO())
        items = list(read(BytesIO(out.getvalue())))
        assert [each.amount for each in items if isinstance(each, Transaction)] == [20_000, -5_000]
        assert "other_paper" in [getattr(each, "code", "") for each in items]


DICE = Random(20)
NOW, BEFORE = ([sums(DICE) for _ in range(12)] for _ in range(2))
MONTH, YEAR = NOW[-1], added(NOW)
LAST_MONTH, LAST_YEAR = BEFORE[-1], added(BEFORE)
CHANGE = {row: cents - LAST_MONTH[row] for row, cents in MONTH.items()}
OF_MONTHS = [column(name, told) for name, told in zip(MONTHS, NOW, strict=True)]
BOTH = ("month", "year_to_date")
FORMS: dict[str, tuple[bytes, Sequence[str]]] = {
    "DATEV's form, short": (
        report_of([
            column("Dez/2025", MONTH), shares("% Ges.-|Leistg.", MONTH),
            column("Jan/2025 - Dez/2025", YEAR), shares("% Ges.-|Leistg.", YEAR),
        ]), BOTH),
    "with the year before": (
        report_of([
            column("Dez/2025", MONTH), column("Dez/2024", LAST_MONTH),
            column("Veränderung|absolut", CHANGE),
            column("Jan/2025-|Dez/2025", YEAR), column("Jan/2024-|Dez/2024", LAST_YEAR),
        ]), BOTH),
    "the year before first": (
        report_of([
            column("Dez/2024", LAST_MONTH), column("Dez/2025", MONTH),
            column("Jan/2024-Dez/2024", LAST_YEAR), column("Jan/2025-Dez/2025", YEAR),
        ]), BOTH),
    "the year before by its word": (
        report_of([
            column("Monat", MONTH), column("Vorjahresmonat", LAST_MONTH),
            column("kumuliert", YEAR), column("Vorjahr|kumuliert", LAST_YEAR),
        ]), BOTH),
    "in thousands": (
        report_of([
            column("Dez/2025", MONTH, "TEUR"), column("Dez/2024", LAST_MONTH, "TEUR"),
            column("Jan/2025 - Dez/2025", YEAR, "TEUR"),
        ]), BOTH),
    "the year before in thousands": (
        report_of([
            column("Dez/2025", MONTH, "EUR"), column("Dez/2024", LAST_MONTH, "TEUR"),
            column("Jan/2025 - Dez/2025", YEAR, "EUR"), column("Vorjahr kum.", LAST_YEAR, "TEUR"),
        ]), BOTH),
    "with a plan": (
        report_of([
            column("Ist|Dez/2025", MONTH), column("Plan|Dez/2025", LAST_MONTH),
            column("Ist|Jan-Dez 2025", YEAR), column("Plan|Jan-Dez 2025", LAST_YEAR),
        ]), BOTH),
    "twelve months and their total": (
        report_of([*OF_MONTHS, column("Summe", YEAR)]), ("year_to_date",)),
    "twelve months and another total": (
        report_of([*OF_MONTHS, column("Summe", added([YEAR, MONTH]))]), ()),
    "no names of columns": (report_of([column("", MONTH), column("", LAST_MONTH)]), ()),
    "two months' reports in one file": (
        reports(
            [column("Nov/2025", LAST_MONTH), column("Jan/2025 - Nov/2025", LAST_YEAR)],
            [column("Dez/2025", MONTH), column("Jan/2025 - Dez/2025", YEAR)],
        ), ()),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_of_a_reports_columns_those_are_read_that_their_names_tell(form: str) -> None:
    content, spans = FORMS[form]
    due = {"month": MONTH, "year_to_date": YEAR}
    assert told(content) == {
        (term, span): due[span][row] for span in spans for row, term in TERMS.items()
    }


@pytest.mark.parametrize(
    ("unit", "last"), [("EUR", ""), ("EUR", "EUR"), ("EUR", "TEUR"), ("TEUR", "TEUR")]
)
def test_accounts_tell_the_year_and_not_the_one_before(unit: str, last: str) -> None:
    dice = Random(7)
    now, before = year(dice), year(dice)
    found = told(annual(now, before if last else None, unit=unit, last=last))
    assert found == {
        ("revenue", "year"): now["revenue"],
        ("material_costs", "year"): now["goods"] + now["services"],
        ("personnel_costs", "year"): now["personnel"],
        ("depreciation", "year"): now["depreciation"],
        ("other_costs", "year"): now["other"],
        ("result", "year"): now["result"],
        ("equity", "reporting_date"): now["equity"],
        ("bank_liabilities", "reporting_date"): now["banks"],
    }
