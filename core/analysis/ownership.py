"""Whom documents are about: what speaks against their being the applicant's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from core.analysis.counterparties import same_lender, same_party
from core.analysis.holders import is_held_by
from core.applications import Applicant
from core.bilingual import Bilingual
from core.documents import DocumentKind, Finding, Recognised, Term
from core.iban import SHAPE, is_iban, wrong_digits
from core.statements import Account, StoredStatement


class Ownership(StrEnum):
    """Whose an account is, by the names that its statements bear; unknown where they bear none."""

    APPLICANT = "applicant"
    ANOTHER = "another"
    UNKNOWN = "unknown"


def ownerships(
    accounts: Iterable[Account], applicant: Applicant
) -> dict[str, tuple[Ownership, str | None]]:
    """Whose each account is, and the name that says so: the applicant's, if any of them does."""
    holders: dict[str, dict[str, None]] = defaultdict(dict)
    for account in accounts:
        holders[account.number].update({account.holder: None} if account.holder else {})
    return {account: _ownership(list(names), applicant) for account, names in holders.items()}


def _ownership(names: list[str], applicant: Applicant) -> tuple[Ownership, str | None]:
    own = next((name for name in names if is_held_by(name, applicant)), None)
    if own is not None:
        return Ownership.APPLICANT, own
    return (Ownership.ANOTHER, names[0]) if names else (Ownership.UNKNOWN, None)


def statement_findings(
    statements: Iterable[StoredStatement], applicant: Applicant
) -> Iterator[Finding]:
    """An account number whose check digits are wrong, and a holder that is not the applicant."""
    for account in dict.fromkeys(each.statement.account for each in statements):
        if SHAPE.fullmatch(account.number) and not is_iban(account.number):
            yield Finding("iban_invalid", wrong_digits(account.number))
        if account.holder and not is_held_by(account.holder, applicant):
            number, holder = account.number, account.holder[:70]
            yield Finding(
                "holder_is_another",
                Bilingual(
                    f"Account {number} is held by {holder}, not by the applicant.",
                    f"Das Konto {number} gehört {holder}, nicht dem Antragsteller.",
                ),
            )


def document_findings(document: Recognised, applicant: Applicant) -> Iterator[Finding]:
    """An invoice between others, and an extract of another entry in the register."""
    texts = {fact.term: fact.text for fact in document.facts if fact.text}
    parties = [texts[term] for term in (Term.SELLER_NAME, Term.BUYER_NAME) if term in texts]
    known = any(_is_same_name(party, applicant.legal_name) for party in parties)
    if document.kind is DocumentKind.INVOICE and len(parties) == 2 and not known:
        seller, buyer = (party[:70] for party in parties)
        detail = Bilingual(
            f"The invoice is between {seller} and {buyer}. Neither is the applicant.",
            f"Verkäufer und Käufer der Rechnung sind {seller} und {buyer}. Keiner von beiden ist"
            " der Antragsteller.",
        )
        yield Finding("party_is_another", detail)
    number, declared = texts.get(Term.REGISTER_NUMBER), applicant.register_number
    if number and declared and _bare(number) != _bare(declared):
        detail = Bilingual(
            f"The extract is of {number}; the applicant named {declared[:40]}.",
            f"Der Registerauszug betrifft {number}; der Antragsteller hat {declared[:40]} genannt.",
        )
        yield Finding("register_number_is_another", detail)


def _bare(number: str) -> str:
    return "".join(number.split()).upper()


def _is_same_name(party: str, applicant: str) -> bool:
    return (
        same_party(party, applicant)
        or same_lender(applicant, party)
        or same_lender(party, applicant)
    )
