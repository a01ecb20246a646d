"""Annual accounts after the commercial code, of made-up figures, with the year before beside."""

from collections.abc import Sequence
from io import BytesIO
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.core.formats.reports import euros, thousands

Year = dict[str, int]


def year(dice: Random) -> Year:
    """A year of a business, in whole thousands of euros as cents."""

    def some(most: int) -> int:
        return dice.randrange(1, most) * 1_000_00

    found = {"goods": some(300), "services": some(90), "personnel": some(200)}
    found |= {"depreciation": some(40), "other": some(150), "interest": some(20)}
    found["taxes"], found["result"] = some(30), some(80)
    found["revenue"] = sum(found.values())
    found |= {"fixed": some(300), "current": some(300), "accruals": some(9)}
    found |= {"provisions": some(40), "banks": some(100), "trade": some(50)}
    owed = found["banks"] + found["trade"]
    whole = found["fixed"] + found["current"] + found["accruals"]
    found["fixed"] += owed + found["provisions"]
    found["equity"] = whole
    return found


def annual(now: Year, before: Year | None, *, unit: str = "EUR", last: str = "EUR") -> bytes:
    """The balance sheet on one page, the profit and loss account on the next."""
    canvas = Canvas(out := BytesIO(), A4, invariant=True)
    _balance_sheet(canvas, now, before, (unit, last))
    canvas.showPage()
    rows = [
        ("1. Umsatzerlöse", "revenue"), ("2. Materialaufwand", ""),
        ("a) Aufwendungen für Waren", "goods"), ("b) Bezogene Leistungen", "services"),
        ("3. Personalaufwand", "personnel"), ("4. Abschreibungen", "depreciation"),
        ("5. Sonstige betriebliche Aufwendungen", "other"),
        ("6. Zinsen und ähnliche Aufwendungen", "interest"),
        ("7. Steuern vom Einkommen und vom Ertrag", "taxes"), ("8. Jahresüberschuss", "result"),
    ]  # fmt: skip
    _rows(canvas, "Gewinn- und Verlustrechnung 2025", rows, now, before, (unit, last), 40, 540)
    canvas.save()
    return out.getvalue()


def _balance_sheet(canvas: Canvas, now: Year, before: Year | None, units: tuple[str, str]) -> None:
    canvas.setFont("Helvetica", 7)
    canvas.drawString(40, 815, "Jahresabschluss")
    canvas.drawString(40, 803, "Bilanz zum 31.12.2025")
    for year in filter(None, (now, before)):
        year["owed"] = year["banks"] + year["trade"]
        year["total"] = year["fixed"] + year["current"] + year["accruals"]
    assets = [
        ("A. Anlagevermögen", "fixed"), ("B. Umlaufvermögen", "current"),
        ("C. Rechnungsabgrenzungsposten", "accruals"), ("Summe Aktiva", "total"),
    ]  # fmt: skip
    owed = [
        ("A. Eigenkapital", "equity"), ("B. Rückstellungen", "provisions"),
        ("C. Verbindlichkeiten", "owed"),
        ("1. Verbindlichkeiten gegenüber Kreditinstituten", "banks"),
        ("2. Sonstige Verbindlichkeiten", "trade"), ("Summe Passiva", "total"),
    ]  # fmt: skip
    _rows(canvas, "AKTIVA", assets, now, before, units, 40, 290)
    _rows(canvas, "PASSIVA", owed, now, before, units, 310, 570)


def _rows(
    canvas: Canvas,
    title: str,
    rows: Sequence[tuple[str, str]],
    now: Year,
    before: Year | None,
    units: tuple[str, str],
    left: float,
    right: float,
) -> None:
    ends = (right - 50, right) if before else (right,)
    canvas.setFont("Helvetica", 7)
    canvas.drawString(left, 790, title)
    heads = (("2025", units[0]), ("Vorjahr", units[1]))
    for end, (name, unit) in zip(ends, heads, strict=False):
        canvas.drawRightString(end, 778, name)
        canvas.drawRightString(end, 766, unit)
    for at, (name, key) in enumerate(rows):
        canvas.drawString(left, 750 - 12 * at, name)
        for end, told, unit in zip(ends, (now, before), units, strict=False):
            if key and told:
                write = thousands if unit.startswith("T") else euros
                canvas.drawRightString(end, 750 - 12 * at, write(told[key]))
