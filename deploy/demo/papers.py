"""The made-up company's other papers, as PDF: invoices, a BWA, annual accounts, a register extract.

Their figures are made up and rest on no ledger; what they are and when for is what counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from deploy.demo.bankdays import last_day
from deploy.demo.bill import RATE, Bill
from deploy.demo.bill_xml import cii
from deploy.demo.company import Company
from deploy.demo.dice import Dice
from deploy.demo.sheets import grouped

MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
LEFT, MIDDLE, RIGHT, TOP, PITCH = 60, 290, 535, 790, 15.0
FACTUR_X = "factur-x.xml"
COSTS = (
    "Personalkosten",
    "Raumkosten",
    "Betriebliche Steuern",
    "Versicherungen/Beiträge",
    "Kfz-Kosten (ohne St.)",
    "Werbe-/Reisekosten",
    "Abschreibungen",
    "Sonstige Kosten",
)
Line = Sequence[str]  # one text, or a text at the left and one that ends at the right, or three


def bill_pdf(bill: Bill) -> bytes:
    """The invoice as people read it, with nothing attached."""
    return _printed(
        [
            (bill.seller,),
            (f"USt-IdNr. {bill.seller_vat_id}",),
            (),
            (bill.buyer.name,),
            (),
            (f"Rechnung Nr. {bill.number}", f"Rechnungsdatum {bill.issued_on:%d.%m.%Y}"),
            (f"Ihre USt-IdNr. {bill.buyer_vat_id}",),
            (),
            ("Leistung", "Menge", "Betrag EUR"),
            *((each.name, str(each.count), grouped(each.amount)) for each in bill.items),
            ("Nettobetrag", grouped(bill.net)),
            (f"{RATE} % MwSt", grouped(bill.tax)),
            ("Gesamtbetrag", grouped(bill.gross)),
            *((("Bereits gezahlt", grouped(bill.prepaid)),) if bill.prepaid else ()),
            ("Zahlbetrag", grouped(bill.due)),
            (),
            (f"Zahlbar bis {bill.due_on:%d.%m.%Y} auf das Konto {_blocks(bill.iban)}",),
        ]
    )


def zugferd(bill: Bill, files: Mapping[str, bytes] | None = None) -> bytes:
    """The invoice as people read it, with these files attached: by default itself, as Factur-X."""
    with pypdfium2.PdfDocument(bill_pdf(bill)) as file:
        for name, content in ({FACTUR_X: cii(bill)} if files is None else files).items():
            file.new_attachment(name).set_data(content)
        file.save(out := BytesIO())
    return out.getvalue()


def business_report(company: Company, month: date) -> bytes:
    """The BWA of one month, with the year up to then beside it."""
    dice, month_name = Dice(f"{company.seed}/bwa/{month}"), MONTHS.split()[month.month - 1]
    sales, goods = company.cast.turnover, company.cast.turnover * 38 // 100
    costs = {name: sales * dice.between(1, 9) // 100 for name in COSTS}
    total = sum(costs.values())
    rows = {
        "Umsatzerlöse": sales,
        "Gesamtleistung": sales,
        "Mat./Wareneinkauf": goods,
        "Rohertrag": sales - goods,
        "Betrieblicher Rohertrag": sales - goods,
        **costs,
        "Gesamtkosten": total,
        "Betriebsergebnis": sales - goods - total,
        "Vorläufiges Ergebnis": sales - goods - total,
    }
    return _printed(
        [
            (company.cast.name,),
            (f"Kurzfristige Erfolgsrechnung {month_name} {month.year}",),
            ("BWA-Nr. 1   BWA-Form DATEV-BWA",),
            (),
            ("Bezeichnung", f"{month_name}/{month.year}", "kumuliert"),
            *((name, grouped(value), grouped(value * month.month)) for name, value in rows.items()),
        ]
    )


def annual_accounts(company: Company, year: int) -> bytes:
    """The balance sheet and the profit and loss account of a financial year."""
    assets = company.cast.turnover * 3
    sheet = (
        ("A. Anlagevermögen", "A. Eigenkapital"),
        ("I. Sachanlagen", "I. Gezeichnetes Kapital"),
        ("B. Umlaufvermögen", "B. Rückstellungen"),
        ("C. Rechnungsabgrenzungsposten", "C. Verbindlichkeiten"),
        ("Summe Aktiva", "Summe Passiva"),
    )
    result = ("Umsatzerlöse", "Materialaufwand", "Personalaufwand", "Abschreibungen")
    return _printed(
        [
            (company.cast.name,),
            (f"Jahresabschluss zum {last_day(date(year, 12, 1)):%d.%m.%Y}",),
        ],
        [
            (f"Bilanz zum {last_day(date(year, 12, 1)):%d.%m.%Y}",),
            ("AKTIVA", "PASSIVA", ""),
            *((f"{at}  {grouped(assets)}", pa, grouped(assets)) for at, pa in sheet),
        ],
        [
            (f"Gewinn- und Verlustrechnung vom 01.01.{year} bis 31.12.{year}",),
            *((name, grouped(assets * 4)) for name in result),
            ("Jahresüberschuss", grouped(assets // 9)),
        ],
    )


def register_extract(company: Company) -> bytes:
    """An official print from the commercial register."""
    cast = company.cast
    return _printed(
        [
            (f"Handelsregister B des Amtsgerichts {cast.town}", "Aktueller Ausdruck"),
            (f"Nummer der Firma: {cast.register_number}",),
            ("1. Anzahl der bisherigen Eintragungen: 3",),
            ("2. a) Firma",),
            (cast.name,),
            ("b) Sitz, Niederlassung, inländische Geschäftsanschrift",),
            (cast.town,),
            ("c) Gegenstand des Unternehmens",),
            ("Handel und Handwerk aller Art",),
            ("3. Grund- oder Stammkapital", "25.000,00 EUR"),
            ("4. a) Allgemeine Vertretungsregelung",),
            ("b) Vorstand, Leitungsorgan, geschäftsführende Direktoren",),
            (cast.owner.name,),
            ("5. Prokura",),
            ("6. a) Rechtsform, Beginn, Satzung oder Gesellschaftsvertrag",),
            ("7. a) Tag der letzten Eintragung", "03.02.2021"),
        ]
    )


def _printed(*pages: Iterable[Line]) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    for page in pages:
        canvas.setFont("Helvetica", 10)
        y = float(TOP)
        for line in page:
            for text, x in zip(line[:-1] or line, (LEFT, MIDDLE), strict=False):
                canvas.drawString(x, y, text)
            if len(line) > 1:
                canvas.drawRightString(RIGHT, y, line[-1])
            y -= PITCH
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _blocks(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
