"""What can be done with what a parser reads of a file: assemble it, and store it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core import bilingual
from core.bilingual import Bilingual
from core.db import Tx
from core.documents import Finding, Recognised
from core.errors import Unreadable
from core.money import UNKNOWN_CURRENCY
from core.statements import store
from core.statements.balance import choose_sign
from core.statements.controls import control_findings
from core.statements.currency import BALANCE, balance_in, minor_in, rows_in
from core.statements.model import (
    Item,
    Statement,
    StoredStatement,
    StoredTransaction,
    Transaction,
    UnreadRow,
)
from core.statements.opened import OpenStatement, grouped, told_once, with_one_name
from core.statements.overlap import counting_statements, repeated_within
from core.statements.unread import row_not_read, with_unread_rows

MOST_ALIKE = 20  # findings of one code that are listed one by one


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What one file says, in the file's order: statements, transactions, and what was odd.

    A file without statements is `recognised` for what it is.
    """

    statements: list[StoredStatement]
    transactions: list[StoredTransaction]
    findings: tuple[Finding, ...] = ()
    recognised: Recognised | None = None

    @property
    def currency_open(self) -> bool:
        """Whether some of it names no currency, so that one must be assumed."""
        return any(each.statement.account.currency == UNKNOWN_CURRENCY for each in self.statements)


def assemble(items: Iterable[Item], document_id: UUID) -> ParsedDocument:
    """What a parser has read of a whole file; raises Unreadable with a reason for its sender."""
    statements: list[StoredStatement] = []
    transactions: list[StoredTransaction] = []
    others: list[Finding | Recognised] = []
    unread: list[UnreadRow] = []
    read = grouped(_set_apart(items, others, unread), document_id)
    for opened in with_one_name(read):
        if opened.head.controls:
            others += control_findings(opened.head, [e.transaction for e in opened.transactions])
        for part in told_once(opened):
            statement, its_transactions = _completed(part)
            statements.append(statement)
            transactions.extend(its_transactions)
    others += _retold_findings(statements, transactions)
    statements = with_unread_rows(statements, unread)
    findings = tuple(_shortened([each for each in others if isinstance(each, Finding)]))
    recognised = next((each for each in others if isinstance(each, Recognised)), None)
    if not statements and recognised is None:
        raise Unreadable(
            Bilingual(
                "The file is well-formed but holds no statement.",
                "Die Datei ist formal in Ordnung, enthält aber keinen Kontoauszug.",
            ),
            code="no_statement",
        )
    return ParsedDocument(statements, transactions, findings, None if statements else recognised)


def with_currency(parsed: ParsedDocument, currency: str) -> ParsedDocument:
    """The same, what names no currency in this one; raises Unreadable where it is finer."""
    if not parsed.currency_open:
        return parsed
    transactions = rows_in(currency, [each.transaction for each in parsed.transactions])
    pairs = zip(parsed.transactions, transactions, strict=True)
    finding = Finding(
        "currency_assumed",
        Bilingual(
            "The file does not name the currency of its amounts. They were taken to be in"
            f" {currency}, as the application is.",
            "Die Datei nennt keine Währung für ihre Beträge. Angenommen wurde"
            f" {currency} wie im Antrag.",
        ),
    )
    return ParsedDocument(
        statements=[_in_currency(each, currency) for each in parsed.statements],
        transactions=[stored._replace(transaction=each) for stored, each in pairs],
        findings=(*parsed.findings, finding),
    )


async def replace_of_document(
    tx: Tx,
    application_id: UUID,
    document_id: UUID,
    statements: Sequence[StoredStatement],
    transactions: Sequence[StoredTransaction],
) -> None:
    """Write what a document says, in place of what was read from it before."""
    await store.delete_of_document(tx, document_id)
    await store.insert(tx, application_id, statements, transactions)


def _set_apart(
    items: Iterable[Item], others: list[Finding | Recognised], unread: list[UnreadRow]
) -> Iterator[Statement | Transaction]:
    """The statements and transactions; all else is added to the others."""
    for item in items:
        if isinstance(item, Statement | Transaction):
            yield item
        elif isinstance(item, UnreadRow):
            unread.append(item)
            others.append(row_not_read(item))
        else:
            others.append(item)


def _retold_findings(
    statements: Sequence[StoredStatement], transactions: Sequence[StoredTransaction]
) -> Iterator[Finding]:
    """Of which days of an account the file tells more than once."""
    repeated = repeated_within(counting_statements(statements), transactions)
    days: dict[str, list[date]] = defaultdict(list)
    for each in transactions if repeated else ():
        if each.id in repeated:
            days[each.account].append(each.transaction.booked_on)
    for account, told in days.items():
        first, last = bilingual.day(min(told)), bilingual.day(max(told))
        yield Finding(
            "overlap",
            Bilingual(
                f"Account {account}: the file tells bookings of the days from {first.en} to"
                f" {last.en} more than once. They count once.",
                f"Konto {account}: Die Datei nennt Buchungen der Tage vom {first.de} bis"
                f" {last.de} mehrmals. Sie zählen einmal.",
            ),
        )


def _shortened(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings in order; of many alike the first ones, the last of which counts the others."""
    totals = Counter(each.code for each in findings)
    counts: Counter[str] = Counter()
    for each in findings:
        counts[each.code] += 1
        more = totals[each.code] - MOST_ALIKE
        if counts[each.code] < MOST_ALIKE or (counts[each.code] == MOST_ALIKE and more == 0):
            yield each
        elif counts[each.code] == MOST_ALIKE:
            detail = each.detail
            counted = Bilingual(
                f"{detail.en} There are {more} more like this.",
                f"{detail.de} Es gibt {more} weitere dieser Art.",
            )
            yield Finding(each.code, counted)


def _in_currency(stored: StoredStatement, currency: str) -> StoredStatement:
    head, difference = stored.statement, stored.difference
    if head.account.currency != UNKNOWN_CURRENCY:
        return stored
    return stored._replace(
        statement=head._replace(
            account=head.account._replace(currency=currency),
            opening=balance_in(currency, head.opening),
            closing=balance_in(currency, head.closing),
            available=balance_in(currency, head.available),
            credit_line=None
            if head.credit_line is None
            else minor_in(currency, head.credit_line, BALANCE),
        ),
        difference=None if difference is None else minor_in(currency, difference, BALANCE),
    )


def _completed(opened: "OpenStatement") -> tuple[StoredStatement, list[StoredTransaction]]:
    """The statement with its period, its reversals' signs and its balance settled."""
    head, stored = opened.head, opened.transactions
    transactions, reconciliation = choose_sign(
        head.opening,
        head.closing,
        [each.transaction for each in stored],
        head.account.currency,
    )
    if reconciliation.flipped:
        pairs = zip(stored, transactions, strict=True)
        stored = [row._replace(transaction=each) for row, each in pairs]
    starts_on, ends_on = _period(head, [each.booked_on for each in transactions])
    unknown = reconciliation.state == "no_balance"
    statement = StoredStatement(
        id=opened.id,
        document_id=opened.document_id,
        statement=head,
        starts_on=starts_on,
        ends_on=ends_on,
        difference=None if unknown else reconciliation.difference,
        flipped=reconciliation.flipped,
        transaction_count=len(stored),
    )
    return statement, stored


def _period(head: Statement, booked: list[date]) -> tuple[date, date]:
    """The days a statement covers: as it says, else by its balances, else by its bookings."""
    starts_on = head.starts_on or (head.opening.on if head.opening else None)
    ends_on = head.ends_on or (head.closing.on if head.closing else None)
    days = [day for day in (starts_on, ends_on, *booked) if day is not None]
    if not days:
        number, account = head.number, head.account.number
        raise Unreadable(
            Bilingual(
                f"The statement {number or 'without a number'} of account {account}"
                " names no period, no dated balance and no booking.",
                f"Der Kontoauszug {number or 'ohne Nummer'} des Kontos {account} nennt keinen"
                " Zeitraum, keinen datierten Saldo und keine Buchung.",
            ),
            code="no_period",
        )
    return starts_on or min(days), ends_on or max(days)
