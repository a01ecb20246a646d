"""How version 2 says evidence: what a figure or an answer rests on."""

from uuid import UUID

from typing_extensions import TypedDict

from core.analysis import StoredFigure
from core.reports import SHOWN, Report
from core.statements import StoredStatement, StoredTransaction
from public_api.v2.paths import STATEMENTS, TRANSACTIONS, href
from public_api.v2.statements import Statement, write_statement
from public_api.v2.transactions import Transaction, write_transaction
from public_api.v2.wire import Count, Money, money_of


class StatementEvidence(TypedDict):
    """The statements that a number rests on: how many, the first 20, and all of them."""

    count: Count
    items: list[Statement]
    href: str


class EvidenceOf(TypedDict):
    """What a number rests on: how many transactions, their sum, the first 20, and all of them.

    `statements` are those that it rests on as a whole, as figures about balances do.
    """

    count: Count
    sum: Money
    items: list[Transaction]
    href: str
    statements: StatementEvidence


class EvidenceWriter:
    """Writes what the numbers of a report rest on; what several rest on is written once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._transactions: dict[UUID, Transaction] = {}
        self._statements: dict[UUID, Statement] = {}
        self._list = href(TRANSACTIONS, id=report.application.id)
        self._statement_list = href(STATEMENTS, id=report.application.id)

    def write(self, computed: StoredFigure, name: str) -> EvidenceOf:
        """What a number of that name rests on; the items are how all of them, listed, begin."""
        figure = computed.figure
        beginning = self._report.shown.get(figure.id, ())
        statements = self._report.statements_of(figure)
        return {
            "count": len(figure.evidence),
            "sum": money_of(computed.evidence_sum, figure.currency),
            "items": [self._transaction(each) for each in beginning],
            "href": f"{self._list}?evidence_of={name}",
            "statements": {
                "count": len(statements),
                "items": [self._statement(each) for each in statements[:SHOWN]],
                "href": f"{self._statement_list}?evidence_of={name}",
            },
        }

    def _transaction(self, stored: StoredTransaction) -> Transaction:
        if stored.id not in self._transactions:
            self._transactions[stored.id] = write_transaction(stored)
        return self._transactions[stored.id]

    def _statement(self, stored: StoredStatement) -> Statement:
        if stored.id not in self._statements:
            self._statements[stored.id] = write_statement(stored)
        return self._statements[stored.id]
