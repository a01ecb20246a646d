"""A booking of a CAMT message: its `Ntry`, whose amount is the truth, and the `TxDtls` inside."""

import re
from collections.abc import Iterable
from functools import lru_cache

from core.errors import Unreadable
from core.evidence import Bytes
from core.statements.camt_fields import Said, amount, day, one_line
from core.statements.model import Account, Detail, Transaction

# `NMSC+051+00931` by the German banks' rules, or the bare `051` where they are named as issuer.
GVC = re.compile(r"([A-Z][A-Z0-9]{3}\+)?([0-9]{3})(?:\+.*)?")
GVC_ISSUERS = ("DK", "ZKA")
NO_REFERENCE = (None, "NONREF", "NOTPROVIDED")
DETAIL_AMOUNTS = ("amount", "transaction_amount", "instructed_amount")  # the booked one first

Party = tuple[str | None, str | None]  # name, account
NOBODY: Party = (None, None)


def read_entry(
    said: Said, parts: list[Said], account: Account, *, what: str, status: str, evidence: Bytes
) -> Transaction:
    """The booking that an entry says, in minor units, signed by its `CdtDbtInd` as it stands.

    `what` names it in refusals; `status` is taken where the entry has none. What only its
    details say counts for the entry where all of them agree.
    """
    minor, currency = amount(said, "amount", what)
    valued_on = day(said, "valued", what)
    booked_on = day(said, "booked", what) or valued_on
    if booked_on is None:
        raise Unreadable(f"{what} has neither a booking date nor a value date.")
    reversal = said.get("reversal") in ("true", "1")
    parties = [_counterparty(part, said["side"], reversal, account) for part in parts]
    return Transaction(
        booked_on=booked_on,
        valued_on=valued_on,
        amount=minor,
        currency=currency,
        pending=said.get("status", status) != "BOOK",
        reversal=reversal,
        counterparty=_agreed(name for name, _ in parties),
        counterparty_account=_agreed(number for _, number in parties),
        remittance=_text(said, parts),
        gvc=_gvc(said) or _agreed(_gvc(part) for part in parts),
        iso=_iso(said) or _agreed(_iso(part) for part in parts),
        return_reason=_agreed(part.get("return_reason") for part in parts),
        bank_reference=_reference(said, parts),
        details=_details(said, parts, parties, what),
        evidence=evidence,
    )


def _agreed(values: Iterable[str | None]) -> str | None:
    """What all of them say alike, else None."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _counterparty(part: Said, side: str, reversal: bool, account: Account) -> Party:
    """The other side of a payment: who paid a credit, who was paid by a debit.

    Returned and reversed payments keep the roles they were made with, so there the other way
    round; never the holder of the very account, where the file says both.
    """
    debtor = _party(part, "debtor")
    creditor = _party(part, "creditor")
    back = reversal or "return_reason" in part
    sides = [debtor, creditor] if (side == "CRDT") != back else [creditor, debtor]
    parties = [each for each in sides if each != NOBODY and each[1] != account.number]
    holder = (account.holder or "").casefold()
    others = [(name, number) for name, number in parties if (name or "").casefold() != holder]
    return next(iter(others or parties), NOBODY)


def _party(part: Said, role: str) -> Party:
    name = part.get(role) or part.get(f"ultimate_{role}")
    account = part.get(f"{role}_account")
    return one_line(name), None if account is None else account.replace(" ", "")


def _text(said: Said, parts: list[Said]) -> str:
    """The remittance, after the booking text where that says something else."""
    note = _agreed(part.get("booking_text") for part in parts)
    remittance = _agreed(part.get("remittance") for part in parts) or note or ""
    booking = said.get("booking_text") or note or ""
    text = remittance if booking in remittance else f"{booking} {remittance}"
    return " ".join(text.split())


def _gvc(said: Said) -> str | None:
    code = said.get("bank_code")
    return _find_gvc(code, said.get("bank_code_issuer")) if code is not None else None


@lru_cache(maxsize=1024)
def _find_gvc(code: str, issuer: str | None) -> str | None:
    match = GVC.fullmatch(code)
    if match and (issuer in GVC_ISSUERS or (issuer is None and match[1])):
        return match[2]
    return None


def _iso(said: Said) -> str | None:
    domain, family, sub = said.get("domain"), said.get("family"), said.get("subfamily")
    return f"{domain}-{family}-{sub}" if domain and family and sub else None


def _reference(said: Said, parts: list[Said]) -> str | None:
    """The bank's own reference, which tells one booking from every other."""
    own = said.get("bank_reference")
    if own in NO_REFERENCE:
        own = _agreed(part.get("bank_reference") for part in parts)
    if own in NO_REFERENCE:
        own = said.get("entry_reference")
    return None if own in NO_REFERENCE else own


def _details(said: Said, parts: list[Said], parties: list[Party], what: str) -> tuple[Detail, ...]:
    """The payments inside, where there are several or the only one has another amount."""
    if not parts or (len(parts) == 1 and _repeats(said, parts[0])):
        return ()
    return tuple(
        _detail(said, part, party, what) for part, party in zip(parts, parties, strict=True)
    )


def _repeats(said: Said, part: Said) -> bool:
    name = _amount_name(part)
    return name is None or (
        part[name] == said["amount"]
        and part[f"{name} currency"] == said["amount currency"]
        and part.get("side", said["side"]) == said["side"]
    )


def _amount_name(part: Said) -> str | None:
    return next((name for name in DETAIL_AMOUNTS if name in part), None)


def _detail(said: Said, part: Said, party: Party, what: str) -> Detail:
    minor, currency = None, None
    if (name := _amount_name(part)) is not None:
        minor, currency = amount({"side": said["side"]} | part, name, f"A payment in {what}")
    text = one_line(part.get("remittance") or part.get("booking_text")) or ""
    return Detail(minor, currency, *party, text)
