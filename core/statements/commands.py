"""What can be done with a statement file: understand it, and keep what it says."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.bilingual import Bilingual
from core.db import Tx
from core.documents import Finding, Recognised
from core.errors import Unreadable
from core.ids import new_id
from core.money import UNKNOWN_CURRENCY
from core.statements import store
from core.statements.balance import choose_sign
from core.statements.currency import BALANCE, balance_in, minor_in, rows_in
from core.statements.model import (
    UNNAMED,
    Item,
    Statement,
    StoredStatement,
    StoredTransaction,
    Transaction,
)

MOST_ALIKE = 20  # findings of one code that are told one by one


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
        """Whether some of it names no currency, so that it must be `taken_in` one."""
        return any(each.statement.account.currency == UNKNOWN_CURRENCY for each in self.statements)


def assemble(items: Iterable[Item], document_id: UUID) -> ParsedDocument:
    """What a parser has read of a whole file; raises Unreadable with a reason for its sender."""
    kept: list[StoredStatement] = []
    rows: list[StoredTransaction] = []
    aside: list[Finding | Recognised] = []
    for begun in _grouped(_apart(items, aside), document_id):
        statement, recorded = _settled(begun)
        kept.append(statement)
        rows.extend(recorded)
    findings = tuple(_shortened([each for each in aside if isinstance(each, Finding)]))
    recognised = next((each for each in aside if isinstance(each, Recognised)), None)
    if not kept and recognised is None:
        raise Unreadable(
            Bilingual(
                "The file is well-formed but holds no statement.",
                "Die Datei ist formal in Ordnung, enthält aber keinen Kontoauszug.",
            ),
            code="no_statement",
        )
    return ParsedDocument(kept, rows, findings, None if kept else recognised)


def with_currency(said: ParsedDocument, currency: str) -> ParsedDocument:
    """The same, what names no currency in this one; raises Unreadable where it is finer."""
    if not said.currency_open:
        return said
    rows = rows_in(currency, [each.transaction for each in said.transactions])
    both = zip(said.transactions, rows, strict=True)
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
        [_taken_in(each, currency) for each in said.statements],
        [row._replace(transaction=each) for row, each in both],
        (*said.findings, finding),
    )


async def replace_of_document(
    tx: Tx,
    application_id: UUID,
    document_id: UUID,
    kept: Sequence[StoredStatement],
    rows: Sequence[StoredTransaction],
) -> None:
    """Write what a document says, in place of what was read from it before."""
    await store.delete_of_document(tx, document_id)
    await store.insert(tx, application_id, kept, rows)


def _apart(
    items: Iterable[Item], aside: list[Finding | Recognised]
) -> Iterator[Statement | Transaction]:
    """The statements and bookings; all else is put aside."""
    for item in items:
        if isinstance(item, Finding | Recognised):
            aside.append(item)
        else:
            yield item


def _shortened(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings in order; of many alike the first ones, the last of which counts the others."""
    totals = Counter(each.code for each in findings)
    told: Counter[str] = Counter()
    for each in findings:
        told[each.code] += 1
        more = totals[each.code] - MOST_ALIKE
        if told[each.code] < MOST_ALIKE or (told[each.code] == MOST_ALIKE and more == 0):
            yield each
        elif told[each.code] == MOST_ALIKE:
            said = each.detail
            counted = Bilingual(
                f"{said.en} There are {more} more like this.",
                f"{said.de} Es gibt {more} weitere dieser Art.",
            )
            yield Finding(each.code, counted)


def _taken_in(kept: StoredStatement, currency: str) -> StoredStatement:
    head = kept.statement
    if head.account.currency != UNKNOWN_CURRENCY:
        return kept
    off = kept.difference
    return kept._replace(
        statement=head._replace(
            account=head.account._replace(currency=currency),
            opening=balance_in(currency, head.opening),
            closing=balance_in(currency, head.closing),
        ),
        difference=None if off is None else minor_in(currency, off, BALANCE),
    )


@dataclass(slots=True)
class _Begun:
    """A statement that is being read: its bookings are put on record as they come."""

    id: UUID
    document_id: UUID
    head: Statement
    rows: list[StoredTransaction]

    def take(self, said: Transaction) -> None:
        account = self.head.account.number
        self.rows.append(StoredTransaction(new_id(), self.document_id, self.id, account, said))


def _grouped(items: Iterator[Statement | Transaction], document_id: UUID) -> Iterator[_Begun]:
    begun: _Begun | None = None
    for item in items:
        if isinstance(item, Statement):
            if begun is not None:
                yield begun
            begun = _Begun(new_id(), document_id, _apart_from_others(item, document_id), [])
        elif begun is not None:
            begun.take(item)
    if begun is not None:
        yield begun


def _settled(begun: _Begun) -> tuple[StoredStatement, list[StoredTransaction]]:
    """The statement with its period, its reversals' signs and its balance settled."""
    head, rows = begun.head, begun.rows
    said, found = choose_sign(head.opening, head.closing, [row.transaction for row in rows])
    if found.flipped:
        rows = [row._replace(transaction=each) for row, each in zip(rows, said, strict=True)]
    starts_on, ends_on = _period(head, [each.booked_on for each in said])
    statement = StoredStatement(
        id=begun.id,
        document_id=begun.document_id,
        statement=head,
        starts_on=starts_on,
        ends_on=ends_on,
        difference=None if found.state == "no_balance" else found.difference,
        flipped=found.flipped,
        transactions=len(rows),
    )
    return statement, rows


def _apart_from_others(head: Statement, document_id: UUID) -> Statement:
    """The head; an account that is not named is one for each document, never one for all."""
    if head.account.number.partition(" ")[0] != UNNAMED:
        return head
    number = f"{head.account.number} {document_id.hex[-8:]}"  # of an id its random part
    return head._replace(account=head.account._replace(number=number))


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
