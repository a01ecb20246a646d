"""What is said of a file with which its application would have more bookings than it may."""

from core.bilingual import Bilingual
from core.errors import Unreadable


def require_room(bookings: int, most: int) -> None:
    """Raise Unreadable where an application would have so many bookings, and may have fewer."""
    if bookings > most:
        raise Unreadable(
            Bilingual(
                f"With this file the application would have {bookings} bookings or more; it may"
                f" have {most}. None of the file were taken in. Hand it in with another"
                " application, or as a file of fewer days.",
                f"Mit dieser Datei hätte der Antrag {bookings} Buchungen oder mehr; höchstens"
                f" {most} sind möglich. Aus der Datei wurde keine übernommen. Bitte mit einem"
                " anderen Antrag oder für weniger Tage einreichen.",
            ),
            code="too_many_bookings",
        )
