"""What a payment is for, out of the one text into which SEPA's fields are squeezed."""

import re
from typing import NamedTuple

from core.iban import SHAPE
from core.statements.model import Particulars

KEY = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|RREF|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
# Likewise with colons, as some tables have it; nothing may stand between a name and the next label.
LABEL = re.compile(
    r"(Auftraggeber|Empfänger|Zahlungspflichtiger|Kto/IBAN|BLZ/BIC|Buchungstext|\b[EKMR]REF|\bCRED"
    r"|\bDEBT|\bSVWZ|\bABWA|\bABWE|\bIBAN|\bBIC|\bPURP): ?|\b(Ref)\. (?=[A-Z0-9]{8,}/[0-9]+)"
)
KEYED = ("+",)  # without it a text has none of the keys
LABELLED = ("Buchungstext:", "EREF:")  # without one of these a colon is a part of the text
REASON = re.compile(
    r"\b(A[CG]0[1-6]|AM0[1-9]|ARDT|BE0[1-8]|CNOR|CUST|DNOR|DUPL|ED05|FF0[1-8]|FOCR|MD0[1-7]|MS0[23]"
    r"|NOAS|NOOR|RC01|RR0[1-4]|SL01|SVNR|TECH|TM01|UPAY)\b"
)
RETURNS = frozenset(("108", "109", "159", "160", "181", "184"))
RETURNED = re.compile("r(ü|ue)ck(last|(ü|ue)b|gabe)|retour|return|wiedergut")
# A text without any of these, in small letters, tells of no return and no correction.
SIGNS = ("rück", "rueck", "retour", "return", "wiedergut", "storno")
# What the bank calls its own corrections, in its booking text or at the start of the purpose.
STORNO = re.compile(r"storno(?:buchung|\b(?! (?:rechnung|auftrag|bestellung)\b))", re.IGNORECASE)
# How German banks write a return's reason where they write it in words.
WORDED = {
    "SONSTIGE GRUENDE": "MS03",
    "SONSTIGE GRÜNDE": "MS03",
    "WIDERSPRUCH": "MD06",
    "KONTO ERLOSCHEN": "AC04",
    "KEIN GUELTIGES MANDAT": "MD01",
    "KEIN GÜLTIGES MANDAT": "MD01",
    "MANGELNDE DECKUNG": "AM04",
    "MANGELS DECKUNG": "AM04",
    "GRUND NICHT SPEZIFIZIERT": "MS03",
    "KONTO GESPERRT": "AC06",
}
# The keys that German banks put beside the code of a return, as far as they agree on them.
RETURN_KEYS = {
    "901": "AC01", "902": "AC04", "903": "AC06", "904": "AG01", "906": "AM04", "908": "BE04",
    "909": "MD01", "910": "MD02", "912": "MD06", "913": "MD07", "914": "MS03", "915": "RC01",
}  # fmt: skip


class Purpose(NamedTuple):
    """The text meant for people, and the party that it names."""

    text: str
    name: str | None = None
    account: str | None = None


def read_labelled(text: str) -> Purpose:
    """Text, name and account out of a text in which labels say what is what."""
    if not any(label in text for label in LABELLED):
        return Purpose(text)
    before, *parts = LABEL.split(text)
    values: dict[str, str] = {}
    for label, short, value in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        values.setdefault(label or short, value.strip())
    named = (
        values.get(each) for each in ("Empfänger", "Zahlungspflichtiger", "Auftraggeber", "ABWA")
    )
    meant = (before.strip(), values.get("Buchungstext"), values.get("SVWZ"))
    account = "".join((values.get("Kto/IBAN") or values.get("IBAN") or "").split())
    return Purpose(
        " ".join(filter(None, meant)),
        next(filter(None, named), None),
        account if SHAPE.fullmatch(account) else None,
    )


def read_purpose(text: str) -> Purpose:
    """The purpose without the references that SEPA's keys mark; text before any key stays."""
    return read_keyed(text)[0]


def read_keyed(text: str) -> tuple[Purpose, Particulars | None]:
    """The same, and the references themselves."""
    if "+" not in text:
        return Purpose(text), None
    before, *pairs = KEY.split(text)
    if not pairs:
        return Purpose(text), None
    values: dict[str, str] = {}
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        values.setdefault(key, value.strip())
    meant = [part for part in (before.strip(), values.get("SVWZ", "")) if part]
    if not meant and values.get("EREF") != "NOTPROVIDED":
        meant = [values.get("EREF", "")]
    purpose = Purpose(" ".join(meant), values.get("ABWA") or values.get("ABWE"))
    return purpose, Particulars.of(
        values.get("PURP"), values.get("CRED"), values.get("MREF"), values.get("EREF")
    )


def read_signs(gvc: str | None, text: str) -> tuple[str | None, bool]:
    """The reason of a return, and whether the bank says so that it takes back its own booking.

    The latter is for formats that have no mark for it.
    """
    small = text.lower()  # plain searches first: few texts need the patterns
    returned = gvc in RETURNS or (
        ("ck" in small or "ret" in small or "wiederg" in small) and RETURNED.search(small)
    )
    corrects = small.startswith("storno") and STORNO.match(small) is not None
    return _reason(text) if returned else None, corrects


def return_reason(gvc: str | None, key: str) -> str | None:
    """The reason of a return that a key beside its code tells; keys of other codes are others."""
    return RETURN_KEYS.get(key) if gvc in RETURNS else None


def _reason(text: str) -> str | None:
    if found := REASON.search(text):
        return found[0]
    upper = text.upper()
    return next((reason for words, reason in WORDED.items() if words in upper), None)
