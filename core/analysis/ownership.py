"""Whose accounts the statements are about: what speaks against their being the applicant's."""

from collections.abc import Iterable, Iterator

from core.analysis.counterparties import named, same
from core.documents import Finding
from core.statements import Account, Kept
from core.statements.iban import SHAPE, is_iban


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


def _is(account: Account, applicant: str) -> bool:
    holder = account.holder or ""
    return same(holder, applicant) or named(applicant, holder) or named(holder, applicant)
