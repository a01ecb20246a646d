"""Where on an invoice's pages stands what its attached file says."""

import re
from collections.abc import Iterator, Sequence

from core.bilingual import Bilingual
from core.documents import Fact, Finding, Recognised, Term
from core.evidence import Printed
from core.iban import ibans, is_iban
from core.money import exponent, stated

# A blank may stand between thousands, or between two numbers.
NUMBERS = re.compile(r"\d(?:[\d.,'’]*\d)?"), re.compile(r"\d[\d.,'’ \u00a0\u202f]*\d")
BLANKS = re.compile(r"\s+")
SHORTEST = 3  # characters that can be told from others: a type code cannot
LONGEST = 300  # characters of a line that are looked at for an amount
UNPRINTED = (Term.TYPE_CODE, Term.CURRENCY)


def shown(invoice: Recognised, lines: Sequence[Printed]) -> Iterator[Recognised | Finding]:
    """The invoice, its facts with their places on the pages; odd where they show another amount."""
    folded = [(BLANKS.sub("", line.text).casefold(), line) for line in lines]
    facts = tuple(_placed(fact, folded) for fact in invoice.facts)
    yield invoice._replace(facts=facts)
    gross = next(fact for fact in facts if fact.term is Term.GROSS_AMOUNT)
    if lines and gross.origin.box is None and gross.amount is not None:
        amount = stated(*gross.amount)
        yield Finding(
            "invoice_not_as_shown",
            Bilingual(
                f"The attached file says {amount.en} gross; no page shows that amount.",
                f"Die angehängte Datei nennt {amount.de} brutto; keine Seite zeigt diesen Betrag.",
            ),
        )
    yield from _other_account(facts, lines)


def _other_account(facts: Sequence[Fact], lines: Sequence[Printed]) -> Iterator[Finding]:
    """That the pages ask for payment to another account than the attached file."""
    payee = next((fact for fact in facts if fact.term is Term.PAYEE_IBAN), None)
    if payee is None or payee.origin.box is not None or not payee.text:
        return
    printed = {each for line in lines for each in ibans(line.text.upper()) if is_iban(each)}
    if printed and payee.text not in printed:
        listed = ", ".join(sorted(printed))
        yield Finding(
            "payee_not_as_shown",
            Bilingual(
                f"The attached file asks for payment to {payee.text}; the pages show another"
                f" account: {listed}.",
                f"Die angehängte Datei nennt als Konto des Empfängers {payee.text}; die Seiten"
                f" zeigen ein anderes: {listed}.",
            ),
        )


def _placed(fact: Fact, lines: Sequence[tuple[str, Printed]]) -> Fact:
    """The fact with the first line that shows it, of an amount the last, where totals stand."""
    found = [line for folded, line in lines if _shows(fact, folded, line.text)]
    if not found or fact.term in UNPRINTED:
        return fact
    line = found[-1] if fact.amount is not None else found[0]
    return fact._replace(origin=fact.origin._replace(box=line.box))


def _amounts(text: str, places: int) -> Iterator[int]:
    """Minor units of each number in a text, as they are with decimals and as without any."""
    for pattern in NUMBERS:
        for number in pattern.findall(text[:LONGEST]):
            digits_alone = int(re.sub(r"\D", "", number))
            yield digits_alone
            yield digits_alone * 10**places


def _shows(fact: Fact, folded: str, text: str) -> bool:
    if fact.amount is not None:
        return abs(fact.amount.minor) in _amounts(text, exponent(fact.amount.currency))
    if fact.day is not None:
        day = fact.day
        written = (f"{day:%d.%m.%Y}", f"{day:%d.%m.%y}", f"{day}", f"{day:%d/%m/%Y}")
        return any(each in folded for each in (*written, f"{day.day}.{day.month}.{day.year}"))
    letters = BLANKS.sub("", fact.text or "").casefold()
    return len(letters) >= SHORTEST and letters in folded
