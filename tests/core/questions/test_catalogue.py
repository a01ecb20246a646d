"""What an underwriter reads: answers, verdicts, reasons, and what is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core.analysis.books import Books
from core.analysis.figures import FORMULAS, compute
from core.analysis.model import (
    AnswerState,
    Basis,
    Booking,
    Category,
    FigureInputs,
    MissingKind,
    NoValueReason,
    Period,
)
from core.bilingual import Bilingual
from core.questions.catalogue import QUESTIONS, answer_questions
from core.questions.model import Answer, Scale, Verdict
from core.questions.unanswered import DOCUMENTS, REASONS

pytestmark = pytest.mark.unit

C = Category
YEAR = Period(UUID(int=1), "DE02", date(2024, 1, 1), date(2024, 12, 31), 500_00, 0, 0)


def book(
    amount: int, category: Category, day: int = 10, counterparty: str | None = None
) -> Booking:
    ids = UUID(int=abs(amount) * 100 + day)
    return Booking(ids, "DE02", date(2024, 3, day), amount, category, counterparty=counterparty)


def ask(
    question: str,
    *bookings: Booking,
    periods: Sequence[Period] = (YEAR,),
    lenders: tuple[str, ...] | None = ("Uferbank",),
) -> Answer:
    inputs = FigureInputs("EUR", tuple(periods), bookings, lenders)
    return {each.question: each for each in answer_questions(compute(Books(inputs)))}[question]


def test_every_figure_has_its_question_in_both_languages() -> None:
    assert [each.figure for each in QUESTIONS] == [each.id for each in FORMULAS]
    assert all(each.wording.en.endswith("?") for each in QUESTIONS)
    assert all(each.wording.de.endswith("?") for each in QUESTIONS)


def test_every_reason_and_every_paper_has_words() -> None:
    assert set(REASONS) == set(NoValueReason)
    assert set(DOCUMENTS) == set(MissingKind)


SENTENCES = [
    (
        "monthly_revenue",
        [book(14_814_72, C.REVENUE)],
        "Customers paid €1,234.56 a month on average, from January 2024 to December 2024.",
        "Von Januar 2024 bis Dezember 2024 zahlten Kunden im Mittel 1.234,56 € im Monat.",
    ),
    (
        "average_balance",
        [],
        "All accounts together ended the day at €500.00 on average.",
        "Alle Konten zusammen standen am Tagesende im Mittel bei 500,00 €.",
    ),
    (
        "lowest_balance",
        [book(-600_00, C.SUPPLIER)],
        "All accounts together stood lowest on 10 March 2024, at -€100.00.",
        "Alle Konten zusammen standen am 10.03.2024 am tiefsten, bei -100,00 €.",
    ),
    (
        "days_in_red",
        [book(-600_00, C.SUPPLIER), book(600_00, C.REVENUE, 12)],
        "All accounts together ended 2 of 366 days below zero.",
        "Alle Konten zusammen lagen an 2 von 366 Tagen unter null.",
    ),
    (
        "own_payments_bounced",
        [book(70_00, C.OWN_DEBIT_RETURNED)],
        "1 own payment came back unpaid, €70.00 in all.",
        "1 eigene Zahlung kam unbezahlt zurück, insgesamt 70,00 €.",
    ),
    (
        "customer_debits_bounced",
        [book(-70_00, C.CUSTOMER_DEBIT_RETURNED), book(-1, C.CUSTOMER_DEBIT_RETURNED)],
        "2 debits on customers came back, €70.01 in all.",
        "2 Lastschriften von Kunden kamen zurück, insgesamt 70,01 €.",
    ),
    (
        "customer_debits_bounced_ratio",
        [book(-1_00, C.CUSTOMER_DEBIT_RETURNED), book(30_00, C.COLLECTION)],
        "€1.00 of €30.00 collected came back, 3.33%.",
        "Von 30,00 € Einzügen kamen 1,00 € zurück, 3,33 %.",
    ),
    (
        "debt_service",
        [book(-12_00, C.LOAN_SERVICE), book(120_00, C.REVENUE)],
        "Interest and redemption take €1.00 a month, 10.00% of revenue.",
        "Zins und Tilgung kosten 1,00 € im Monat, 10,00 % vom Umsatz.",
    ),
    (
        "completeness",
        [],
        "Every account is covered without a gap for 12 whole months, from January 2024 to "
        "December 2024.",
        "Jedes Konto ist für 12 ganze Monate lückenlos belegt, von Januar 2024 bis Dezember 2024.",
    ),
    (
        "reconciliation",
        [],
        "Every statement reconciles, alone and with the next (1 checked).",
        "Jeder Kontoauszug geht auf, für sich und zum nächsten (1 geprüft).",
    ),
    (
        "seizures",
        [book(-9_00, C.SEIZURE)],
        "1 booking names a seizure, €9.00 in all.",
        "1 Buchung nennt eine Pfändung, insgesamt 9,00 €.",
    ),
    (
        "gambling",
        [book(-9_00, C.GAMBLING), book(2_00, C.GAMBLING)],
        "2 bookings are gambling, €11.00 in all.",
        "2 Buchungen sind Glücksspiel, insgesamt 11,00 €.",
    ),
    (
        "undeclared_lenders",
        [book(-9_00, C.LOAN_SERVICE, counterparty="Strandbank AG")],
        "1 lender was not declared: Strandbank AG.",
        "1 Kreditgeber wurde nicht angegeben: Strandbank AG.",
    ),
]


@pytest.mark.parametrize(("question", "bookings", "english", "german"), SENTENCES)
def test_sentences_carry_the_numbers(
    question: str, bookings: list[Booking], english: str, german: str
) -> None:
    assert ask(question, *bookings).because == Bilingual(english, german)


def test_growth_is_said_by_its_method() -> None:
    year = [
        Booking(UUID(int=month), "DE02", date(2024, month, 5), 1_00, C.REVENUE)
        for month in range(1, 13)
    ]
    assert ask("growth", *year).because.en == ("The trend of 12 months of revenue is 0.00% a year.")
    two = replace(YEAR, starts_on=date(2023, 1, 1))
    before = [year[0]._replace(booked_on=date(2023, 12, 5), amount=2_40)]
    because = ask("growth", *before, *year, periods=[two]).because.en
    assert because == (
        "Revenue of the last three months was €3.00, of the same three a year before €2.40: 25.00%."
    )


@pytest.mark.parametrize(
    ("question", "bookings", "verdict"),
    [
        ("monthly_revenue", [book(1, C.REVENUE)], Verdict.NONE),
        ("average_balance", [], Verdict.GOOD),
        ("lowest_balance", [book(-500_01, C.SUPPLIER)], Verdict.WATCH),
        ("lowest_balance", [book(-50_500_00, C.SUPPLIER)], Verdict.BAD),
        ("own_payments_bounced", [], Verdict.GOOD),
        ("own_payments_bounced", [book(1, C.OWN_DEBIT_RETURNED)], Verdict.WATCH),
        ("customer_debits_bounced_ratio", [book(1, C.COLLECTION)], Verdict.GOOD),
        ("debt_service", [], Verdict.GOOD),
        ("debt_service", [book(-1_00, C.LOAN_SERVICE)], Verdict.BAD),
        ("debt_service", [book(-12_00, C.LOAN_SERVICE), book(120_00, C.REVENUE)], Verdict.GOOD),
        ("debt_service", [book(-24_00, C.LOAN_SERVICE), book(120_00, C.REVENUE)], Verdict.WATCH),
        ("debt_service", [book(-30_00, C.LOAN_SERVICE), book(120_00, C.REVENUE)], Verdict.BAD),
        ("completeness", [], Verdict.GOOD),
        ("reconciliation", [], Verdict.GOOD),
        ("seizures", [], Verdict.GOOD),
        ("seizures", [book(-1, C.SEIZURE)], Verdict.BAD),
        ("gambling", [book(-1, C.GAMBLING)], Verdict.WATCH),
        (
            "undeclared_lenders",
            [book(-1, C.LOAN_SERVICE, counterparty="Strandbank")],
            Verdict.WATCH,
        ),
        (
            "undeclared_lenders",
            [book(-1, C.LOAN_SERVICE, counterparty="Uferbank AG")],
            Verdict.GOOD,
        ),
    ],
)
def test_answers_are_judged(question: str, bookings: list[Booking], verdict: Verdict) -> None:
    assert ask(question, *bookings).verdict is verdict


@pytest.mark.parametrize(
    ("good", "bad", "judged"),
    [
        (0, 10, {-1: Verdict.GOOD, 0: Verdict.GOOD, 1: Verdict.WATCH, 10: Verdict.BAD}),
        (0, -10, {1: Verdict.GOOD, 0: Verdict.GOOD, -1: Verdict.WATCH, -10: Verdict.BAD}),
    ],
)
def test_scales_know_which_way_is_better(good: int, bad: int, judged: dict[int, Verdict]) -> None:
    scale = Scale(good, bad)
    assert {value: scale.judge(value) for value in judged} == judged


def test_a_bet_more_turns_what_is_to_watch_bad() -> None:
    bets = [book(-each, C.GAMBLING) for each in range(1, 6)]
    assert ask("gambling", *bets[:4]).verdict is Verdict.WATCH
    assert ask("gambling", *bets).verdict is Verdict.BAD


def test_answers_rest_on_the_evidence_of_their_figure() -> None:
    seized = book(-1, C.SEIZURE)
    assert ask("seizures", seized).evidence == (seized.id,)
    assert ask("average_balance").statements == (YEAR.statement,)


def test_without_statements_every_question_asks_for_a_year_of_them() -> None:
    for question in QUESTIONS:
        found = ask(question.id, periods=[])
        assert found.state is AnswerState.NOT_ANSWERABLE
        assert found.value is None
        assert found.verdict is Verdict.NONE
        [paper] = found.missing
        assert paper.text == Bilingual(
            "bank statements of the last 12 months", "Kontoauszüge der letzten 12 Monate"
        )


def test_incomplete_statements_say_which_are_missing() -> None:
    half = replace(YEAR, starts_on=date(2024, 7, 1))
    found = ask("completeness", periods=[half])
    assert found.because.en == (
        "6 whole months of at least 12 are covered, with 0 gaps; 0 accounts lack statements."
    )
    [paper] = found.missing
    assert paper.text == Bilingual(
        "bank statements of account DE02 from 1 January 2024 to 30 June 2024",
        "Kontoauszüge zum Konto DE02 vom 01.01.2024 bis 30.06.2024",
    )
    assert (paper.kind, paper.account) == (MissingKind.STATEMENTS, "DE02")


def test_what_was_not_declared_is_asked_for() -> None:
    found = ask("undeclared_lenders", lenders=None)
    assert found.because.de == "Der Antrag sagt nicht, welche Kreditgeber es gibt."
    assert [each.text.de for each in found.missing] == ["eine Liste aller Kredite und Kreditgeber"]


WRONG = replace(YEAR, difference=7_00)


@pytest.mark.parametrize("question", ["average_balance", "lowest_balance", "days_in_red"])
def test_balances_of_statements_that_do_not_reconcile_are_not_answered(question: str) -> None:
    found = ask(question, periods=[WRONG])
    assert found.state is AnswerState.NOT_ANSWERABLE
    assert found.value is None
    assert found.verdict is Verdict.NONE
    assert found.evidence == ()
    [paper] = found.missing
    assert paper.kind is MissingKind.STATEMENT_AGAIN
    assert paper.text.en == (
        "the bank statement of account DE02 from 1 January 2024 to 31 December 2024 once more, "
        "since it does not reconcile"
    )


def test_a_break_between_statements_asks_for_the_later_one_again() -> None:
    half = replace(YEAR, ends_on=date(2024, 6, 30), closing=500_00)
    rest = replace(YEAR, starts_on=date(2024, 7, 1), opening=507_00)
    [paper] = ask("lowest_balance", periods=[half, rest]).missing
    assert (paper.starts_on, paper.ends_on) == (date(2024, 7, 1), date(2024, 12, 31))


@pytest.mark.parametrize("question", [q.id for q in QUESTIONS if q.basis is Basis.FLOWS])
def test_flows_of_statements_that_do_not_reconcile_are_at_best_to_watch(question: str) -> None:
    income = [book(1_00 + day, C.COLLECTION, day) for day in range(1, 3)]
    found = ask(question, *income, periods=[replace(WRONG, starts_on=date(2023, 1, 1))])
    if found.state is AnswerState.ANSWERED:
        assert found.verdict is Verdict.WATCH
        assert found.because.en.endswith("do not reconcile, so this is not certain.")
        assert found.because.de.endswith("gehen nicht auf, daher ist das nicht gesichert.")
    assert (found.state is AnswerState.ANSWERED) is (question != "growth")


def test_what_is_bad_stays_bad_where_statements_do_not_reconcile() -> None:
    assert ask("seizures", book(-1, C.SEIZURE), periods=[WRONG]).verdict is Verdict.BAD


def test_the_difference_itself_is_answered() -> None:
    found = ask("reconciliation", periods=[WRONG])
    assert found.verdict is Verdict.BAD
    assert found.because.de == (
        "Buchungen und Salden weichen um insgesamt 7,00 € ab; 0 von 1 Kontoauszügen gehen auf."
    )
    assert ask("completeness", periods=[WRONG]).verdict is Verdict.GOOD


def test_statements_without_balances_are_no_proof_that_all_reconcile() -> None:
    bare = replace(YEAR, statement=UUID(int=2), account="DE03", opening=None, difference=None)
    found = ask("reconciliation", periods=[YEAR, bare])
    assert found.verdict is Verdict.WATCH
    assert found.because.en == (
        "Every statement that names balances reconciles (1 checked); 1 names none."
    )
