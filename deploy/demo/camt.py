"""Statements of the made-up company as its banks write CAMT.053, versions 02 and 08."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from textwrap import wrap
from typing import Literal

from deploy.demo.bankdays import last_day, months
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Bank, BatchPart, Booking, Printed
from deploy.demo.markup import element, text_element
from deploy.demo.noise import shout
from deploy.demo.people import bic

LONGEST_REMITTANCE = 140


Version = Literal["02", "08"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Who writes for whom: the bank with its habits, the version, and the account's holder."""

    bank: Bank
    version: Version
    holder: str
    iban: str


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A statement's frame: which number and days, between which balances, in cents."""

    number: int
    starts_on: date
    ends_on: date
    opening: int
    closing: int
    credit_line: int


def dialect_of(company: Company, account: Account, version: Version | None = None) -> Dialect:
    """Who writes that account's statements, in the bank's own version unless another is asked."""
    name = company.cast.name
    holder = shout(name) if account.bank.shouts else name
    return Dialect(account.bank, version or account.bank.version, holder, account.iban)


def camt053(
    company: Company,
    account: Account,
    first_month: date,
    last_month: date | None = None,
    *,
    version: Version | None = None,
    one_statement: bool = False,
) -> bytes:
    """One file for a month or a range: a statement a month, or a single one for all of it."""
    all_months = months(first_month, last_month or first_month)
    dialect = dialect_of(company, account, version)
    spans = (
        [(all_months[0], last_day(all_months[-1]))]
        if one_statement
        else [(month, last_day(month)) for month in all_months]
    )
    statements = (_statement(dialect, company, account, *span) for span in spans)
    return "".join((*document_head(dialect, spans[-1][1]), *statements, DOCUMENT_END)).encode()


def _statement(
    dialect: Dialect, company: Company, account: Account, starts_on: date, ends_on: date
) -> str:
    shown = [b for b in company.ledger.of(account) if starts_on <= b.booked_on <= ends_on]
    sheet = StatementSheet(
        number=len(months(company.first_month, starts_on)),
        starts_on=starts_on,
        ends_on=ends_on,
        opening=company.ledger.balance(account, starts_on),
        closing=company.ledger.balance(account, ends_on + timedelta(days=1)),
        credit_line=account.credit_line,
    )
    entries = (entry(dialect, n, booking) for n, booking in enumerate(shown, 1))
    return "".join(
        (statement_head(dialect, sheet), _summary(dialect, shown), *entries, "</Stmt>\n")
    )


def euros(cents: int) -> str:
    """An amount's digits without its sign."""
    return f"{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _amount(cents: int) -> str:
    return f'<Amt Ccy="EUR">{euros(cents)}</Amt>'


def _direction(cents: int) -> str:
    return element("CdtDbtInd", "CRDT" if cents >= 0 else "DBIT")


DOCUMENT_END = "</BkToCstmrStmt></Document>\n"


def document_head(dialect: Dialect, on: date) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{dialect.version}">'
    message = f"{dialect.bank.bic[:4]}{on:%Y%m%d}{dialect.iban[-6:]}"
    created = f"{on + timedelta(days=1)}T04:12:07"
    yield "<BkToCstmrStmt>"
    yield element("GrpHdr", element("MsgId", message), element("CreDtTm", created))
    yield "\n"


def statement_head(dialect: Dialect, sheet: StatementSheet) -> str:
    """A statement up to its balances."""
    span = (
        element("FrDtTm", f"{sheet.starts_on}T00:00:00"),
        element("ToDtTm", f"{sheet.ends_on}T23:59:59"),
    )
    account = (
        element("Id", element("IBAN", dialect.iban)),
        element("Ccy", "EUR"),
        element("Ownr", text_element("Nm", dialect.holder)),
        element("Svcr", _bank(dialect, dialect.bank.bic, dialect.bank.name)),
    )
    head = (
        element("Id", f"{dialect.iban[-10:]}{sheet.ends_on:%Y%m%d}"),
        element("ElctrncSeqNb", str(sheet.number)),
        element("CreDtTm", f"{sheet.ends_on + timedelta(days=1)}T04:12:07"),
        element("FrToDt", *span),
        element("Acct", *account),
    )
    return "".join(("<Stmt>", *head, *_balances(sheet), "\n"))


def _balances(sheet: StatementSheet) -> Iterator[str]:
    """Opening and closing; an account with a credit line opens with the day before and adds it."""
    line, closing = sheet.credit_line, sheet.closing
    before = sheet.starts_on - timedelta(days=1)
    first = ("PRCD", before) if line else ("OPBD", sheet.starts_on)
    yield _balance(*first, sheet.opening)
    yield _balance("CLBD", sheet.ends_on, closing)
    if line:
        yield _balance("CLAV", sheet.ends_on, closing + line)


def _balance(code: str, on: date, cents: int) -> str:
    return element(
        "Bal",
        element("Tp", element("CdOrPrtry", element("Cd", code))),
        _amount(cents),
        _direction(cents),
        element("Dt", element("Dt", on.isoformat())),
    )


def _summary(dialect: Dialect, bookings: Sequence[Booking]) -> str:
    """The counts and sums as printed: a flipped reversal counts on the side it is shown on."""
    booked = [_shown(dialect, b) for b in bookings if not b.pending]
    sides = (
        ("TtlCdtNtries", [cents for cents in booked if cents >= 0]),
        ("TtlDbtNtries", [cents for cents in booked if cents < 0]),
    )
    return element(
        "TxsSummry",
        element("TtlNtries", element("NbOfNtries", str(len(booked)))),
        *(
            element(side, element("NbOfNtries", str(len(of))), element("Sum", euros(sum(of))))
            for side, of in sides
        ),
    )


def _shown(dialect: Dialect, booking: Booking) -> int:
    """The amount with the direction that the bank prints."""
    flipped = dialect.bank.flips and booking.printed.reversal_mark
    return -booking.amount if flipped else booking.amount


def entry(dialect: Dialect, number: int, booking: Booking) -> str:
    """One booking as an `Ntry`."""
    shown, printed = _shown(dialect, booking), booking.printed
    inside = dialect.bank.gvc_inside and not booking.parts
    status = "PDNG" if booking.pending else "BOOK"
    transactions = [_part(dialect, part) for part in booking.parts] or [_single(dialect, booking)]
    batch = element(
        "Btch",
        element("NbOfTxs", str(len(booking.parts))),
        f'<TtlAmt Ccy="EUR">{euros(shown)}</TtlAmt>',
        _direction(shown),
    )
    return (
        element(
            "Ntry",
            element("NtryRef", str(number)),
            _amount(shown),
            _direction(shown),
            element("RvslInd", "true" if printed.reversal_mark else ""),
            element("Sts", status if dialect.version == "02" else element("Cd", status)),
            element("BookgDt", element("Dt", booking.booked_on.isoformat())),
            element("ValDt", element("Dt", booking.valued_on.isoformat())),
            element("AcctSvcrRef", booking.reference),
            element("BkTxCd", _iso(printed), "" if inside else _gvc(dialect, printed))
            or "<BkTxCd/>",
            element("NtryDtls", batch if booking.parts else "", *transactions),
            text_element("AddtlNtryInf", _entry_text(booking)),
        )
        + "\n"
    )


def _entry_text(booking: Booking) -> str:
    """The booking text; a batch has no other place for its own remittance."""
    printed = booking.printed
    return f"{printed.text} {printed.remittance}" if booking.parts else printed.text


def _iso(printed: Printed) -> str:
    """The ISO 20022 code: domain, family, sub-family."""
    if not printed.iso:
        return ""
    code, family, sub = printed.iso.split("-")
    inner = element("Fmly", element("Cd", family), element("SubFmlyCd", sub))
    return element("Domn", element("Cd", code), inner)


def _gvc(dialect: Dialect, printed: Printed) -> str:
    """The German code as the proprietary one; older files add a primary note number."""
    if not printed.gvc:
        return ""
    code = f"NMSC+{printed.gvc}" + "+00931" * (dialect.bank.issuer == "ZKA")
    return element("Prtry", element("Cd", code), element("Issr", dialect.bank.issuer))


def _single(dialect: Dialect, booking: Booking) -> str:
    """The one payment of a booking."""
    keeps_roles = dialect.bank.keeps_roles and bool(booking.origin)
    return _transaction(dialect, _shown(dialect, booking), booking.printed, keeps_roles)


def _part(dialect: Dialect, part: BatchPart) -> str:
    """One payment of a batch; its codes stand with the batch."""
    party, printed = part.party, Printed(None, None, "", part.remittance, None, None)
    printed = replace(printed, name=party.name, iban=party.iban)
    printed = replace(printed, end_to_end=part.end_to_end, mandate=part.mandate)
    return _transaction(dialect, part.amount, printed, keeps_roles=False)


def _transaction(dialect: Dialect, shown: int, printed: Printed, keeps_roles: bool) -> str:
    """The details of one payment; version 02 keeps its amount a level deeper."""
    paying = (shown < 0) != keeps_roles
    amount = element("AmtDtls", element("TxAmt", _amount(shown)))
    if dialect.version != "02":
        amount = _amount(shown) + _direction(shown)
    end_to_end = text_element("EndToEndId", printed.end_to_end or "NOTPROVIDED")
    lines = wrap(printed.remittance, LONGEST_REMITTANCE)
    return element(
        "TxDtls",
        element("Refs", end_to_end, text_element("MndtId", printed.mandate)),
        amount,
        element("BkTxCd", _gvc(dialect, printed) if dialect.bank.gvc_inside else ""),
        _parties(dialect, paying, keeps_roles, printed),
        _agent(dialect, "Cdtr" if paying else "Dbtr", printed.iban),
        element("RmtInf", *(text_element("Ustrd", line) for line in lines)),
        element("RtrInf", element("Rsn", element("Cd", printed.reason))),
    )


def _parties(dialect: Dialect, paying: bool, keeps_roles: bool, printed: Printed) -> str:
    """Debtor and creditor: the other side, and the company itself where its bank names both."""
    if printed.name is None:
        return ""
    both = keeps_roles or dialect.bank.names_both
    own = (dialect.holder, dialect.iban) if both else (None, None)
    other = (printed.name, printed.iban)
    debtor, creditor = (own, other) if paying else (other, own)
    return element(
        "RltdPties", *_side(dialect, "Dbtr", *debtor), *_side(dialect, "Cdtr", *creditor)
    )


def _agent(dialect: Dialect, role: str, iban: str | None) -> str:
    """The other side's bank."""
    inner = _bank(dialect, bic(iban)) if iban else ""
    return element("RltdAgts", element(f"{role}Agt", inner))


def _bank(dialect: Dialect, code: str, name: str | None = None) -> str:
    """A bank by its BIC, whose element version 08 names anew."""
    tag = "BIC" if dialect.version == "02" else "BICFI"
    return element("FinInstnId", element(tag, code), text_element("Nm", name))


def _side(dialect: Dialect, role: str, name: str | None, iban: str | None) -> Iterator[str]:
    party = text_element("Nm", name)
    yield element(role, party if dialect.version == "02" else element("Pty", party))
    yield element(f"{role}Acct", element("Id", element("IBAN", iban)))
