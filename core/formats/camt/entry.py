"""A booking of a CAMT message: its `Ntry`, whose amount is the truth, and the `TxDtls` inside."""

import re
from datetime import date
from functools import lru_cache

from core.bilingual import Bilingual
from core.evidence import Bytes
from core.formats.camt.fields import Fields, amount, day, one_line
from core.formats.common.remittance import read_keyed, read_purpose
from core.formats.common.texts import BadValue, tidy
from core.statements.model import Account, Detail, Particulars, Transaction, make

# `NMSC+051+00931` by the German banks' rules, or the bare `051` where they are named as issuer.
GVC = re.compile(r"([A-Z][A-Z0-9]{3}\+)?([0-9]{3})(?:\+.*)?")
GVC_ISSUERS = ("DK", "ZKA")
NO_REFERENCE = frozenset((None, "NONREF", "NOTPROVIDED"))
BOOKED = frozenset(("BOOK", "BOOKED", "GEBUCHT"))  # whatever else there is, it is not certain
DETAIL_AMOUNTS = ("amount", "transaction_amount", "instructed_amount")  # the booked one first

NO_DAY = Bilingual(
    "has neither a booking date nor a value date", "hat weder Buchungstag noch Wertstellung"
)

Party = tuple[str | None, str | None]  # name, account
NOBODY: Party = (None, None)


class BadPart(BadValue):
    """A payment in an entry is not what it should be."""


def read_entry(
    entry: Fields,
    parts: list[Fields],
    account: Account,
    *,
    status: str,
    expected: date | None,
    evidence: Bytes,
) -> Transaction:
    """The booking that an entry says, in minor units, signed by its `CdtDbtInd` as it stands.

    `status` is taken where the entry has none, `expected` as the day of one that is not booked yet
    and has none. What only its details say counts for the entry where all of them agree. Raises
    BadValue for one without an amount, a side or a date that is any, BadPart where that is so of
    one of its details.
    """
    minor, currency = amount(entry, "amount")
    valued_on = day(entry, "valued")
    status = entry.get("status", status)
    pending = status != "BOOK" and status.upper() not in BOOKED
    booked_on = day(entry, "booked") or valued_on or (expected if pending else None)
    if booked_on is None:
        raise BadValue(NO_DAY)
    reversal = "reversal" in entry and entry["reversal"].lower() in ("true", "1")
    parties = [_counterparty(part, entry["side"], reversal, account) for part in parts]
    common = _common(parts)
    counterparty, counterparty_account = _agreed(parties)
    text, ultimate, told = _text(entry, common)
    values = (
        booked_on,
        valued_on,
        minor,
        currency,
        pending,
        reversal,
        counterparty or ultimate,
        counterparty_account,
        text,
        _gvc(entry) or _gvc(common),
        _iso(entry) or _iso(common),
        common.get("return_reason"),
        _reference(entry, common),
        _details(entry, parts, parties),
        evidence,
        None,  # no page
        _particulars(entry, common, told),
    )
    return make(Transaction, values)


def _common(parts: list[Fields]) -> Fields:
    """What all parts say alike."""
    if len(parts) == 1:
        return parts[0]
    return dict(set.intersection(*(set(part.items()) for part in parts))) if parts else {}


def _agreed(parties: list[Party]) -> Party:
    """The name and the account on which all parties agree."""
    if len(parties) == 1:
        return parties[0]
    names, accounts = ({party[field] for party in parties} for field in (0, 1))
    return (
        names.pop() if len(names) == 1 else None,
        accounts.pop() if len(accounts) == 1 else None,
    )


def _counterparty(part: Fields, side: str, reversal: bool, account: Account) -> Party:
    """The other side of a payment: who paid a credit, who was paid by a debit.

    Returned and reversed payments keep the roles they were made with, so there the other way
    round; never the very account, and not its holder's name where there is another.
    """
    get = part.get
    debtor = _party(get("debtor") or get("ultimate_debtor"), get("debtor_account"))
    creditor = _party(get("creditor") or get("ultimate_creditor"), get("creditor_account"))
    back = reversal or "return_reason" in part or "returned" in part
    sides = (debtor, creditor) if (side == "CRDT") != back else (creditor, debtor)
    likely = [each for each in sides if each != NOBODY and each[1] != account.number]
    if len(likely) == 2 and _is_named(likely[0], account.holder):
        return likely[1]
    return likely[0] if likely else NOBODY


@lru_cache(maxsize=4096)  # the same ones come back month after month
def _party(name: str | None, number: str | None) -> Party:
    return one_line(name), None if number is None else number.replace(" ", "")


def _is_named(party: Party, holder: str | None) -> bool:
    name, number = party
    if number is not None or name is None or holder is None:
        return False
    return name.casefold() == holder.casefold()


def _text(entry: Fields, common: Fields) -> tuple[str, str | None, Particulars | None]:
    """The remittance, after the booking text where that says something else; whom it names.

    And what else stands in it where a bank squeezes all fields into this one.
    """
    note = common.get("booking_text", "")
    remittance, ultimate, told = common.get("remittance") or _referred(common) or note, None, None
    if "+" in remittance:
        (remittance, ultimate, _), told = read_keyed(remittance)
    booking = entry.get("booking_text", note)
    if booking in remittance:
        text = remittance
    else:
        text = booking if remittance in booking else f"{booking} {remittance}"
    returned = common.get("return_note") or common.get("returned")
    if returned and returned not in text:
        text += f" {returned}"
    return tidy(text), ultimate, told


def _referred(common: Fields) -> str | None:
    """What a payment without a text is for: the documents it names, else the payer's reference."""
    document = common.get("document")
    if document is None and common.get("end_to_end_id") not in NO_REFERENCE:
        return common.get("booking_text") or common["end_to_end_id"]
    return document


def _particulars(entry: Fields, common: Fields, told: Particulars | None) -> Particulars | None:
    """What the booking bears beside its text, in its own fields or else in that text."""
    get = common.get
    purpose, creditor_id, mandate = get("purpose"), get("creditor_id"), get("mandate")
    end_to_end_id = get("end_to_end_id")
    if end_to_end_id in NO_REFERENCE:
        end_to_end_id = None
    if told is not None:
        purpose, creditor_id = purpose or told.purpose, creditor_id or told.creditor_id
        mandate, end_to_end_id = mandate or told.mandate, end_to_end_id or told.end_to_end_id
    minor, currency = _original(entry, common)
    key = entry.get("bank_code") or get("bank_code")
    if not (key or end_to_end_id or purpose or mandate or creditor_id or currency):
        return None
    return make(Particulars, (purpose, creditor_id, mandate, end_to_end_id, minor, currency, key))


def _original(entry: Fields, common: Fields) -> tuple[int | None, str | None]:
    """What was ordered where that is in another currency than what was booked."""
    booked, get = entry["amount currency"], common.get
    ordered = get("instructed_amount currency"), get("transaction_amount currency")
    if ordered[0] not in (None, booked):
        name = "instructed_amount"
    elif ordered[1] not in (None, booked):
        name = "transaction_amount"
    else:
        return None, None
    try:
        return amount(common | {"side": "CRDT"}, name)
    except BadValue:
        return None, None


def _gvc(fields: Fields) -> str | None:
    code = fields.get("bank_code")
    return _find_gvc(code, fields.get("bank_code_issuer")) if code is not None else None


@lru_cache(maxsize=1024)
def _find_gvc(code: str, issuer: str | None) -> str | None:
    match = GVC.fullmatch(code)
    if match and (issuer in GVC_ISSUERS or (issuer is None and match[1])):
        return match[2]
    return None


def _iso(fields: Fields) -> str | None:
    domain, family, sub = fields.get("domain"), fields.get("family"), fields.get("subfamily")
    return f"{domain}-{family}-{sub}" if domain and family and sub else None


def _reference(entry: Fields, common: Fields) -> str | None:
    """The bank's own reference, which tells one booking from every other."""
    reference = entry.get("bank_reference")
    if reference in NO_REFERENCE:
        reference = common.get("bank_reference")
    if reference in NO_REFERENCE:
        reference = entry.get("entry_reference")
    return None if reference in NO_REFERENCE else reference


def _details(entry: Fields, parts: list[Fields], parties: list[Party]) -> tuple[Detail, ...]:
    """The payments inside, where there are several or the only one has another amount."""
    if not parts or (len(parts) == 1 and _repeats(entry, parts[0])):
        return ()
    return tuple(_detail(entry, part, party) for part, party in zip(parts, parties, strict=True))


def _repeats(entry: Fields, part: Fields) -> bool:
    name = _amount_name(part)
    return name is None or (
        part[name] == entry["amount"]
        and part[f"{name} currency"] == entry["amount currency"]
        and part.get("side", entry["side"]) == entry["side"]
    )


def _amount_name(part: Fields) -> str | None:
    for name in DETAIL_AMOUNTS:
        if name in part:
            return name
    return None


def _detail(entry: Fields, part: Fields, party: Party) -> Detail:
    minor, currency = None, None
    if (name := _amount_name(part)) is not None:
        try:
            minor, currency = amount({"side": entry["side"]} | part, name)
        except BadValue as error:
            raise BadPart(error.reason) from None
    text = one_line(part.get("remittance") or part.get("booking_text")) or ""
    text, ultimate, _ = read_purpose(text)
    name, number = party
    return Detail(minor, currency, name or ultimate, number, text)
