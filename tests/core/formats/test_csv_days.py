"""Days of tables: each shape is one day, and a day that may be two is proven or refused."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from core.formats.common.dates import Order, written_day
from core.formats.common.months import month_of
from core.formats.csv.reader import read
from core.statements.model import Item, Statement, Transaction, UnreadRow

pytestmark = pytest.mark.unit

DAYS = st.dates(date(1990, 1, 1), date(2079, 12, 31))
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
ABBREVIATED = {
    "english": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "german": "Jän Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "french": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "italian": "gen feb mar apr mag giu lug ago set ott nov dic",
    "spanish": "ene feb mar abr may jun jul ago sept oct nov dic",
    "portuguese": "jan fev mar abr mai jun jul ago set out nov dez",
    "dutch": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "polish": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "swedish": "jan feb mars apr maj juni juli aug sep okt nov dec",
    "finnish": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "hungarian": "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
    "czech": "ledna února března dubna května června července srpna září října listopadu prosince",
    "romanian": "ian feb mar apr mai iun iul aug sep oct nov dec",
    "danish": "jan feb marts apr maj jun jul aug sep okt nov dec",
    "norwegian": "jan feb mar apr mai jun jul aug sep okt nov des",
    "lithuanian": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio"
    " lapkričio gruodžio",
}


@pytest.mark.parametrize("language", ABBREVIATED)
def test_months_are_known_by_their_words(language: str) -> None:
    names = ABBREVIATED[language].split()
    assert [month_of(name.rstrip(".")) for name in names] == list(range(1, 13))
    shown = [f"5 {name} 2025" for name in names]
    found = [written_day(each, Order.DAY) for each in shown]
    assert [each and each.on.month for each in found] == list(range(1, 13))


@given(DAYS, st.sampled_from(["", "'", " ", "Mo, ", "lun. ", "Monday, "]))
def test_a_day_is_the_same_in_every_shape(day: date, before: str) -> None:
    month = GERMAN.split()[day.month - 1]
    english = ABBREVIATED["english"].split()[day.month - 1]
    shapes = [
        f"{day:%d.%m.%Y}", f"{day:%d.%m.%Y}.", f"{day.day}. {day.month}. {day.year}",
        f"{day:%Y.%m.%d}.", f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y 10:15}",
        f"{day.day}. {month} {day.year}", f"{day:%d}-{english}-{day:%y}",
        f"{day:%d}.{day:%m}. {day:%Y}", f"{day:%d}\u2011{day:%m}\u2011{day:%Y}",
    ]  # fmt: skip
    for shape in shapes:
        found = written_day(f"{before}{shape}", Order.DAY)
        assert found is not None, shape
        assert found.on == day, shape


@pytest.mark.parametrize(
    "text",
    [
        "Saldo 31.03.2025",
        "01.03.2025 - 31.03.2025",
        "45721",
        "12.50",
        "3 jui 2025",
        "31.13.2025",
        "'20-12-34",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert written_day(text, Order.DAY) is None


def items_of(names: str, rows: Sequence[str], above: str = "") -> list[Item]:
    return list(read(BytesIO("\n".join([*filter(None, [above]), names, *rows, ""]).encode())))


def days_of(names: str, rows: Sequence[str], above: str = "") -> list[date]:
    return [
        each.booked_on for each in items_of(names, rows, above) if isinstance(each, Transaction)
    ]


ENGLISH = "Date,Details,Amount,Currency"


def english(*days: str) -> list[str]:
    return [f"{day},Payment {at},-{at}.00,EUR" for at, day in enumerate(days, 1)]


def test_days_that_may_be_two_are_refused_unless_something_proves_them() -> None:
    rows = english("03/04/2025", "04/04/2025")
    with pytest.raises(Unreadable) as refused:
        items_of(ENGLISH, rows)
    assert refused.value.code == "dates_ambiguous"
    assert "03/04/2025" in refused.value.reason.en
    april = [date(2025, 4, 3), date(2025, 4, 4)]
    assert days_of(ENGLISH, rows, "Period,2025-04-01 - 2025-04-30") == april
    assert days_of(ENGLISH, rows, "Period,01/04/2025 - 30/04/2025") == april
    assert days_of(ENGLISH.replace("Details", "Paid in"), rows) == april
    valued = [row.replace(",", ",06/04/2025,", 1) for row in rows]
    assert days_of(ENGLISH.replace(",", ",Value date,", 1), valued) == april
    danish = [row.replace(",", ";") for row in rows]
    assert days_of("Dato;Tekst;Beløb;Valuta", danish) == april


def test_a_month_first_is_proven_by_a_thirteenth_or_by_the_order_of_rows() -> None:
    assert days_of(ENGLISH, english("04/03/2025", "04/13/2025"))[0] == date(2025, 4, 3)
    found = days_of(ENGLISH, english("01/05/2025", "01/09/2025", "02/01/2025", "02/08/2025",
                                     "03/02/2025"))  # fmt: skip
    assert found == sorted(found)
    assert found[0] == date(2025, 1, 5)


@pytest.mark.parametrize(
    "days",
    [
        ("3/4/2025", "13/03/2025", "4/11/2025"),
        ("2025-03-04", "05/03/2025"),
        ("13/03/2025", "03/13/2025"),
        ("25-03-03", "25-03-04", "25-03-05"),
    ],
)
def test_two_ways_of_writing_days_are_not_mixed_up(days: Sequence[str]) -> None:
    with pytest.raises(Unreadable) as refused:
        items_of(ENGLISH, english(*days))
    assert refused.value.code == "dates_ambiguous"


def test_a_thirteenth_far_down_the_table_proves_its_days() -> None:
    rows = english(*(["03/04/2025"] * 4000), "28/04/2025")
    assert days_of(ENGLISH, rows)[0] == date(2025, 4, 3)


@given(st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), min_size=1, max_size=12),
       st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]))  # fmt: skip
def test_a_table_has_the_right_days_or_none(days: Sequence[date], shape: str) -> None:
    ordered = sorted(days)
    try:
        found = days_of(ENGLISH, english(*(f"{day:{shape}}" for day in ordered)))
    except Unreadable:
        assert shape[2] in "/-"
        assert max(day.day for day in days) < 13
    else:
        assert found == ordered


NAMES = "Buchung;Empfänger;Text;Betrag;Währung"


def german(*days: str) -> list[str]:
    return [f"{day};Kunde {at};Zahlung;+{at},00;EUR" for at, day in enumerate(days, 1)]


def test_days_without_a_year_are_of_the_stated_period_or_refused() -> None:
    rows = german("30.12.", "04.01.")
    assert days_of(NAMES, rows, "Zeitraum;15.12.2024 - 15.01.2025") == [
        date(2024, 12, 30), date(2025, 1, 4),
    ]  # fmt: skip
    for above in ("", "Zeitraum;01.01.2023 - 31.01.2025"):
        with pytest.raises(Unreadable) as refused:
            items_of(NAMES, rows, above)
        assert refused.value.code == "no_year"
    outside = items_of(NAMES, german("04.01.", "04.05."), "Zeitraum;01.01.2025 - 31.01.2025")
    assert len([each for each in outside if isinstance(each, UnreadRow)]) == 1


def test_a_day_without_a_year_has_that_of_the_day_of_value_and_stays_itself() -> None:
    rows = ["30.12.;02.01.2025;Kunde;Zahlung;-1,00;EUR"]
    items = items_of(NAMES.replace(";", ";Valuta;", 1), rows)
    (found,) = [each for each in items if isinstance(each, Transaction)]
    assert (found.booked_on, found.valued_on) == (date(2024, 12, 30), date(2025, 1, 2))


def test_numbers_instead_of_days_are_named_as_such() -> None:
    with pytest.raises(Unreadable) as refused:
        items_of(NAMES, german("45721", "45722"))
    assert refused.value.code == "dates_as_numbers"
    mixed = items_of(NAMES, german("03.03.2025", "45722"))
    assert len([each for each in mixed if isinstance(each, UnreadRow)]) == 1
    assert any(isinstance(each, Statement) for each in mixed)


@given(st.integers(0, 300))
def test_weekdays_before_days_say_nothing(offset: int) -> None:
    day = date(2025, 1, 1) + timedelta(days=offset)
    for name in ("Mo", "Di.", "mar.", "Sat,", "středa"):
        found = written_day(f"{name} {day:%d.%m.%Y}", Order.DAY)
        assert found is not None
        assert found.on == day
