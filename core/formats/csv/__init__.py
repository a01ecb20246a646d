"""Tables of bookings, as banks let them be exported."""

from core.formats.csv.reader import read, recognises

__all__ = ["read", "recognises"]
