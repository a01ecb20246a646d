"""What the text formats of banks share: how letters are encoded, accounts and amounts written."""

import re
from functools import lru_cache

from core import money
from core.bilingual import Bilingual, InvalidValue
from core.errors import Unreadable
from core.iban import is_iban

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")

POLISH = 26  # digits of an account in Poland: its IBAN without the country
CENTRAL_PAGES = ("cp1250", "iso-8859-2", "cp852")
CENTRAL = frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűöüäôľĺŕăâîșțđ")


class BadValue(InvalidValue):
    """A value is not what it should be; what is said goes on after the name of what it is in."""

    def as_unreadable(self, subject: Bilingual) -> Unreadable:
        """The refusal of a file for this value, by the name of what it is in."""
        return Unreadable(
            Bilingual(f"{subject.en} {self.reason.en}.", f"{subject.de} {self.reason.de}."),
        )


def amount_refused(error: money.BadAmount) -> BadValue:
    """What is said of what has an amount that cannot be kept."""
    return BadValue(
        Bilingual(
            f"has an amount that cannot be kept: {error.reason.en}",
            f"hat einen Betrag, der nicht übernommen werden kann: {error.reason.de}",
        )
    )


def bad_date(text: str) -> BadValue:
    """What is said of what is dated by a text that is no date."""
    return BadValue(
        Bilingual(
            f"is dated {text[:40]!r}, which is no date",
            f"trägt das Datum {text[:40]!r}, das keines ist",
        )
    )


def unreadable_value(text: str) -> BadValue:
    """What is said of what cannot be read at all."""
    return BadValue(
        Bilingual(f"cannot be read: {text[:80]!r}", f"kann nicht gelesen werden: {text[:80]!r}")
    )


def booking_at(byte: int) -> Bilingual:
    """A booking, named by where it begins in the file."""
    return Bilingual(f"The booking at byte {byte}", f"Die Buchung ab Byte {byte}")


def row_at(byte: int) -> Bilingual:
    """A row of a table, named by where it begins in the file."""
    return Bilingual(f"The row at byte {byte}", f"Die Zeile ab Byte {byte}")


def no_currency(account: str) -> Bilingual:
    """What is said of a statement without a currency."""
    return Bilingual(
        f"The statement of account {account} names no currency.",
        f"Der Kontoauszug des Kontos {account} nennt keine Währung.",
    )


def decode_bytes(raw: bytes) -> str:
    """Bytes in the letters that were meant: UTF-8 where they are, else Windows' cp1252."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def decode(text: str) -> str:
    """A text read as Latin-1, a character a byte, in the letters that were meant.

    What is valid UTF-8 is UTF-8; all else is Windows' cp1252, which German banks write.
    """
    if text.isascii():
        return text
    raw = text.encode("latin-1")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            pass
    return text


def central_page(text: str) -> str | None:
    """The code page in which a text read as Latin-1 has the most letters of Central Europe.

    None where it is UTF-8 or has nothing beyond ASCII.
    """
    if text.isascii() or decode(text).encode("utf-8") == text.encode("latin-1"):
        return None
    raw = text.encode("latin-1")
    return max(CENTRAL_PAGES, key=lambda page: _likely(raw.decode(page, "replace")))


def _likely(text: str) -> int:
    """How many letters beyond ASCII are usual in Central Europe, less those that are not."""
    return sum(1 if each.lower() in CENTRAL else -1 for each in text if not each.isascii())


def tidy(text: str) -> str:
    """A decoded text on one line, without control characters and runs of blanks."""
    text = text.strip()
    if not text.isprintable():
        return " ".join(CONTROL.sub(" ", text).split())
    return " ".join(text.split()) if "  " in text else text


@lru_cache(maxsize=4096)
def account_number(text: str) -> str:
    """An account as it is known everywhere: its IBAN where it has one, else as it is written.

    A German bank code and account number, `20070000/0123456601`, are an IBAN in other words.
    """
    number = "".join(text.split()).upper()
    bank, slash, account = number.partition("/")
    if slash and len(bank) == 8 and bank.isdecimal():
        return german_iban(bank, account) or number
    if len(number) == POLISH and number.isdecimal() and is_iban(f"PL{number}"):
        return f"PL{number}"
    return number


def german_iban(bank_code: str, account: str) -> str | None:
    """The IBAN of a German account (ISO 7064, mod 97), None where these are no such numbers."""
    if not (re.fullmatch("[0-9]{8}", bank_code) and re.fullmatch("[0-9]{1,10}", account)):
        return None
    if not int(account):
        return None
    inner = f"{bank_code}{int(account):010d}"
    return f"DE{98 - int(inner + '131400') % 97:02d}{inner}"


def minor(whole: str, fraction: str, currency: str) -> int:
    """Minor units of an amount's digits before and after its point; BadValue if it has none."""
    places = money.EXPONENTS.get(currency, 2)
    if len(fraction) == places and len(whole) < 17:
        return int(whole + fraction or "0")
    try:
        return money.parse(f"{whole or '0'}.{fraction}", currency)
    except money.BadAmount as error:
        raise amount_refused(error) from None
