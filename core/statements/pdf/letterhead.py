"""What stands above a statement's table: account, holder, number, period; and its balance lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.iban import ibans, is_iban, misread_ibans
from core.statements.pdf.page import CERTAIN, Line
from core.statements.pdf.printed import dates

ACCOUNT = re.compile(r"(?:konto(?:nummer|-?nr\.?)?)\s*:?\s*(\d[\d /]{4,14}\d)", re.IGNORECASE)
HOLDER = re.compile(r"(?:konto)?inhaber(?:in)?\s*:?\s+(.+)|kunde\s*:\s*(.+)", re.IGNORECASE)
NUMBER = re.compile(
    r"(?:kontoauszug|auszug|blatt)(?:s?\W?(?:nr|nummer))?\W{0,3}(\d{1,4})(?:\s?/\s?(\d{4}))?\b",
    re.IGNORECASE,
)
DATE = r"(\d{1,2}\.\d{1,2}\.\d{2,4})"
SPAN = re.compile(rf"{DATE}\s*(?:bis(?: zum)?|-|–)\s*{DATE}")
CURRENCY = re.compile(r"\b(EUR|USD|CHF|GBP|PLN|CZK|DKK|SEK|NOK|HUF|JPY)\b")
BANK = re.compile(r"\S*(?:bank|sparkasse|kasse)\b", re.IGNORECASE)
# The window of an envelope, where DIN 5008 has the address: millimetres 45 to 90, left half.
WINDOW_TOP, WINDOW_BOTTOM, WINDOW_RIGHT = 127.0, 260.0, 300.0


class Standing(StrEnum):
    """Which balance a line tells."""

    OPENING = "opening"
    CLOSING = "closing"
    EITHER = "either"
    CARRIED = "carried"


WORDS = (
    (
        Standing.OPENING,
        r"\balte[rn]? (?:konto)?(?:saldo|stand)|\banfangs(?:saldo|bestand|kontostand|stand)"
        r"|\bstart(?:saldo|kontostand)|saldovortrag|\bvortrag\b|eröffnungssaldo|letzter kontostand",
    ),
    (
        Standing.CLOSING,
        r"\bneue[rn]? (?:konto)?(?:saldo|stand)|\bend(?:saldo|bestand|kontostand)"
        r"|\b(?:ab)?schluss(?:saldo|bestand)",
    ),
    (Standing.CARRIED, r"\bübertrag\b|zwischen(?:saldo|summe)|\bseitenübertrag"),
    (Standing.EITHER, r"\bkontostand\b|\bsaldo (?:am|vom|per|zum)\b"),
)
_STANDINGS = tuple((kind, re.compile(pattern)) for kind, pattern in WORDS)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is said above the table; None where it is not."""

    account: str | None = None
    holder: str | None = None
    bank: str | None = None
    number: str | None = None
    currency: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def standing(text: str) -> Standing | None:
    """Which balance the words are about, if they are about one."""
    lower = text.lower()
    for kind, pattern in _STANDINGS:
        if pattern.search(lower):
            return kind
    return None


def letterhead(lines: Sequence[Line]) -> Letterhead:
    """Read what stands above a table."""
    text = "\n".join(line.text for line in lines)
    scanned = any(word.confidence < CERTAIN for line in lines for word in line.words)
    span, number, currency = SPAN.search(text), NUMBER.search(text), CURRENCY.search(text)
    days = dates(" ".join(span.groups())) if span else []
    period = (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else (None, None)
    return Letterhead(
        account=_account(text, scanned),
        holder=_holder(lines, text),
        bank=next((line.text for line in lines if BANK.search(line.text)), None),
        number=number[1] if number else None,
        currency=currency[1] if currency else None,
        starts_on=period[0],
        ends_on=period[1],
    )


def _account(text: str, scanned: bool) -> str | None:
    """The account's number; a wrong one may stand in a text, but in a scan it is misread."""
    found = ibans(text)
    right = [each for each in found if is_iban(each)] or (misread_ibans(text) if scanned else [])
    if right or (found and not scanned):
        return (right or found)[0]
    match = ACCOUNT.search(text)
    return re.sub(r"[ /]", "", match[1]) if match else None


def _holder(lines: Sequence[Line], text: str) -> str | None:
    """Whom it names as the holder, else whom the envelope is addressed to."""
    match = HOLDER.search(text)
    if match:
        return (match[1] or match[2]).strip()
    for line in lines:
        if WINDOW_TOP <= line.top <= WINDOW_BOTTOM:
            words = [word.text for word in line.words if word.right <= WINDOW_RIGHT]
            if any(word[0].isalpha() for word in words) and not standing(" ".join(words)):
                return " ".join(words)
    return None
