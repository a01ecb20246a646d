"""Invoices that machines can read: what they say, where, and whether it adds up."""

from core.invoices.attached import attached
from core.invoices.printed import shown
from core.invoices.reader import read, recognises

__all__ = ["attached", "read", "recognises", "shown"]
