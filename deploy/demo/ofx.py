"""Statements of the made-up company as banks write OFX: version 1 (SGML) and 2 (XML)."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from typing import Literal

from deploy.demo.bankdays import last_day
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking
from deploy.demo.tables import english, purpose

Version = Literal["1", "2"]
SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
XML = """<?xml version="1.0" encoding="UTF-8"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
"""


def ofx(
    company: Company, account: Account, first_month: date, last_month: date, version: Version = "1"
) -> bytes:
    """One statement of all the months; in version 1 values are not closed."""
    lines = "\n".join(_lines(company, account, first_month, last_day(last_month)))
    if version == "1":
        text = "\n".join(_unclosed(line) for line in lines.split("\n"))
        return (SGML + text + "\n").replace("\n", "\r\n").encode("cp1252")
    return (XML + lines + "\n").encode()


def _lines(company: Company, account: Account, starts_on: date, ends_on: date) -> Iterator[str]:
    yield "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
    yield f"<DTSERVER>{ends_on:%Y%m%d}235812.000[+1:CET]</DTSERVER><LANGUAGE>GER</LANGUAGE>"
    yield f"<FI><ORG>{escape(account.bank.name)}</ORG><FID>{account.bank.code}</FID></FI>"
    yield "</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID>"
    yield "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><STMTRS><CURDEF>EUR</CURDEF>"
    own = f"<BANKID>{account.iban[4:12]}</BANKID><ACCTID>{account.iban[12:]}</ACCTID>"
    yield f"<BANKACCTFROM>{own}<ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>"
    yield f"<BANKTRANLIST><DTSTART>{starts_on:%Y%m%d}</DTSTART><DTEND>{ends_on:%Y%m%d}</DTEND>"
    for booking in company.ledger.of(account):
        if starts_on <= booking.booked_on <= ends_on and not booking.pending:
            yield from _entry(booking)
    left = english(company.ledger.balance(account, ends_on + timedelta(days=1)))
    on = f"<DTASOF>{ends_on:%Y%m%d}235959</DTASOF>"
    yield f"</BANKTRANLIST><LEDGERBAL><BALAMT>{left}</BALAMT>{on}</LEDGERBAL>"
    yield f"<AVAILBAL><BALAMT>{left}</BALAMT>{on}</AVAILBAL>"
    yield "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"


def _entry(booking: Booking) -> Iterator[str]:
    """A booking, a value a line; the booking text has no place but before the purpose."""
    printed = booking.printed
    yield "<STMTTRN>"
    yield f"<TRNTYPE>{'CREDIT' if booking.amount >= 0 else 'DEBIT'}</TRNTYPE>"
    yield f"<DTPOSTED>{booking.booked_on:%Y%m%d}120000</DTPOSTED>"
    yield f"<DTAVAIL>{booking.valued_on:%Y%m%d}</DTAVAIL>"
    yield f"<TRNAMT>{english(booking.amount)}</TRNAMT>"
    yield f"<FITID>{booking.reference}</FITID>"
    if printed.name:
        yield f"<NAME>{escape(printed.name, quote=False)}</NAME>"
    if printed.iban:
        yield f"<BANKACCTTO><BANKID>{printed.iban[4:12]}</BANKID>"
        yield f"<ACCTID>{printed.iban}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTTO>"
    yield f"<MEMO>{escape(f'{printed.text} {purpose(booking)}'.strip(), quote=False)}</MEMO>"
    yield "</STMTTRN>"


def _unclosed(line: str) -> str:
    """The line as SGML has it: what has a value is not closed."""
    parts = line.split("</")
    joined = [parts[0]]
    for part in parts[1:]:
        name, _, after = part.partition(">")
        opened = f"<{name}>" in joined[-1] and not joined[-1].endswith(">")
        joined[-1] += after if opened else f"</{part}"
    return "".join(joined)
