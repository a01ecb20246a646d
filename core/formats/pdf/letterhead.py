"""What stands above a statement's table: account, holder, number, period; and its balance lines."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.formats.common.months import MONTH, number_of
from core.formats.papers.titles import names_statement
from core.formats.pdf.balances import balance_kind
from core.formats.pdf.currency import CURRENCY, labelled
from core.formats.pdf.marks import is_heading
from core.formats.pdf.page import CERTAIN, SAME, Line
from core.formats.pdf.printed import YEARS, dates
from core.formats.pdf.sections import side_of
from core.iban import ibans, is_iban, misread_ibans

ACCOUNT = re.compile(
    r"(?:konto(?:nummer|-?nr\.?)?|account(?: (?:number|no\.?))?)\s*:?\s*(\d[\d /]{4,14}\d)",
    re.IGNORECASE,
)
CARD = re.compile(
    r"(?:karten(?:nummer|-?nr\.?)|card (?:number|no\.?))\W{0,3}"
    r"([\dX*•x]{4}(?: ?[\dX*•x]{4}){2,3})",
    re.IGNORECASE,
)
SETTLED = re.compile(
    r"(?:abrechnungs|referenz|verrechnungs|belastungs)konto|settlement account", re.IGNORECASE
)
HOLDER = re.compile(
    r"(?:(?:konto)?inhaber(?:in)?|account (?:holder|name))\s*:?\s+(.+)|kunde\s*:\s*(.+)",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?:kontoauszug|auszug|blatt|statement)(?:s?\W?(?:nr|nummer|no|number))?\W{0,3}(\d{1,4})"
    r"(?:\s?/\s?(\d{4}))?\b(?!\.?\d|\.? [a-zä]{3,9}\.? \d{4})",  # no day
    re.IGNORECASE,
)
DATE = (
    r"(\d{1,2}\. ?\d{1,2}\. ?\d{2,4}|\d{1,2}\.? [A-Za-zäéûôź]{3,9}\.? \d{4}"
    r"|\d{4}[-./]\d\d[-./]\d\d\.?|[A-Z][a-z]{2,8} \d{1,2}, \d{4})"
)
SPAN = re.compile(
    rf"{DATE}\s*(?:bis(?: zum)?|to|until|through|au|al|a|t/m|tot|do|till|-|–)\s*{DATE}"
)
WHOLE_MONTH = re.compile(rf"(?:auszug|umsätze)\D{{0,20}}\b{MONTH} (\d{{4}})", re.IGNORECASE)
TOWN = re.compile(
    r"(?:[A-Z]{1,2}[- ])?\d{4,5} [A-ZÄÖÜ][^\d]*$"  # 20457 Musterstadt
    r"|[A-Z][A-Za-z .'-]*,? [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$"  # London E1 6AN
    r"|[A-Z][A-Za-z .'-]*, [A-Z]{2} \d{5}(?:-\d{4})?$"  # Springfield, IL 62701
)
NO_NAME = re.compile(
    r"\d[.,]\d\d\b|\b(?:iban|bic|zeitraum|konto(?:auszug|nummer|-?nr)?|account|w.hrung|currency"
    r"|period[eo]?|compte|rekening|cuenta|conto|rachun\w+|účt\w+|nrb|giro(?:konto)?|en euros"
    r"|sort code)\b"
    r"|\w(?:konto|rekening)\b|\b[A-Z]{2}\d\d[ \d]{10}|\d{6}|\d/\d\d?/\d\d",
    re.IGNORECASE,
)
FORM = re.compile(r"(?:an )?(?:die |den )?(?:firma|herrn?|frau|eheleute)", re.IGNORECASE)
BANK = re.compile(r"\S*(?:bank|sparkasse|kasse)\b", re.IGNORECASE)
FEW = 2
AMOUNT = re.compile(r"\d[.,]\d\d\b(?:\s*[A-Z]{3})?\W*$")
# The window of an envelope, where DIN 5008 has the address: millimetres 45 to 90, left half.
WINDOW_TOP, WINDOW_BOTTOM, WINDOW_RIGHT = 127.0, 260.0, 300.0


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
    dated_on: date | None = None


def letterhead(lines: Sequence[Line]) -> Letterhead:
    """Read what stands above a table."""
    text = "\n".join(line.reading for line in lines)
    scanned = any(word.confidence < CERTAIN for line in lines for word in line.words)
    span, number = SPAN.search(text), NUMBER.search(text)
    days = dates(" ".join(span.groups())) if span else []
    period = (days[0], days[1]) if len(days) == 2 and days[0] <= days[1] else _month(text)
    return Letterhead(
        account=_account(_without_overview(lines) or text, scanned),
        holder=_holder(lines),
        bank=next((line.text for line in lines if BANK.search(line.text)), None),
        number=number[1] if number else None,
        currency=currency_in(text),
        starts_on=period[0],
        ends_on=period[1],
        dated_on=max(dates(text), default=None),
    )


def _without_overview(lines: Sequence[Line]) -> str | None:
    """The text without lines that tell what stands on each of several accounts."""
    found = {each for each in ibans("\n".join(line.reading for line in lines)) if is_iban(each)}
    if len(found) < FEW:
        return None
    plain = [line.reading for line in lines if not AMOUNT.search(line.reading)]
    return "\n".join(plain) if any(map(ibans, plain)) else None


def currency_in(text: str) -> str | None:
    """The currency behind its label, else the only one named."""
    codes = set(CURRENCY.findall(text))
    return labelled(text) or (codes.pop() if len(codes) == 1 else None)


def _month(text: str) -> tuple[date, date] | tuple[None, None]:
    """The first and last day of the one month that a statement says it is of."""
    match = WHOLE_MONTH.search(text)
    month = number_of(match[1]) if match else 0
    if match is None or not month or int(match[2]) not in YEARS:
        return None, None
    year = int(match[2])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _account(text: str, scanned: bool) -> str | None:
    """The account's number; a wrong one may stand in a text, but in a scan it is misread."""
    if (card := CARD.search(text)) and SETTLED.search(text):
        return re.sub(r"\s", "", card[1])  # the other account pays what the card spent
    found = ibans(text)
    right = [each for each in found if is_iban(each)] or (misread_ibans(text) if scanned else [])
    if right or (found and not scanned):
        return (right or found)[0]
    match = ACCOUNT.search(text)
    return re.sub(r"[ /]", "", match[1]) if match else None


def _holder(lines: Sequence[Line]) -> str | None:
    """Whom it names as the holder, else whom the envelope is addressed to."""
    for line in lines:
        if (match := HOLDER.search(line.text)) is not None:
            named = _together(line, (match[1] or match[2]).strip())
            if name := NO_NAME.split(named)[0].strip(" ,;:·|-"):
                return name
    return _addressee(lines) or _in_window(lines)


def _together(line: Line, text: str) -> str:
    """A line's text as far as its words stand close to each other."""
    words = line.words[len(line.words) - len(text.split()) :]
    for at, (before, word) in enumerate(pairwise(words), 1):
        if word.left - before.right > 2 * line.height:
            return " ".join(each.text for each in words[:at])
    return text


def _addressee(lines: Sequence[Line]) -> str | None:
    """The name above a town with its postcode: the first of the lines that stand so together."""
    for at, line in enumerate(lines):
        if not TOWN.match(_left_half(line)):
            continue
        first = at
        while first and _belong_together(lines[first - 1], lines[first]):
            first -= 1
        above = [text for each in lines[first:at] if not FORM.fullmatch(text := _left_half(each))]
        if above and not BANK.search(above[0]) and _may_be_name(above[0]):
            return above[0]
    return None


def _belong_together(above: Line, line: Line) -> bool:
    """Whether two lines are lines of one address."""
    same = abs(above.words[0].left - line.words[0].left) <= SAME
    return same and line.top - above.top <= 2 * line.height and bool(_left_half(above))


def _left_half(line: Line) -> str:
    return " ".join(word.text for word in line.words if word.right <= WINDOW_RIGHT)


def _in_window(lines: Sequence[Line]) -> str | None:
    """The first words in the window of the envelope."""
    for line in lines:
        if is_heading(line.words) or side_of(line.text) is not None:
            return None  # a table begins, or a part of one
        if WINDOW_TOP <= line.top <= WINDOW_BOTTOM and not AMOUNT.search(line.text):
            words = [word.text for word in line.words if word.right <= WINDOW_RIGHT]
            if any(word[0].isalpha() for word in words) and not balance_kind(
                text := " ".join(words)
            ):
                return text if _may_be_name(text) else None
    return None


def _may_be_name(text: str) -> bool:
    """Whether words may be a holder's name: they tell no day, amount or account, and no title."""
    return not (
        dates(text)
        or NO_NAME.search(text)
        or ibans(text)
        or ACCOUNT.search(text)
        or names_statement([text])
    )
