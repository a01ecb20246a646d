"""Statements that are being read: their bookings as they come, then each told once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from core.ids import new_id
from core.statements.known import is_unnamed
from core.statements.model import Statement, StoredTransaction, Transaction
from core.statements.retold import retold, same_account

MOST_TABLES = 30  # to which one without an account is held


@dataclass(slots=True)
class OpenStatement:
    """A statement that is being read: its transactions are added as they come."""

    id: UUID
    document_id: UUID
    head: Statement
    transactions: list[StoredTransaction]

    def add(self, transaction: Transaction) -> None:
        """Have it hold one more."""
        account = self.head.account.number
        self.transactions.append(
            StoredTransaction(new_id(), self.document_id, self.id, account, transaction)
        )

    def rename(self, account: str) -> None:
        """Have it be of the account of this number."""
        head = self.head
        self.head = head._replace(account=head.account._replace(number=account))
        self.transactions = [each._replace(account=account) for each in self.transactions]

    def part(self, head: Statement, places: Iterable[int]) -> "OpenStatement":
        """A statement of its own with some of the transactions."""
        id_ = new_id()
        rows = [self.transactions[at]._replace(statement_id=id_) for at in places]
        return OpenStatement(id_, self.document_id, head, rows)


def grouped(items: Iterator[Statement | Transaction], document_id: UUID) -> Iterator[OpenStatement]:
    """The statements of a document, each once all of its transactions have come."""
    statement: OpenStatement | None = None
    for item in items:
        if isinstance(item, Statement):
            if statement is not None:
                yield statement
            statement = OpenStatement(new_id(), document_id, _unshared(item, document_id), [])
        elif statement is not None:
            statement.add(item)
    if statement is not None:
        yield statement


def with_one_name(opened: Iterable[OpenStatement]) -> Iterator[OpenStatement]:
    """The statements; one without an account that tells what another does is of that account."""
    known: list[OpenStatement] = []
    for each in opened:
        if is_unnamed(each.head.account.number):
            own = [stored.transaction for stored in each.transactions]
            for other in known[-MOST_TABLES:]:
                if other.head.account.currency == each.head.account.currency and same_account(
                    [stored.transaction for stored in other.transactions], own
                ):
                    each.rename(other.head.account.number)
                    break
        known.append(each)
        yield each


def told_once(opened: OpenStatement) -> Iterator[OpenStatement]:
    """The statement with what it tells once; what it tells again is another one of the same days.

    So it counts once, as what another document repeats does.
    """
    told = retold(opened.head, [each.transaction for each in opened.transactions])
    if told is None:
        yield opened
        return
    yield opened.part(opened.head, told.once)
    bare = opened.head._replace(
        starts_on=None, ends_on=None, opening=None, closing=None, available=None, controls=None
    )
    for each in told.again:
        yield opened.part(bare, each)


def _unshared(head: Statement, document_id: UUID) -> Statement:
    """The head; an account that is not named is one for each document, never one for all."""
    if not is_unnamed(head.account.number):
        return head
    number = f"{head.account.number} {document_id.hex[-8:]}"  # of an id its random part
    return head._replace(account=head.account._replace(number=number))
