"""A year of a made-up company's statements (CAMT.053), with whatever bookings a test adds."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

IBAN, OPENING = "DE02120300000000202051", Decimal("1000.00")


class Entry(NamedTuple):
    """A booking: when, how much (negative leaves), with whom, for what, and the bank's code."""

    on: date
    amount: str
    name: str
    text: str
    gvc: str = "166"


def year(
    *entries: Entry, months: int = 12, without: Sequence[int] = (), off_by: str = "0.00"
) -> bytes:
    """Statements of 2025 and before, a month each, back from December; some left out.

    `off_by` is by how much the last closing balance is not what the bookings make it.
    """
    firsts = [_month(number - months + 12) for number in range(months)]
    parts, balance = [], OPENING
    for number, first in enumerate(firsts):
        last = _month(number - months + 13) - timedelta(days=1)
        mine = sorted(each for each in entries if first <= each.on <= last)
        opening, balance = balance, balance + sum(Decimal(each.amount) for each in mine)
        wrong = Decimal(off_by) if number == months - 1 else Decimal(0)
        if number not in without:
            parts.append(_statement(number, first, last, (opening, balance + wrong), mine))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
        "<MsgId>year</MsgId><CreDtTm>2026-01-02T06:00:00</CreDtTm></GrpHdr>"
        f"{''.join(parts)}</BkToCstmrStmt></Document>"
    ).encode()


def _month(number: int) -> date:
    """The first of a month, counted from January 2025."""
    years, month = divmod(number, 12)
    return date(2025 + years, month + 1, 1)


def _statement(
    number: int,
    first: date,
    last: date,
    balances: tuple[Decimal, Decimal],
    entries: Sequence[Entry],
) -> str:
    opening, closing = balances
    return (
        f"<Stmt><Id>{first:%Y-%m}</Id><ElctrncSeqNb>{number + 1}</ElctrncSeqNb>"
        f"<FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy>"
        "<Ownr><Nm>Muster Werkzeugbau GmbH</Nm></Ownr></Acct>"
        f"{_balance('OPBD', opening, first)}{_balance('CLBD', closing, last)}"
        f"{''.join(map(_entry, entries))}</Stmt>"
    )


def _balance(kind: str, amount: Decimal, on: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_signed(amount)}"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(entry: Entry) -> str:
    amount = Decimal(entry.amount)
    party = "Dbtr" if amount > 0 else "Cdtr"
    return (
        f"<Ntry>{_signed(amount)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{entry.on}</Dt></BookgDt>"
        f"<ValDt><Dt>{entry.on}</Dt></ValDt><BkTxCd><Prtry><Cd>NTRF+{entry.gvc}+0</Cd>"
        f"<Issr>DK</Issr></Prtry></BkTxCd><NtryDtls><TxDtls>{_signed(amount)}"
        f"<RltdPties><{party}><Pty><Nm>{entry.name}</Nm></Pty></{party}></RltdPties>"
        f"<RmtInf><Ustrd>{entry.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _signed(amount: Decimal) -> str:
    side = "CRDT" if amount >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
