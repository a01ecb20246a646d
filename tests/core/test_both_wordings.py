"""What is said of files is said in both languages, with the same numbers."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats import parsers
from tests.core.formats.messages import entry, message, statement

pytestmark = pytest.mark.unit

GOOD = message(statement(entry()))
CSV = b"Buchungstag;Verwendungszweck;Betrag;Saldo;Waehrung\n"
MT940 = b":20:X\n:25:10020030/1234567\n:28C:1/1\n:60F:C240101EUR1,00\n"
FILES = (
    b"",
    b"no statement at all",
    b"%PDF-1.7",
    b"\x89PNG\r\n\x1a\nbroken",
    b"<a/>",
    *(GOOD[:at] for at in range(200, len(GOOD) - 20, 40)),
    *(GOOD.replace(b"<Amt", b"<Xmt", n) for n in range(1, 4)),
    CSV + b"01.02.2024;a;1,00;1,00;EUR\n30.02.2024;b;2,00;9,00;EUR\nx;y;3,00;1,00;EUR\n",
    CSV,
    MT940 + b":61:nonsense\n",
    MT940 + b":61:240230D1,00NMSC\n:86:x\n:62F:D240230EUR0,00\n",
    b"<OFX><STMTRS><CURDEF>EUR<STMTTRN></STMTTRN></STMTRS></OFX>",
    b"<OFX></OFX>",
)


def wordings(content: bytes) -> Iterator[Bilingual]:
    """All that is said of a file that is odd or cannot be read."""
    try:
        for item in parsers.read(BytesIO(content)):
            if isinstance(item, Finding):
                yield item.detail
    except Unreadable as refusal:
        yield refusal.reason


def numbers(text: str) -> list[str]:
    """The numbers in a wording, without what sets their thousands apart."""
    return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text)))


def test_both_languages_say_the_same_of_a_file() -> None:
    all_wordings = {each for content in FILES for each in wordings(content)}
    assert len(all_wordings) > 15
    for each in all_wordings:
        assert each.de != each.en
        assert numbers(each.de) == numbers(each.en), each


def test_amounts_and_days_are_written_as_each_language_writes_them() -> None:
    table = b"01.02.2024;a;1,00;1,00;EUR\n02.02.2024;b;-2,00;9872,54;EUR\n30.02.2024;c;0,00;;EUR\n"
    english, german = zip(*((each.en, each.de) for each in wordings(CSV + table)), strict=True)
    assert any(" 9873.54 EUR " in each for each in english)
    assert any(" 9.873,54 EUR " in each for each in german)
    assert any(each.endswith(" 2024-02-29.") for each in english)
    assert any(each.endswith(" 29.02.2024.") for each in german)
