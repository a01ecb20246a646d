"""Invoices that machines can read: what they say, where, and whether it adds up."""

from core.formats.invoices.attached import attached
from core.formats.invoices.printed import shown
from core.formats.invoices.reader import read, recognises

__all__ = ["attached", "read", "recognises", "shown"]
