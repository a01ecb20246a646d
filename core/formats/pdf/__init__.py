"""Statements on paper: PDFs with a text layer, and scans."""

from core.formats.pdf.reader import read, recognises

__all__ = ["read", "recognises"]
