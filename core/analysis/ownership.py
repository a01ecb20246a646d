"""Whom documents are about: what speaks against their being the applicant's."""

from collections.abc import Iterable, Iterator

from core.analysis.counterparties import named, same
from core.applications import Applicant
from core.documents import Finding, Kind, Recognised, Term
from core.iban import SHAPE, is_iban
from core.statements import Account, Kept


def doubts(kept: Iterable[Kept], applicant: str) -> Iterator[Finding]:
    """An account number whose check digits are wrong, and a holder that is not the applicant."""
    for account in dict.fromkeys(each.said.account for each in kept):
        if SHAPE.fullmatch(account.number) and not is_iban(account.number):
            yield Finding("iban_invalid", f"The check digits of IBAN {account.number} are wrong.")
        if account.holder and not _is(account, applicant):
            yield Finding(
                "holder_is_another",
                f"Account {account.number} is held by {account.holder[:70]}, not by the applicant.",
            )


def strangeness(document: Recognised, applicant: Applicant) -> Iterator[Finding]:
    """An invoice between others, and an extract of another entry in the register."""
    said = {fact.term: fact.text for fact in document.facts if fact.text}
    parties = [said[term] for term in (Term.SELLER_NAME, Term.BUYER_NAME) if term in said]
    known = any(_names(party, applicant.legal_name) for party in parties)
    if document.kind is Kind.INVOICE and len(parties) == 2 and not known:
        detail = f"The invoice is between {parties[0][:70]} and {parties[1][:70]}."
        yield Finding("party_is_another", f"{detail} Neither is the applicant.")
    number, declared = said.get(Term.REGISTER_NUMBER), applicant.register_number
    if number and declared and _bare(number) != _bare(declared):
        detail = f"The extract is of {number}; the applicant named {declared[:40]}."
        yield Finding("register_number_is_another", detail)


def _bare(number: str) -> str:
    return "".join(number.split()).upper()


def _is(account: Account, applicant: str) -> bool:
    return _names(account.holder or "", applicant)


def _names(party: str, applicant: str) -> bool:
    return same(party, applicant) or named(applicant, party) or named(party, applicant)
