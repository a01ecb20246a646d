"""Signs and days of tables: certain by words, proven by balances, or refused; never by position."""

import contextlib
from collections import Counter
from collections.abc import Iterable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Finding, Recognised
from core.errors import Unreadable
from core.formats.csv import read
from core.money import exponent
from core.statements.model import Transaction
from tests.core.formats.tables import KINDS, Made, judged, table
from tests.tables import add_row

pytestmark = pytest.mark.unit

QUICK = 6 * len(KINDS)
SEEDS = st.integers(0, 100_000)


@pytest.mark.thorough
def test_made_tables_are_read_rightly_or_refused() -> None:
    became = Counter[tuple[str, str]]()
    for seed, made, (word, detail) in judged(range(QUICK)):
        assert word != "wrong", f"the table of seed {seed}, {made.kind}: {detail}"
        became[made.kind, word] += made.readable
    for kind in KINDS:
        add_row("Made tables", kind, *(became[kind, word] for word in ("right", "refused")))
    refused = sum(count for (_, word), count in became.items() if word == "refused")
    assert refused <= 0.08 * became.total()


ROWS = [
    ("03.03.2025", "2.500,00", True),
    ("04.03.2025", "310,40", False),
    ("05.03.2025", "18,90", False),
]
RIGHT = [2_500_00, -310_40, -18_90]


def read_all(*lines: str) -> tuple[list[int], list[str]]:
    """The amounts of a table, oldest first, and the codes of what is said of it."""
    items = list(read(BytesIO("\n".join((*lines, "")).encode())))
    return (
        [each.amount for each in items if isinstance(each, Transaction)],
        [each.code for each in items if isinstance(each, Finding)],
    )


@pytest.mark.parametrize(
    ("name", "debit", "credit"),
    [
        ("Debet / Credit", "Debet", "Credit"), ("S/H", "S", "H"), ("D/K", "D", "K"),
        ("MD/D", "MD", "D"), ("B/A", "B", "A"), ("Wn/Ma", "Wn", "Ma"),
        ("Typ", "Ausgabe", "Einnahme"),
        ("+/-", "-", "+"), ("Zorp", "DBIT", "CRDT"), ("Zorp", "S", "H"), ("", "Soll", "Haben"),
    ],
)  # fmt: skip
def test_a_column_of_sides_is_known_by_its_words(name: str, debit: str, credit: str) -> None:
    rows = [f"{day};X;{amount};{credit if came else debit};EUR" for day, amount, came in ROWS]
    assert read_all(f"Datum;Text;Betrag;{name};Währung", *rows)[0] == RIGHT


def test_sides_in_unknown_words_are_told_by_balances_alone() -> None:
    names = "Datum;Text;Betrag;Zorp;Währung"
    more = [*ROWS, ("06.03.2025", "100,00", True)]
    rows = [f"{day};X;{amount};{'rot' if came else 'blau'};EUR" for day, amount, came in more]
    with pytest.raises(Unreadable, match="came in and which went out") as refusal:
        read_all(names, *rows)
    assert refusal.value.code == "signs_unknown"
    left = ("3.500,00", "3.189,60", "3.170,70", "3.270,70")
    beside = [f"{row};{each}" for row, each in zip(rows, left, strict=True)]
    assert read_all(f"{names};Saldo", *beside)[0] == [*RIGHT, 100_00]
    around = ("Alter Kontostand;1.000,00 EUR", "Neuer Kontostand;3.270,70 EUR")
    assert read_all(*around, names, *rows)[0] == [*RIGHT, 100_00]


def test_balances_win_over_the_names_of_sides_and_it_is_said() -> None:
    rows = ["03.03.2025;X;2.500,00;;EUR;3.500,00", "04.03.2025;X;;310,40;EUR;3.189,60",
            "05.03.2025;X;;18,90;EUR;3.170,70"]  # fmt: skip
    amounts, codes = read_all("Datum;Text;Soll;Haben;Währung;Saldo", *rows)
    assert amounts == RIGHT
    assert "titles_contradicted" in codes


def test_a_minus_in_a_column_of_plain_debits_takes_one_back() -> None:
    rows = ["03.03.2025;X;;2.500,00;EUR", "04.03.2025;X;310,40;;EUR", "05.03.2025;X;-310,40;;EUR",
            "06.03.2025;X;;-2.500,00;EUR"]  # fmt: skip
    assert read_all("Datum;Text;Soll;Haben;Währung", *rows)[0] == [
        2_500_00, -310_40, 310_40, -2_500_00,
    ]  # fmt: skip


def test_the_day_of_value_never_stands_in_unsaid() -> None:
    rows = ["03.03.2025;02.03.2025;X;-1,00;EUR", "04.03.2025;05.03.2025;X;-2,00;EUR"]
    with pytest.raises(Unreadable, match="which is the day of booking"):
        read_all("Zorp;Valuta;Text;Betrag;Währung", *rows)
    _, codes = read_all("Belegdatum;Valuta;Text;Betrag;Währung", *rows)
    assert "value_day_used" in codes
    assert "value_day_used" not in read_all("Datum;Valuta;Text;Betrag;Währung", *rows)[1]


def test_a_card_on_which_spending_is_positive_is_turned_where_its_payment_tells() -> None:
    names = "Datum;Beschreibung;Karteninhaber;Betrag;Währung"
    rows = ["03.03.2025;ZAHLUNG ERHALTEN;MAX;-2.500,00;EUR", "04.03.2025;HOTEL;MAX;310,40;EUR",
            "05.03.2025;VOS;MAX;18,90;EUR"]  # fmt: skip
    amounts, codes = read_all(names, *rows)
    assert amounts == RIGHT
    assert "card_signs_turned" in codes
    with pytest.raises(Unreadable, match="came in and which went out"):
        read_all(names, *rows[1:])


def test_a_currency_that_only_foreign_rows_fill_is_not_the_accounts() -> None:
    names = "Datum;Text;Währungsbetrag;Währung;{0}"
    rows = ["03.03.2025;X;;;-2,00", "04.03.2025;X;-3,00;USD;-2,80", "05.03.2025;X;;;1,00"]
    found = list(read(BytesIO("\n".join((names.format("Betrag in EUR"), *rows, "")).encode())))
    assert {each.currency for each in found if isinstance(each, Transaction)} == {"EUR"}


def told(names: list[str], rows: list[list[str]], above: list[list[str]]) -> object:
    """The days and amounts of a table, as what each is a part of; None where it is refused.

    So it is where the table is kept as another paper, which has no bookings and never counts.
    """
    lines = [*above, *([names] if names else []), *rows]
    content = "".join('"' + '";"'.join(line) + '"\n' for line in lines)
    try:
        items = list(read(BytesIO(content.encode())))
    except Unreadable:
        return None
    if any(isinstance(each, Recognised) for each in items):
        return None
    bookings = [each for each in items if isinstance(each, Transaction)]
    return Counter(
        (each.booked_on, each.amount * 10 ** (3 - exponent(each.currency))) for each in bookings
    )


def shuffled(made: Made, order: list[int]) -> tuple[list[str], list[list[str]]]:
    """A table with its columns in another order."""
    return [made.names[at] for at in order] if made.names else [], [
        [row[at] for at in order] for row in made.rows
    ]


@settings(max_examples=60)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_columns_never_changes_a_sign_or_a_day(seed: int, random: object) -> None:
    made = table(seed)
    order = list(range(len(made.rows[0])))
    random.shuffle(order)  # type: ignore[attr-defined]
    before = told(made.names, made.rows, made.above)
    assert told(*shuffled(made, order), made.above) in (before, None)


@settings(max_examples=60)
@given(SEEDS, st.data())
def test_a_name_that_nobody_knows_never_changes_a_sign_or_a_day(
    seed: int, data: st.DataObject
) -> None:
    made = table(seed)
    if not made.names:
        return
    renamed = data.draw(st.sets(st.integers(0, len(made.names) - 1), min_size=1, max_size=3))
    names = [f"Zyx{at}" if at in renamed else name for at, name in enumerate(made.names)]
    before = told(made.names, made.rows, made.above)
    if before:  # a name may say as well that it is another paper
        assert told(names, made.rows, made.above) in (before, None)


def test_a_debit_that_was_returned_is_told_by_its_sign_whatever_its_kind() -> None:
    rows = ["03.03.2025;Lastschrift;X;-1,00;EUR", "04.03.2025;Lastschrift;X;-2,00;EUR",
            "05.03.2025;Lastschrift;X;2,00;EUR"]  # fmt: skip
    assert read_all("Datum;Buchungstext;Text;Betrag;Währung", *rows)[0] == [-100, -200, 200]


@pytest.mark.parametrize(
    ("name", "debit", "credit"),
    [
        ("Bij/Af", "A", "B"), ("Borç/Alacak", "B", "A"), ("Einnahme/Ausgabe", "A", "E"),
        ("In/Out", "O", "I"), ("Ind/Ud", "Ud", "Ind"), ("Plus/Minus", "Minus", "Plus"),
    ],
)  # fmt: skip
def test_letters_of_sides_are_those_of_the_words_in_the_columns_name(
    name: str, debit: str, credit: str
) -> None:
    lines = [f"{on};{amount};{credit if came else debit};EUR" for on, amount, came in ROWS]
    assert read_all(f"Datum;Betrag;{name};Währung", *lines)[0] == RIGHT


@pytest.mark.parametrize("letter", ["S", "D", "Dr", "Ausgang", "-"])
def test_a_column_of_nothing_but_debits_is_not_read_as_credits(letter: str) -> None:
    lines = [f"{on};{amount};{letter};EUR" for on, amount, came in ROWS if not came]
    with contextlib.suppress(Unreadable):  # which is as good
        assert read_all("Datum;Betrag;Zorp;Währung", *lines)[0] == RIGHT[1:]


def test_letters_that_two_languages_read_the_other_way_round_need_their_columns_name() -> None:
    lines = [f"{on};{amount};{'B' if came else 'A'};EUR" for on, amount, came in ROWS]
    with pytest.raises(Unreadable) as refusal:
        read_all("Datum;Betrag;Zorp;Währung", *lines)
    assert refusal.value.code == "signs_unknown"


def test_deposits_and_withdrawals_in_finnish_are_not_taken_for_each_other() -> None:
    lines = [
        f"{on};{amount if came else ''};{'' if came else amount};EUR" for on, amount, came in ROWS
    ]
    assert read_all("Kirjauspäivä;Panot;Otot;Valuutta", *lines)[0] == RIGHT


@pytest.mark.parametrize("mark", [" CR", "CR", " H", "+"])
def test_where_only_credits_are_marked_the_others_are_not_taken_for_credits(mark: str) -> None:
    lines = [f"{on};{amount}{mark if came else ''};EUR" for on, amount, came in ROWS]
    with pytest.raises(Unreadable) as refusal:
        read_all("Datum;Betrag;Währung", *lines)
    assert refusal.value.code == "signs_unknown"


@pytest.mark.parametrize("whole", ["Brutto", "Amount"])
def test_what_is_left_after_a_fee_is_the_amount_whatever_taxes_stand_beside(whole: str) -> None:
    lines = [
        "03.03.2025;2.550,00;-50,00;2.500,00;0,00;EUR",
        "04.03.2025;-310,40;0,00;-310,40;0,00;EUR",
        "05.03.2025;-18,90;0,00;-18,90;0,00;EUR",
    ]
    header = f"Datum;{whole};Entgelt;Netto;Umsatzsteuer;Währung"
    assert read_all(header, *lines)[0] == RIGHT


@pytest.mark.parametrize(
    ("above", "name"),
    [
        ("", "Betrag (Cent)"), ("", "Amount (cents)"), ("", "Betrag TEUR"),
        ("Alle Beträge in TEUR", "Betrag"), ("Amounts in thousands of EUR", "Amount"),
    ],
)  # fmt: skip
def test_amounts_in_cents_or_thousands_are_not_taken_for_whole_units(above: str, name: str) -> None:
    lines = [f"{on};{amount if came else '-' + amount};EUR" for on, amount, came in ROWS]
    with pytest.raises(Unreadable) as refusal:
        read_all(*filter(None, [above]), f"Datum;{name};Währung", *lines)
    assert refusal.value.code == "amounts_ambiguous"


@pytest.mark.parametrize("name", ["Saldo", "Zorp"])
def test_balances_with_a_minus_before_their_currency_win_over_words_by_any_name(name: str) -> None:
    lines = [
        "03.03.2025;2.500,00;Inn;EUR;3.500,00- EUR",
        "04.03.2025;310,40;Ut;EUR;3.189,60- EUR",
        "05.03.2025;18,90;Ut;EUR;3.170,70- EUR",
        "06.03.2025;100,00;Inn;EUR;3.270,70- EUR",
    ]
    amounts, codes = read_all(f"Dato;Beløp;Ut/Inn;Valuta;{name}", *lines)
    assert amounts == [-each for each in (*RIGHT, 100_00)]
    assert "titles_contradicted" in codes


@pytest.mark.parametrize("name", ["Af", "Zorp"])
def test_the_other_side_under_any_name_bears_the_currency(name: str) -> None:
    lines = ["03.03.2025;2500;;X", "04.03.2025;;310,40 GBP;X", "05.03.2025;;18,90 GBP;X"]
    items = list(read(BytesIO("\n".join((f"Datum;Bij;{name};Text", *lines, "")).encode())))
    bookings = [each for each in items if isinstance(each, Transaction)]
    assert [(each.amount, each.currency) for each in bookings] == [(each, "GBP") for each in RIGHT]


def test_letters_that_may_be_sides_and_differ_from_the_signs_need_their_columns_name() -> None:
    lines = ["03.03.2025;2.500,00;A;EUR", "04.03.2025;310,40;B;EUR", "05.03.2025;-18,90;B;EUR"]
    assert read_all("Tarih;Betrag;B/A;Währung", *lines)[0] == [2_500_00, -310_40, 18_90]
    with pytest.raises(Unreadable) as refusal:
        read_all("Tarih;Betrag;Zorp;Währung", *lines)
    assert refusal.value.code == "signs_unknown"


@pytest.mark.parametrize("flags", [("Karte", "Online", "Karte"), ("B", "A", "A"), ("A", "B", "C")])
def test_a_flag_that_is_no_side_leaves_amounts_their_signs(flags: Iterable[str]) -> None:
    amounts = ("2.500,00", "-310,40", "-18,90")
    lines = [
        f"{on};{amount};{flag};EUR"
        for (on, _, _), amount, flag in zip(ROWS, amounts, flags, strict=True)
    ]
    assert read_all("Datum;Betrag;Zorp;Währung", *lines)[0] == RIGHT


@pytest.mark.parametrize("name", ["Saldo", "Zorp"])
def test_bookings_beside_proven_balances_are_no_list_of_open_items(name: str) -> None:
    lines = ["03.03.2025;2.500,00;01.03.2025;3.500,00;EUR",
             "04.03.2025;-310,40;02.03.2025;3.189,60;EUR",
             "05.03.2025;-18,90;03.03.2025;3.170,70;EUR"]  # fmt: skip
    assert read_all(f"Fecha operación;Importe;Fälligkeit;{name};Moneda", *lines)[0] == RIGHT
