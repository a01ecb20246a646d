"""Reports: all that was found about an application, gathered, and as a file that can be kept."""

from core.reports.commands import get, get_document, get_summary, prepare, render
from core.reports.model import SHOWN, FigureSummary, Language, Report, ReportDocument
from core.reports.printing import print_report

__all__ = [
    "SHOWN",
    "FigureSummary",
    "Language",
    "Report",
    "ReportDocument",
    "get",
    "get_document",
    "get_summary",
    "prepare",
    "print_report",
    "render",
]
