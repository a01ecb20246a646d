"""Formats of statements and data that are known by name and not read."""

import re

from core.bilingual import Bilingual
from core.errors import Unreadable

# By how a file begins; tried only where no parser recognises it.
FORMATS = (
    (r"!(?:Type|Account|Option|Clear):", Bilingual("QIF (Quicken)", "QIF (Quicken)")),
    (r'[\[{]\s*(?:[\[{"]|[\]}]\s*\Z)', Bilingual("JSON", "JSON")),
    (r"UNA.{6}\s*UNB|UNB\+", Bilingual("EDIFACT (FINSTA)", "EDIFACT (FINSTA)")),
    (r"01,[^,\n]*,[^,\n]*,[0-9]{6},[0-9]{0,4},", Bilingual("BAI2", "BAI2")),
    (r"00000[0-9]{9,11}05", Bilingual("CODA", "CODA")),
    (r"11[0-9]{18}(?:[0-9]{12})[12][0-9]{14}", Bilingual("Norma 43", "Norma 43")),
    (r"01[0-9]{5} {4}[0-9 ]{5}[A-Z ]{3}[0-9 ]", Bilingual("CFONB 120", "CFONB 120")),
    (r"074[0-9]{16}", Bilingual("GPC (ABO)", "GPC (ABO)")),
    (
        r"(?i:(?:from|to|cc|subject|date|received|return-path|delivered-to|message-id|mime-version"
        r"|content-type|x-[a-z-]+): [^\n]*\n(?:[ \t][^\n]*\n)*){3}",
        Bilingual("an e-mail", "eine E-Mail"),
    ),
    (r"(?:[A-Za-z0-9+/]{60,76}\r?\n){3}|[A-Za-z0-9+/]{400}", Bilingual("Base64", "Base64")),
)
KNOWN = tuple((re.compile(pattern.encode()), name) for pattern, name in FORMATS)


def named_format(head: bytes) -> Unreadable | None:
    """The refusal of a file that begins as one of these does; None for another."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    name = next((name for pattern, name in KNOWN if pattern.match(text)), None)
    if name is None:
        return None
    return Unreadable(
        Bilingual(
            f"This file looks like {name.en}, which is not read. Ask the bank for its CAMT.053,"
            " MT940, OFX, CSV or PDF statements and send those.",
            f"Diese Datei sieht nach {name.de} aus, was nicht gelesen wird. Bitte bei der Bank die"
            " Kontoauszüge als CAMT.053, MT940, OFX, CSV oder PDF anfordern und diese senden.",
        ),
        code="format_unknown",
    )
