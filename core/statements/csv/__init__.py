"""Tables of bookings, as banks let them be exported."""

from core.statements.csv.reader import read, recognises

__all__ = ["read", "recognises"]
