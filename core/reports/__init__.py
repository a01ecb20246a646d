"""Reports: all that was found about an application, gathered, and as a file that can be kept."""

from core.reports.commands import gather, prepare
from core.reports.model import SHOWN, Language, Paper, Report
from core.reports.pdf import render

__all__ = ["SHOWN", "Language", "Paper", "Report", "gather", "prepare", "render"]
