"""CAMT messages for the tests, and what is read of them."""

from io import BytesIO

from core.formats.camt.reader import read
from core.statements.model import Statement, Transaction

BALANCES = (("OPBD", "100.00", "2025-01-01"), ("CLBD", "150.00", "2025-01-31"))


def entry(
    amount: str = "50.00",
    *,
    side: str = "CRDT",
    currency: str = ' Ccy="EUR"',
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    booked: str = "<BookgDt><Dt>2025-01-15</Dt></BookgDt>",
    more: str = "",
    details: str = "",
) -> str:
    """One `Ntry`, unprefixed."""
    return (
        f"<Ntry><Amt{currency}>{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}{booked}"
        f"{more}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def balance(kind: str, amount: str, on: str, side: str = "CRDT", currency: str = "EUR") -> str:
    """One `Bal`."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount}</Amt>"
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def statement(*entries: str, head: str | None = None, container: str = "Stmt") -> str:
    """One statement with these entries."""
    if head is None:
        head = (
            "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy>"
            "<Ownr><Nm>Muster GmbH</Nm></Ownr></Acct>"
            + "".join(balance(*each) for each in BALANCES)
        )
    return f"<{container}><Id>1</Id>{head}{''.join(entries)}</{container}>"


def message(*statements: str, kind: str = "BkToCstmrStmt", version: str = "053.001.08") -> bytes:
    """A whole file in UTF-8 with the default namespace."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
        f'camt.{version}"><{kind}><GrpHdr><MsgId>x</MsgId></GrpHdr>{"".join(statements)}</{kind}>'
        "</Document>"
    ).encode()


def read_all(file: bytes) -> tuple[list[Statement], list[Transaction]]:
    """Everything that a file says, statements apart from bookings."""
    statements: list[Statement] = []
    transactions: list[Transaction] = []
    for each in read(BytesIO(file)):
        if isinstance(each, Statement):
            statements.append(each)
        else:
            transactions.append(each)
    return statements, transactions


def read_one(*entries: str) -> Transaction:
    """The only booking of a statement made of it."""
    _, (transaction,) = read_all(message(statement(*entries)))
    return transaction
