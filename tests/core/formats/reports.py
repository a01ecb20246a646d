"""Business reports and annual accounts of made-up figures, in the forms that are usual."""

from collections.abc import Sequence
from io import BytesIO
from random import Random
from typing import NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

MONTHS = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
COSTS = (
    "Raumkosten", "Betriebl. Steuern", "Versich./Beiträge", "Fahrzeugkosten (o. St.)",
    "Werbe-/Reisekosten", "Kosten Warenabgabe", "Reparatur/Instandh.",
)  # fmt: skip
TERMS = {
    "Umsatzerlöse": "revenue", "Gesamtleistung": "total_output",
    "Mat./Wareneinkauf": "material_costs", "Personalkosten": "personnel_costs",
    "Abschreibungen": "depreciation", "Sonstige Kosten": "other_costs",
    "Gesamtkosten": "total_costs", "Betriebsergebnis": "operating_result",
    "Vorläufiges Ergebnis": "result",
}  # fmt: skip
Sums = dict[str, int]


class Column(NamedTuple):
    """A column: the lines of its name, and its cells by row."""

    name: Sequence[str]
    cells: dict[str, str]


def sums(dice: Random) -> Sums:
    """A month of a business, in whole euros as cents, so that thousands come out as well."""
    found: Sums = {"Umsatzerlöse": dice.randrange(20, 900) * 1_000_00}
    found["Best.Verdg. FE/UE"] = dice.randrange(-9, 9) * 1_000_00
    found["Gesamtleistung"] = sum(found.values())
    found["Mat./Wareneinkauf"] = found["Umsatzerlöse"] // 3 // 1_000_00 * 1_000_00
    found["Rohertrag"] = found["Gesamtleistung"] - found["Mat./Wareneinkauf"]
    found["So. betr. Erlöse"] = dice.randrange(5) * 1_000_00
    found["Betriebl. Rohertrag"] = found["Rohertrag"] + found["So. betr. Erlöse"]
    costs = ("Personalkosten", *COSTS, "Abschreibungen", "Sonstige Kosten")
    found |= {name: dice.randrange(1, 40) * 1_000_00 for name in costs}
    found["Gesamtkosten"] = sum(found[name] for name in costs)
    return _results(found)


def _results(found: Sums) -> Sums:
    found["Betriebsergebnis"] = found["Betriebl. Rohertrag"] - found["Gesamtkosten"]
    found["Neutraler Aufwand"], found["Neutraler Ertrag"] = 2_000_00, 1_000_00
    found["Ergebnis vor Steuern"] = found["Betriebsergebnis"] - 1_000_00
    found["Steuern Eink.u.Ertr"] = 3_000_00
    found["Vorläufiges Ergebnis"] = found["Ergebnis vor Steuern"] - 3_000_00
    return found


def added(months: Sequence[Sums]) -> Sums:
    """What months come to."""
    return {name: sum(each[name] for each in months) for name in months[0]}


def euros(cents: int) -> str:
    """An amount as Germans print it."""
    return f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))


def thousands(cents: int) -> str:
    """An amount in thousands as Germans print it."""
    return f"{cents // 1_000_00:,}".replace(",", ".")


def column(name: str, told: Sums, unit: str = "") -> Column:
    """A column of amounts; a bar parts the lines of its name."""
    write = thousands if unit.startswith("T") else euros
    lines = [*name.split("|"), *([unit] if unit else [])]
    return Column(lines, {row: write(cents) for row, cents in told.items()})


def shares(name: str, told: Sums) -> Column:
    """A column of shares in the total output, as per cent."""
    whole = told["Gesamtleistung"] or 1
    cells = {row: f"{100 * cents / whole:.2f}".replace(".", ",") for row, cents in told.items()}
    return Column(name.split("|"), cells)


def report(columns: Sequence[Column], *above: str, title: str = "") -> bytes:
    """A business report with these columns; as wide as they need."""
    wide = len(columns) > 5
    canvas = Canvas(out := BytesIO(), landscape(A4) if wide else A4, invariant=True)
    width = (800 if wide else 560) - 170
    _draw(canvas, columns, above, title or "Kurzfristige Erfolgsrechnung Dezember 2025", width)
    canvas.save()
    return out.getvalue()


def reports(*pages: Sequence[Column]) -> bytes:
    """Several business reports in one file."""
    canvas = Canvas(out := BytesIO(), A4, invariant=True)
    for columns in pages:
        _draw(canvas, columns, (), "Kurzfristige Erfolgsrechnung", 390)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(
    canvas: Canvas, columns: Sequence[Column], above: Sequence[str], title: str, width: float
) -> None:
    size = 6 if len(columns) > 8 else 8
    ends = [170 + width * (at + 1) / len(columns) for at in range(len(columns))]
    y = 560.0 if len(columns) > 5 else 800.0
    canvas.setFont("Helvetica", size)
    for text in (title, *above):
        canvas.drawString(40, y, text)
        y -= 12
    canvas.drawString(40, y, "Bezeichnung")
    for at in range(max(len(each.name) for each in columns)):
        for right, each in zip(ends, columns, strict=True):
            canvas.drawRightString(right, y, each.name[at] if at < len(each.name) else "")
        y -= 12
    for row in columns[0].cells:
        canvas.drawString(40, y, row)
        for right, each in zip(ends, columns, strict=True):
            canvas.drawRightString(right, y, each.cells[row])
        y -= 12
