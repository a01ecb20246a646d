"""What was found out about a case: statements, figures, months and answers."""

from typing import Literal, TypedDict

from bff.views.values import Amount, BilingualText
from core.analysis import AnswerState as AnswerState
from core.analysis import Unit
from core.questions import Verdict

Reconciles = Literal["reconciles", "differs", "no_balance"]


class Statement(TypedDict):
    """One statement and whether its balances agree with its bookings."""

    id: str
    document_id: str
    filename: str
    account: str
    bank: str | None
    holder: str | None
    starts_on: str | None
    ends_on: str | None
    opening: Amount | None
    closing: Amount | None
    bookings: int
    state: Reconciles
    difference: Amount | None


class Gap(TypedDict):
    """Days that no statement of an account covers, both ends included."""

    account: str
    starts_on: str
    ends_on: str


class Value(TypedDict):
    """A number with its unit; `currency` only where the unit is money."""

    unit: Unit
    value: str
    currency: str | None


class Window(TypedDict):
    """The whole months that everything is computed for."""

    starts_on: str
    ends_on: str


class Basis(TypedDict):
    """What a figure rests on: so many bookings that add up to so much, or whole statements."""

    figure: str
    bookings: int
    sum: Amount
    statements: list[str]
    statement_count: int


class Figure(TypedDict):
    """A computed figure and the version of the formula that computed it.

    It is provisional where it has a value that `reservations` may change.
    """

    name: str
    version: int
    title: BilingualText
    value: Value | None
    basis: Basis
    provisional: bool
    reservations: list[BilingualText]


class Month(TypedDict):
    """Money in, money out and the balance at the end of one month, over all accounts."""

    month: str
    inflow: Amount
    outflow: Amount
    balance: Amount | None


class Answer(TypedDict):
    """The answer to one question; `missing` names the documents that would settle it.

    It is provisional where it has a value that `reservations` may change.
    """

    question: str
    wording: BilingualText
    state: AnswerState
    verdict: Verdict
    value: Value | None
    because: BilingualText
    missing: list[BilingualText]
    basis: Basis | None
    provisional: bool
    reservations: list[BilingualText]
