"""VAT ids and account numbers on invoices: those whose check digits are wrong."""

import re
from collections.abc import Iterable, Iterator

from core.bilingual import Bilingual
from core.documents import Fact, Finding, Term
from core.iban import is_iban, wrong_digits

SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9+*]{2,14}", re.ASCII)
GERMAN = re.compile(r"DE[1-9]\d{8}", re.ASCII)
PARTIES = {
    Term.SELLER_VAT_ID: Bilingual("seller", "Verkäufers"),
    Term.BUYER_VAT_ID: Bilingual("buyer", "Käufers"),
}


def doubts(facts: Iterable[Fact]) -> Iterator[Finding]:
    """What is wrong with the numbers of an invoice's parties."""
    for fact in facts:
        number = fact.text or ""
        if fact.term in PARTIES and not is_vat_id(number):
            party = PARTIES[fact.term]
            detail = Bilingual(
                f"The {party.en}'s VAT id {number} is none: it, or a digit, is wrong.",
                f"Die USt-IdNr. {number} des {party.de} gibt es so nicht: Sie oder eine Ziffer"
                " darin ist falsch.",
            )
            yield Finding("vat_id_invalid", detail)
        if fact.term is Term.PAYEE_IBAN and not is_iban(number):
            yield Finding("iban_invalid", wrong_digits(number))


def is_vat_id(number: str) -> bool:
    """Whether it is shaped like a VAT id; of a German one, whether its check digit is right."""
    if number.startswith("DE"):
        return GERMAN.fullmatch(number) is not None and _check_digit(number[2:10]) == number[10]
    return SHAPE.fullmatch(number) is not None


def _check_digit(digits: str) -> str:
    """The check digit of a German VAT id (ISO 7064, mod 11,10)."""
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
