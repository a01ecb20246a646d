"""Texts in which words name what follows, `NAAM: ... OMSCHRIJVING: ...`, as ABN AMRO has it."""

import re
from typing import NamedTuple

from core.iban import SHAPE
from core.statements.model import Particulars

NAMES = "NAAM|NAME|NOM|NAZWA|NIMI"
TEXTS = "OMSCHRIJVING|DESCRIPTION|REMITTANCE|MOTIF|COMMUNICATION|VERWENDUNGSZWECK"
ENDS = "KENMERK|REFERENCE|END TO END ID|BETALINGSKENM\\.?"
MANDATES = "MACHTIGING(?: ID)?|MANDATE(?: ID)?|MANDAAT"
CREDITORS = "INCASSANT(?: ID)?|CREDITOR ID"
OTHERS = "BIC|VOOR|TYPE|DATUM/TIJD|TRANSACTIEDATUM|VALUTADATUM"
LABEL = re.compile(
    rf"(?<![^\s])(?:(?P<name>{NAMES})|(?P<text>{TEXTS})|(?P<end>{ENDS})|(?P<mandate>{MANDATES})"
    rf"|(?P<creditor>{CREDITORS})|(?P<iban>IBAN)|(?P<other>{OTHERS})):(?=\s|$)",
    re.IGNORECASE,
)


class LabelledText(NamedTuple):
    """What a text says by its labels: what was paid and for what, and the other side."""

    text: str
    name: str
    account: str | None
    particulars: Particulars | None


def read_labelled(text: str) -> LabelledText | None:
    """The parts of a text, None where no two labels name an account, a party or a purpose."""
    if ": " not in text:
        return None
    labels = list(LABEL.finditer(text))
    if len({"iban", "name", "text"} & {each.lastgroup for each in labels}) < 2:
        return None
    ends = [each.start() for each in labels[1:]] + [len(text)]
    values: dict[str, str] = {}
    for label, end in zip(labels, ends, strict=True):
        values.setdefault(label.lastgroup or "", text[label.end() : end].strip())
    account = "".join(values.get("iban", "").split())
    return LabelledText(
        f"{text[: labels[0].start()].strip()} {values.get('text', '')}",
        values.get("name", ""),
        account if SHAPE.fullmatch(account) else None,
        Particulars.of(None, values.get("creditor"), values.get("mandate"), values.get("end")),
    )
