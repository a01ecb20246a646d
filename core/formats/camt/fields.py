"""Which elements of a CAMT message are read, by their paths, and what their texts must be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from lxml import etree

from core.bilingual import Bilingual
from core.formats.camt.opening import BLANK
from core.formats.common.texts import BadValue, bad_date, minor

DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:[0-9]{2})?")
AMOUNT = re.compile(r"(?=\.?[0-9])([0-9]{0,18})(?:\.([0-9]{0,10}))?")
CURRENCY = re.compile(r"[A-Z]{3}")
SIDES = {"CRDT": 1, "DBIT": -1}

CODES = {
    "domain": "BkTxCd/Domn/Cd",
    "family": "BkTxCd/Domn/Fmly/Cd",
    "subfamily": "BkTxCd/Domn/Fmly/SubFmlyCd",
    "bank_code": "BkTxCd/Prtry/Cd",
    "bank_code_issuer": "BkTxCd/Prtry/Issr",
}
NAME = "{0}/Nm {0}/Pty/Nm {0}/Agt/FinInstnId/Nm {0}/FinInstnId/Nm"
NUMBER = "{0}/Id/IBAN {0}/Id/Othr/Id {0}/Id/BBAN {0}/Id/PrtryAcct/Id"

# Where a name has several paths they are the same thing in other versions of the message. Paths
# into `TxDtls` and `Bal` are those of their own fields, below.
ENTRY = CODES | {
    "entry_reference": "NtryRef",
    "amount": "Amt",
    "side": "CdtDbtInd",
    "reversal": "RvslInd",
    "status": "Sts Sts/Cd Sts/Prtry",
    "booked": "BookgDt/Dt BookgDt/DtTm",
    "valued": "ValDt/Dt ValDt/DtTm",
    "bank_reference": "AcctSvcrRef",
    "booking_text": "AddtlNtryInf",
}
DETAIL = CODES | {
    "bank_reference": "Refs/AcctSvcrRef",
    "amount": "Amt",
    "transaction_amount": "AmtDtls/TxAmt/Amt",
    "instructed_amount": "AmtDtls/InstdAmt/Amt",
    "side": "CdtDbtInd",
    "debtor": NAME.format("RltdPties/Dbtr"),
    "debtor_account": NUMBER.format("RltdPties/DbtrAcct"),
    "ultimate_debtor": NAME.format("RltdPties/UltmtDbtr"),
    "creditor": NAME.format("RltdPties/Cdtr"),
    "creditor_account": NUMBER.format("RltdPties/CdtrAcct"),
    "ultimate_creditor": NAME.format("RltdPties/UltmtCdtr"),
    "remittance": "RmtInf/Ustrd RmtInf/Strd/CdtrRefInf/Ref RmtInf/Strd/CdtrRefInf/CdtrRef"
    " RmtInf/Strd/AddtlRmtInf",
    "booking_text": "AddtlTxInf",
    "document": "RmtInf/Strd/RfrdDocInf/Nb RmtInf/Strd/RfrdDocInf/RfrdDocNb",
    "end_to_end_id": "Refs/EndToEndId",
    "mandate": "Refs/MndtId",
    "creditor_id": "RltdPties/Cdtr/Id/PrvtId/Othr/Id RltdPties/Cdtr/Pty/Id/PrvtId/Othr/Id",
    "purpose": "Purp/Cd",
    "return_reason": "RtrInf/Rsn/Cd RtrInf/RtrRsn/Cd",
    "returned": "RtrInf/Rsn/Prtry RtrInf/RtrRsn/Prtry",
    "return_note": "RtrInf/AddtlInf RtrInf/AddtlRtrRsnInf",
}
BALANCE = {
    "type": "Tp/CdOrPrtry/Cd Tp/Cd",
    "amount": "Amt",
    "side": "CdtDbtInd",
    "on": "Dt/Dt Dt/DtTm",
    "own_type": "Tp/CdOrPrtry/Prtry Tp/Prtry",
    "line_amount": "CdtLine/Amt",
}
STATEMENT = {
    "legal_number": "LglSeqNb",
    "electronic_number": "ElctrncSeqNb",
    "page": "StmtPgntn/PgNb RptPgntn/PgNb NtfctnPgntn/PgNb",
    "last_page": "StmtPgntn/LastPgInd RptPgntn/LastPgInd NtfctnPgntn/LastPgInd",
    "created": "CreDtTm",
    "from": "FrToDt/FrDtTm FrToDt/FrDt",
    "to": "FrToDt/ToDtTm FrToDt/ToDt",
    "account": NUMBER.format("Acct"),
    "currency": "Acct/Ccy",
    "holder": "Acct/Ownr/Nm Acct/Ownr/Pty/Nm",
    "bank": "Acct/Svcr/FinInstnId/BICFI Acct/Svcr/FinInstnId/BIC",
    "account_kind": "Acct/Tp/Cd Acct/Tp/Prtry",
    "bookings": "TxsSummry/TtlNtries/NbOfNtries",
    "total": "TxsSummry/TtlNtries/Sum",
    "credits": "TxsSummry/TtlCdtNtries/NbOfNtries",
    "credit_total": "TxsSummry/TtlCdtNtries/Sum",
    "debits": "TxsSummry/TtlDbtNtries/NbOfNtries",
    "debit_total": "TxsSummry/TtlDbtNtries/Sum",
    "bank_name": "Acct/Svcr/FinInstnId/Nm Acct/Svcr/FinInstnId/CmbndId/Nm",
}
JOINED = {
    "remittance",
    "document",
    "return_note",
}  # said in several elements, read as one text; of others the first counts

Fields = dict[str, str]


@dataclass(slots=True)
class _Step:
    """What to do with an element: keep its text as `name`, go `below`, or begin a `part`.

    The currency of an amount is kept beside it as `currency`.
    """

    name: str | None = None
    currency: str | None = None
    below: "Steps" = field(default_factory=dict)
    part: bool = False


Steps = dict[str, _Step]


@lru_cache(maxsize=64)
def entry_steps(namespace: str) -> Steps:
    """How to gather an `Ntry` and its `TxDtls` in this namespace, written `{urn:...}`."""
    steps = _steps(namespace, ENTRY)
    for path in ("NtryDtls/TxDtls", "TxDtls"):
        _add(steps, namespace, path, _Step(below=_steps(namespace, DETAIL), part=True))
    return steps


@lru_cache(maxsize=64)
def statement_steps(namespace: str) -> Steps:
    """How to gather the head of a statement and its `Bal` in this namespace."""
    steps = _steps(namespace, STATEMENT)
    _add(steps, namespace, "Bal", _Step(below=_steps(namespace, BALANCE), part=True))
    return steps


def gather(element: etree._Element, steps: Steps, fields: Fields, parts: list[Fields]) -> None:
    """Put the texts below an element into `said`, those of each part into one more of `parts`."""
    for child in element:
        step = steps.get(child.tag)
        if step is None:
            continue
        if step.part:
            part: Fields = {}
            parts.append(part)
            gather(child, step.below, part, parts)
            continue
        name = step.name
        parent = step.below and len(child)  # text beside elements is no value of its own
        if name is not None and not parent and (text := child.text) and (text := text.strip(BLANK)):
            if name not in fields:
                fields[name] = text
                if step.currency is not None:
                    fields[step.currency] = child.get("Ccy", "")
            elif name in JOINED:
                fields[name] += f" {text}"
        if step.below:
            gather(child, step.below, fields, parts)


def one_line(text: str | None) -> str | None:
    """A text without the line breaks and runs of blanks that only lay it out."""
    return None if text is None else " ".join(text.split())


def amount(fields: Fields, name: str) -> tuple[int, str]:
    """An amount in minor units, signed by its side, and its currency; BadValue where it is none."""
    text, currency = fields.get(name), fields.get(f"{name} currency", "")
    if text is None:
        raise BadValue(Bilingual("has no amount", "hat keinen Betrag"))
    if not _is_currency(currency):
        raise BadValue(
            Bilingual(
                f"names no currency for its amount {text[:40]}",
                f"nennt zum Betrag {text[:40]} keine Währung",
            )
        )
    plain = AMOUNT.fullmatch(text)
    if plain is None:
        raise BadValue(
            Bilingual(
                f"has the amount {text[:40]!r}, which is no plain decimal",
                f"nennt den Betrag {text[:40]!r}, der keine einfache Dezimalzahl ist",
            )
        )
    side = fields.get("side", "")
    if side not in SIDES:
        raise BadValue(
            Bilingual(
                f"is neither credit nor debit (CdtDbtInd is {side[:40]!r})",
                f"ist weder Gutschrift noch Belastung (CdtDbtInd ist {side[:40]!r})",
            )
        )
    whole, fraction = plain.groups("")
    return SIDES[side] * minor(whole, fraction, currency), currency


@lru_cache(maxsize=256)
def _is_currency(code: str) -> bool:
    return CURRENCY.fullmatch(code) is not None


def day(fields: Fields, name: str) -> date | None:
    """The day of a date or time as the file writes it, in whatever time zone that is."""
    text = fields.get(name)
    if text is None:
        return None
    found = _day(text)
    if found is None:
        raise bad_date(text)
    return found


def likely_day(fields: Fields, name: str) -> date | None:
    """Likewise; None for what is no date."""
    return _day(fields.get(name, ""))


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    match = DATE.fullmatch(text)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _steps(namespace: str, fields: Mapping[str, str]) -> Steps:
    steps: Steps = {}
    for name, paths in fields.items():
        for path in paths.split():
            currency = f"{name} currency" if name.endswith("amount") else None
            _add(steps, namespace, path, _Step(name, currency))
    return steps


def _add(steps: Steps, namespace: str, path: str, step: _Step) -> None:
    *outer, last = path.split("/")
    for name in outer:
        steps = steps.setdefault(namespace + name, _Step()).below
    steps.setdefault(namespace + last, step).name = step.name
