"""Amounts and days are read as the document writes them, one way for all of it, or not at all."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from core.formats import pdf
from core.formats.pdf.notation import Notation, find_notation
from core.formats.pdf.page import Word, line
from core.formats.pdf.printed import amounts
from core.formats.pdf.table import titled
from core.statements import Statement, Transaction
from tests.core.formats.papers import Row, paper

pytestmark = pytest.mark.unit

HEAD = (
    "IBAN GB29 NWBK 6016 1331 9268 19",
    "Account holder: Sample Tools Ltd",
    "Statement number 7, 1 December 2025 to 31 December 2025",
)
POUNDS: Sequence[Row] = (
    ("Date", "Details", "Amount (£)"),
    ("", "Opening balance", "1,000.00 CR"),
    ("2 Dec 2025", "Payment", "200.00 CR"),
    ("23 Dec 2025", "Rent", "1,250.00 DR"),
    ("", "Closing balance", "50.00 DR"),
)


def replaced(rows: Sequence[Row], *pairs: tuple[str, str]) -> list[Row]:
    found = []
    for row in rows:
        words = list(row)
        for old, new in pairs:
            words = [each.replace(old, new) for each in words]
        found.append((words[0], words[1], words[2]))
    return found


def read(rows: Sequence[Row], head: Sequence[str] = HEAD) -> tuple[Statement, list[Transaction]]:
    items = list(pdf.read(BytesIO(paper(rows, head=head))))
    (statement,) = [each for each in items if isinstance(each, Statement)]
    return statement, [each for each in items if isinstance(each, Transaction)]


def held(rows: Sequence[Row], head: Sequence[str] = HEAD) -> str:
    """The currency, once days, amounts and balances were found to be those of POUNDS."""
    statement, bookings = read(rows, head)
    assert [(each.booked_on, each.amount) for each in bookings] == [
        (date(2025, 12, 2), 200_00),
        (date(2025, 12, 23), -1_250_00),
    ]
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount, statement.closing.amount) == (1_000_00, -50_00)
    assert (statement.starts_on, statement.ends_on) == (date(2025, 12, 1), date(2025, 12, 31))
    assert {each.currency for each in bookings} == {statement.account.currency}
    return statement.account.currency


def test_a_british_statement_is_read_with_its_marks_months_and_currency() -> None:
    assert held(POUNDS) == "GBP"
    statement, (_, rent) = read(POUNDS)
    assert statement.account.number == "GB29NWBK60161331926819"
    assert (statement.account.holder, statement.number) == ("Sample Tools Ltd", "7")
    assert rent.remittance == "Rent"


@pytest.mark.parametrize(
    "pairs",
    [
        (("1,250.00 DR", "(1,250.00)"), ("50.00 DR", "(50.00)"), (" CR", "")),
        (("1,250.00 DR", "-£1,250.00"), ("50.00 DR", "£-50.00"), (" CR", "")),
        ((" DR", "DR"), (" CR", "CR")),
        (("Opening balance", "Balance brought forward"),),
        (("Closing balance", "Balance carried forward"),),
        (("2 Dec 2025", "2 December 2025"), ("23 Dec 2025", "23 December 2025")),
        (("2 Dec 2025", "02/12/2025"), ("23 Dec 2025", "23/12/2025")),
        (("2 Dec 2025", "02 Dec"), ("23 Dec 2025", "23 Dec")),
    ],
)
def test_british_banks_write_in_many_ways(pairs: Sequence[tuple[str, str]]) -> None:
    assert held(replaced(POUNDS, *pairs)) == "GBP"


def test_an_american_statement_has_the_month_first_where_its_days_prove_it() -> None:
    pairs = [("2 Dec 2025", "12/02/2025"), ("23 Dec 2025", "12/23/2025"), ("(£)", "($)")]
    rows = replaced(POUNDS, ("23 Dec 2025", "12/23/2025"), *pairs)
    assert held(rows) == "USD"


def test_a_swiss_statement_has_its_apostrophes() -> None:
    pairs = [("1,", "1'"), ("(£)", "CHF"), (" CR", ""), ("1'250.00 DR", "-1'250.00")]
    rows = replaced(POUNDS, *pairs, ("50.00 DR", "-50.00"))
    assert held(rows) == "CHF"
    assert held(replaced(rows, ("1'", "1’"))) == "CHF"


def test_columns_are_told_by_their_english_titles() -> None:
    rows = (
        "Paid out|Paid in",
        "Money out|Money in",
        "Debit|Credit",
        "Withdrawals|Deposits",
    )
    for each in rows:
        debit, credit = each.split("|")
        titles = [_word("Date", 60), *_words(debit, 300), *_words(credit, 400)]
        assert [role.value for role, _, _ in titled(titles)] == ["debit", "credit"], each


def _words(text: str, left: float) -> list[Word]:
    return [_word(each, left + 30 * at) for at, each in enumerate(text.split())]


def _word(text: str, left: float) -> Word:
    return Word(text, left, 0, left + 25, 10)


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ((("2 Dec 2025", "12/23/2025"), ("23 Dec 2025", "23/12/2025")), "dates_ambiguous"),
        ((("200.00", "200,00"), ("1,000.00", "1.000,00")), "amounts_ambiguous"),
        ((("£", "$"),), "currency_unknown"),
        ((("(£)", ""),), "currency_unknown"),
        ((("(£)", ""), ("Rent", "Rent £ and €")), "currency_unknown"),
    ],
)
def test_what_the_pages_do_not_prove_is_refused_not_guessed(
    pairs: Sequence[tuple[str, str]], code: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(replaced(POUNDS, *pairs))
    assert refusal.value.code == code


SLASHED = replaced(POUNDS, ("2 Dec 2025", "02/12/2025"), ("23 Dec 2025", "05/12/2025"))


def test_days_that_may_begin_with_the_month_are_refused_where_no_period_tells_it() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(SLASHED, head=HEAD[:2])
    assert refusal.value.code == "dates_ambiguous"


def test_a_period_in_words_tells_whether_days_begin_with_the_month() -> None:
    _, bookings = read(SLASHED)
    assert [each.booked_on for each in bookings] == [date(2025, 12, 2), date(2025, 12, 5)]


def test_the_title_of_the_amounts_names_their_currency_whatever_texts_are_about() -> None:
    _, (_, rent) = read(replaced(POUNDS, ("Rent", "Rent in €")))
    assert rent.currency == "GBP"


def test_what_the_head_says_of_the_currency_counts() -> None:
    rows = replaced(POUNDS, ("(£)", "($)"))
    assert held(rows, (*HEAD, "Currency: USD")) == "USD"


def test_a_german_text_with_points_in_it_leaves_its_amounts_as_they_are() -> None:
    texts = ["1.000,00", "200,00", "24.12", "24.12", "12.50", "1.234,56"]
    found = find_notation([[line(1, [_word(text, 9)]) for text in texts]])
    assert found == Notation()


@given(cents=st.integers(0, 10**11), sign=st.sampled_from(["", "-", "DR", "CR", "()"]))
def test_an_amount_written_with_a_point_is_what_it_was(cents: int, sign: str) -> None:
    text = f"{cents // 100:,}.{cents % 100:02d}"
    text = f"({text})" if sign == "()" else f"-{text}" if sign == "-" else text + sign
    restated = Notation(pointed=True).restate(line(1, [_word(text, 9)]))
    (amount,) = amounts(restated.words)
    assert amount.cents == (-cents if sign in ("-", "DR", "()") else cents)
    assert restated.text == text
