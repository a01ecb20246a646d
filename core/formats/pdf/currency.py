"""Which currency a statement's amounts are in: by a word in its table, else above it.

No currency is usual: what a document does not name is left open, and an account says which it is of
only where nothing else in the document names another.
"""

import re
from collections.abc import Sequence

from core.formats.pdf.marks import Marked
from core.formats.pdf.page import Line
from core.formats.pdf.printed import Amount

CODES = (
    "AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR JPY MXN NOK NZD PLN RON SEK SGD THB"
    " TRY USD ZAR ISK RSD UAH RUB AED SAR KRW MYR IDR PHP"
)
CURRENCY = re.compile(rf"\b({CODES.replace(' ', '|')})\b")
GLUED = re.compile(rf"\b({CODES.replace(' ', '|')})(?=S/H\b|[SHDC]/)")  # a title of sides behind it
WORDS = {
    "euro": "EUR", "us-dollar": "USD", "dollars": "USD", "franken": "CHF", "francs suisses": "CHF",
    "pfund": "GBP", "pound": "GBP", "złoty": "PLN", "zloty": "PLN",
}  # fmt: skip
WORD = re.compile(rf"\b({'|'.join(map(re.escape, WORDS))})s?\b", re.IGNORECASE)
SYMBOLS = {"£": "GBP", "€": "EUR", "zł": "PLN", "Kč": "CZK", "₺": "TRY", "Fr.": "CHF"}
SYMBOLS |= {"US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD"}
SYMBOLS |= {"HK$": "HKD", "S$": "SGD", "R$": "BRL"}
SYMBOL = re.compile(r"(?<![A-Z])(?:US|AU?|CA?|NZ|HK|S|R)\$|£|€|\bzł\b|\bKč\b|₺|\bFr\.(?= ?\d)")
DOLLAR = "$"
LABEL = re.compile(
    r"(?:w.hrung(?:skonto)?|currency|devise|valuta|divisa|moneda|munt|waluta)\W{0,3}"
    rf"({CODES.replace(' ', '|')}|{'|'.join(map(re.escape, WORDS))})\b",
    re.IGNORECASE,
)
# What a foot says of all amounts above it.
ALL = re.compile(
    r"(?:beträge|angaben|amounts|montants|importi|importes|bedragen|kwoty)"
    r"(?: (?:sind|are|sont|sono|zijn|shown|stated|expressed|ausgewiesen|exprimés|lauten|auf))*"
    rf" (?:in|en|auf|w) ({CODES.replace(' ', '|')}|{'|'.join(map(re.escape, WORDS))})\b",
    re.IGNORECASE,
)
EURO_AREA = frozenset(
    (
        *("AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU"),
        *("LV", "MT", "NL", "PT", "SI", "SK"),
    )
)

HOMES = {"GB": "GBP", "CH": "CHF", "LI": "CHF", "PL": "PLN", "CZ": "CZK", "DK": "DKK", "SE": "SEK"}


def currencies(text: str) -> set[str]:
    """The currencies that a text names; `$` is of many countries and stands for itself."""
    text = GLUED.sub(r"\1 ", text)
    found = set(CURRENCY.findall(text)) | {SYMBOLS[each] for each in SYMBOL.findall(text)}
    found |= {WORDS[each.lower()] for each in WORD.findall(text)}
    return found | {DOLLAR} if DOLLAR in text and not found else found


def labelled(text: str) -> str | None:
    """The currency behind a label."""
    match = LABEL.search(text)
    return _code(match[1]) if match else None


def of_all(pages: Sequence[Sequence[Line]]) -> str | None:
    """The one currency that a sentence says all amounts on the pages are in."""
    text = "\n".join(line.text for page in pages for line in page)
    found = {_code(each) for each in ALL.findall(text)}
    return found.pop() if len(found) == 1 else None


def _code(word: str) -> str:
    return WORDS.get(word.lower()) or word.upper()


def beside(each: Marked, amount: Amount) -> set[str]:
    """The currencies that stand beside an amount of a line, or cling to it."""
    if amount.first == amount.last and amount.word.text[-1].isdigit():
        return set()
    words = each.line.words[amount.first : amount.last + 1]
    return currencies(" ".join(word.text for word in words))


def headed(headings: Sequence[Marked], edge: float, near: float) -> set[str]:
    """The currencies in the headings of a table above the amounts that end there."""
    return currencies(
        " ".join(
            word.text
            for each in headings
            for word in each.line.words
            if abs(word.right - edge) <= near
        )
    )


def on_pages(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The currencies that are named anywhere on the pages."""
    return frozenset(currencies("\n".join(line.text for page in pages for line in page)))


def of_account(account: str | None, named: frozenset[str], month_first: bool) -> str | None:
    """The currency of an account whose table names none, if nothing in the document is against it.

    `named` are those on its pages. An American writes the month first and dollars; an IBAN of the
    euro area is in euros where no other currency stands anywhere.
    """
    if named == {DOLLAR} and month_first:
        return "USD"
    country = account[:2] if account and account[2:4].isdigit() else None
    home = "EUR" if country in EURO_AREA else HOMES.get(country or "")
    if not named:
        return home if home == "EUR" else None
    found = next(iter(named)) if len(named) == 1 else DOLLAR
    # A text may tell of another currency: on its own it is not the account's.
    return found if found != DOLLAR and home in (None, found) else None
