"""The top of a report's first page: who asks, for what, and what the figures are computed for."""

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, Table

from core.applications import Applicant
from core.reports.layout import BAND, LEAD, PLAIN, REMARK, SUBTITLE, TITLE, paragraph
from core.reports.model import Report, ReportDocument
from core.reports.words import Words


def heading(applicant: Applicant, words: Words) -> list[Paragraph]:
    """Who asks."""
    register = " ".join(filter(None, (applicant.register_court, applicant.register_number)))
    parts = (
        applicant.legal_form,
        applicant.country,
        f"{words.label('register')}: {register}" if register else None,
        f"{words.label('vat')}: {applicant.vat_id}" if applicant.vat_id else None,
        f"LEI: {applicant.lei}" if applicant.lei else None,
    )
    return [
        paragraph(applicant.legal_name, TITLE),
        paragraph(" · ".join(filter(None, parts)), SUBTITLE),
    ]


def overview(paper: ReportDocument, words: Words) -> Table:
    """What is asked for and how far it has come, in two columns."""
    report = paper.report
    lines = (*_asked_for(report, words), *_progress(paper, words), *_declared(report, words))
    cells = [(paragraph(words.label(name), LEAD), paragraph(value)) for name, value in lines]
    half = (len(cells) + 1) // 2
    left, right = cells[:half], [*cells[half:], ("", "")]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),
        ("BACKGROUND", (0, 0), (-1, -1), BAND),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    rows = [[*a, *b] for a, b in zip(left, right, strict=False)]
    return Table(rows, [30 * mm, 55 * mm, 34 * mm, 55 * mm], style=style)


def notes(report: Report, words: Words) -> Iterator[Paragraph]:
    """What may be long and so goes on to the next page where it must."""
    terms = report.application.terms
    lenders = terms.declared.existing_lenders
    texts = {
        "purpose": terms.purpose,
        "declared_lenders": None if lenders is None else ", ".join(lenders) or words.label("none"),
    }
    for name, text in texts.items():
        if text:
            yield paragraph(f"{words.label(name)}: {text}", REMARK)


def window(report: Report, words: Words) -> str:
    """The months that the figures are computed for."""
    covered = next((each.figure.window for each in report.figures), None)
    if covered is None:
        return words.label("no_window")
    months = words.label("months", n=covered.months)
    return f"{words.day(covered.starts_on)} – {words.day(covered.ends_on)} ({months})"


def computed(report: Report, words: Words) -> str:
    """When the figures were computed."""
    times = [each.computed_at for each in report.figures]
    return words.moment(max(times)) if times else words.label("not_computed")


def _asked_for(report: Report, words: Words) -> Iterator[tuple[str, str]]:
    terms = report.application.terms
    yield "product", words.product(terms.product)
    yield "amount", words.numbers.money(terms.amount.minor)
    yield "term", words.label("months", n=terms.term_months)
    if terms.external_reference:
        yield "reference", terms.external_reference
    if terms.property:
        value = words.numbers.money(terms.property.market_value.minor)
        yield "property", ", ".join(filter(None, (value, terms.property.address)))


def _progress(paper: ReportDocument, words: Words) -> Iterator[tuple[str, str]]:
    report = paper.report
    if paper.partner:
        yield "partner", paper.partner.name
    yield "status", words.status(report.application.status)
    yield "received", words.moment(report.application.created_at)
    yield "window", window(report, words)
    yield "computed", computed(report, words)


def _declared(report: Report, words: Words) -> Iterator[tuple[str, str]]:
    declared = report.application.terms.declared
    if declared.annual_revenue:
        yield "declared_revenue", words.numbers.money(declared.annual_revenue.minor)
    if declared.monthly_debt_service:
        yield "declared_service", words.numbers.money(declared.monthly_debt_service.minor)
