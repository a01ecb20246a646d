"""Rows of tables: each is a booking, a balance, a total, pending, or named as not read."""

from collections.abc import Sequence
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from core.formats import parsers
from core.formats.csv.letters import code_page, repaired
from core.statements.model import Item, Statement, Transaction, UnreadRow

pytestmark = pytest.mark.unit

NAMES = "Datum;Empfänger;Text;Betrag;Währung"
ROWS = (
    "03.03.2025;Fjord;RE 12;2.500,00;EUR",
    "04.03.2025;Halle;Miete;-310,40;EUR",
    "05.03.2025;Vos;Stifte;-18,90;EUR",
)
AMOUNTS = [250000, -31040, -1890]
IBAN = "DE02120300000000202051"


def items_of(content: str | bytes) -> list[Item]:
    data = content if isinstance(content, bytes) else content.encode()
    return list(parsers.read(BytesIO(data)))


def table(*rows: str, names: str = NAMES) -> str:
    return "\n".join((names, *rows, ""))


def bookings(items: Sequence[Item], *, pending: bool = False) -> list[int]:
    found = [each for each in items if isinstance(each, Transaction)]
    return [each.amount for each in found if each.pending is pending]


def unread(items: Sequence[Item]) -> list[UnreadRow]:
    return [each for each in items if isinstance(each, UnreadRow)]


def balances(items: Sequence[Item]) -> tuple[int | None, int | None]:
    (head,) = [each for each in items if isinstance(each, Statement)]
    opening, closing = head.opening, head.closing
    return opening and opening.amount, closing and closing.amount


OPENINGS = (
    "Saldovortrag", "Anfangssaldo", "Alter Kontostand", "Opening balance",
    "Balance brought forward", "Solde initial", "Ancien solde au 01.03.2025", "Saldo inicial",
    "Saldo iniziale", "Beginsaldo", "Saldo początkowe", "Ingående saldo", "Počáteční zůstatek",
    "Nyitó egyenleg", "Alkusaldo", "EB-Wert", "Vorige saldo", "Předchozí zůstatek", "Primo",
    "Kassenanfangsbestand", "Likutis pradžiai",
)  # fmt: skip
CLOSINGS = (
    "Endsaldo", "Neuer Saldo", "Kontostand neu", "Closing balance", "Balance carried forward",
    "Solde final", "Saldo final", "Saldo finale EUR", "Eindsaldo", "Saldo końcowe",
    "Utgående saldo", "Záró egyenleg", "Loppusaldo per 31.03.2025", "Kassenbestand",
    "Available balance", "Saldo disponible", "Likutis pabaigai",
)  # fmt: skip
TOTALS = ("Summe", "Gesamtsumme", "Zwischensumme März", "Total", "Subtotal", "Sous-total", "Totale",
          "Totaal", "Razem", "Celkem", "Összesen", "Yhteensä", "Total des mouvements",
          "Apyvarta", "Turnover", "Net change", "Gesamtbetrag", "Somme")  # fmt: skip


@given(st.sampled_from(OPENINGS), st.sampled_from(CLOSINGS), st.sampled_from(TOTALS), st.booleans())
def test_balances_and_totals_among_the_rows_are_no_bookings(
    opening: str, closing: str, total: str, newest_first: bool
) -> None:
    rows = [
        f"01.03.2025;;{opening};1.000,00;EUR",
        *ROWS,
        f"31.03.2025;;{total};2.170,70;EUR",
        f"31.03.2025;;{closing};3.170,70;EUR",
    ]
    items = items_of(table(*(rows[::-1] if newest_first else rows)))
    assert bookings(items) == AMOUNTS
    assert balances(items) == (100000, 317070)
    assert not unread(items)


def test_a_carry_to_the_next_page_is_known_by_what_it_comes_to() -> None:
    first, *others = ROWS
    carry = "03.03.2025;;Übertrag;2.500,00;EUR"
    assert bookings(items_of(table(first, carry, *others))) == AMOUNTS
    paid = "04.03.2025;Sparkonto;Übertrag;-100,00;EUR"
    assert bookings(items_of(table(first, paid, *others))) == [250000, -10000, -31040, -1890]
    vague = items_of(table("01.03.2025;;Übertrag;900,00;EUR", *ROWS))
    assert bookings(vague) == AMOUNTS
    assert len(unread(vague)) == 1


def test_a_total_that_does_not_agree_is_told() -> None:
    items = items_of(table(*ROWS, "31.03.2025;;Gesamtsumme;999,00;EUR"))
    assert bookings(items) == AMOUNTS
    (row,) = unread(items)
    assert str(row.on) == "2025-03-31"


def test_who_is_called_total_is_paid_all_the_same() -> None:
    rows = [ROWS[0], "04.03.2025;Total;Diesel;-60,00;EUR", ROWS[2]]
    assert bookings(items_of(table(*rows))) == [250000, -6000, -1890]


@pytest.mark.parametrize(
    "row",
    [
        ";Halle;Miete;-310,40;EUR",
        "04.03.2025;Halle;Miete;--310,40;EUR",
        "04.03.2025;Halle;Miete;310,4O;EUR",
        "31.02.25x;Halle;Miete;-310,40;EUR",
        "04.03.2025;Halle;Miete;mehr;noch;7;EUR;-310,40",
    ],
)
def test_a_row_that_is_not_understood_is_named_with_its_place(row: str) -> None:
    content = table(ROWS[0], row, ROWS[2])
    items = items_of(content)
    assert bookings(items) == [AMOUNTS[0], AMOUNTS[2]]
    (found,) = unread(items)
    place = content.encode().index(row.encode())
    assert found.place.en == f"The row at byte {place}"
    with pytest.raises(Unreadable):
        items_of(table(row, row))


@given(st.permutations([*ROWS, ";x;y;-1,00;EUR", "06.03.2025;x;y;1-1;EUR", "07.03.25;a;b;c;d;1,0"]))
def test_no_row_is_lost_in_any_order(rows: Sequence[str]) -> None:
    items = items_of(table(*rows))
    assert len(bookings(items)) + len(unread(items)) == len(rows)


BOOKED = (
    "Gebucht",
    "Booked",
    "Posted",
    "Completed",
    "Geboekt",
    "Comptabilisé",
    "Contabilizzato",
    "Bogført",
    "Bokförd",
    "Zaksięgowana",
    "Zaúčtováno",
    "Könyvelt",
    "Kirjattu",
    "Cleared",
)
PENDING = ("Vorgemerkt", "Reserviert", "Autorisiert", "Pending", "En attente", "In attesa",
           "Pendiente", "Afventer", "Odottaa", "Oczekująca", "Abgelehnt", "Irgendwas")  # fmt: skip


@given(st.sampled_from(BOOKED), st.sampled_from(PENDING))
def test_only_what_is_surely_booked_counts(booked: str, pending: str) -> None:
    statuses = (booked, pending, booked)
    rows = [f"{row};{status}" for row, status in zip(ROWS, statuses, strict=True)]
    items = items_of(table(*rows, names=f"{NAMES};Status"))
    assert bookings(items) == [AMOUNTS[0], AMOUNTS[2]]
    assert bookings(items, pending=True) == [AMOUNTS[1]]
    codes = [getattr(each, "code", "") for each in items]
    assert ("status_unknown" in codes) is (pending == "Irgendwas")


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("Vormerkbuchung", "010"),
        ("Gebucht", "101"),
        ("Pending", ("false", "true", "false")),
        ("Vorgemerkt", ("", "x", "")),
        ("Gebucht", ("ja", "nein", "ja")),
        ("Booked", ("x", "", "x")),
    ],
)  # fmt: skip
def test_a_flag_says_which_bookings_are_booked(name: str, flags: Sequence[str]) -> None:
    rows = [f"{row};{flag}" for row, flag in zip(ROWS, flags, strict=True)]
    items = items_of(table(*rows, names=f"{NAMES};{name}"))
    assert bookings(items) == [AMOUNTS[0], AMOUNTS[2]]


def test_statuses_of_which_none_says_booked_are_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        items_of(table(*(f"{row};foo" for row in ROWS), names=f"{NAMES};Status"))
    assert refused.value.code == "status_unknown"


SECTIONS = (
    ("Vorgemerkte Umsätze", "Gebuchte Umsätze"),
    ("Pending transactions", "Booked transactions"),
    ("Opérations à venir", "Opérations comptabilisées"),
    ("Movimientos pendientes", "Movimientos realizados"),
    ("Operazioni non contabilizzate", "Operazioni contabilizzate"),
    ("Oczekujące", "Zaksięgowane"),
)


@pytest.mark.parametrize(("pending", "booked"), SECTIONS)
def test_what_stands_below_a_heading_of_pending_rows_does_not_count(
    pending: str, booked: str
) -> None:
    above, other = f"Konto;{IBAN}", "07.03.2025;Tank;Diesel;-60,00;EUR"
    within = "\n".join((above, pending, NAMES, other, "", booked, NAMES, *ROWS, ""))
    below = "\n".join((above, NAMES, *ROWS, f"{pending};;;;", other, ""))
    alone = "\n".join((above, NAMES, pending, other, booked, *ROWS, ""))
    for content in (within, below, alone):
        items = items_of(content)
        assert bookings(items) == AMOUNTS
        assert bookings(items, pending=True) == [-6000]
        heads = [each for each in items if isinstance(each, Statement)]
        assert {head.account.number for head in heads} == {IBAN}


def test_a_header_on_each_page_is_one_table_and_a_table_told_twice_is_two() -> None:
    pages = items_of(table(*ROWS[:2]) + "Seite 2;;;;\n" + table(*ROWS[2:]))
    assert bookings(pages) == AMOUNTS
    assert len([each for each in pages if isinstance(each, Statement)]) == 1
    twice = items_of(table(*ROWS) + table(*ROWS))
    heads = [each for each in twice if isinstance(each, Statement)]
    assert [head.account.number for head in heads] == ["unnamed", "unnamed"]


TEXT = "Datum;Empfänger;Text;Betrag;Währung\n03.03.2025;Straßenbau Öhl;Büro;-1,00;EUR\n"


@pytest.mark.parametrize("page", ["utf-8", "utf-16", "cp1252", "mac_roman", "cp850", "iso-8859-15"])
def test_letters_are_those_that_were_meant(page: str) -> None:
    (found,) = [each for each in items_of(TEXT.encode(page)) if isinstance(each, Transaction)]
    assert (found.counterparty, found.remittance) == ("Straßenbau Öhl", "Büro")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Libellé;Débit;Crédit;Référence à régler août", "mac_roman"),
        ("Bogført;Beløb;Gebyr På Ærø", "cp850"),
        ("Data księgowania;Tytuł;Zażółć gęślą jaźń", "cp1250"),
        ("Částka;Měna;Zůstatek;Příjemce", "iso-8859-2"),
        ("Descripción;Señor;Débito", "cp1252"),
    ],
)
def test_a_code_page_is_told_by_the_words_it_makes(text: str, page: str) -> None:
    assert text.encode(page).decode(code_page(text.encode(page))) == text


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_letters_encoded_twice_are_whole_again(wrong: str) -> None:
    content = TEXT.encode().decode(wrong, "replace").encode()
    if "\ufffd" not in content.decode():
        (found,) = [each for each in items_of(content) if isinstance(each, Transaction)]
        assert found.counterparty == "Straßenbau Öhl"
    assert repaired("Müller Ärzte") == "Müller Ärzte"


@pytest.mark.parametrize("lost", ["?", "\ufffd"])
def test_a_header_that_lost_letters_is_still_known(lost: str) -> None:
    content = "".join(each if each.isascii() else lost for each in TEXT)
    assert bookings(items_of(content)) == [-100]


def test_rows_that_were_wrapped_or_quoted_oddly_are_rows() -> None:
    plain = table('03.03.2025;Fjord;"RE; 12";2.500,00;EUR', *ROWS[1:])
    wrapped = "".join('"' + line.replace('"', '""') + '"\n' for line in plain.splitlines())
    blank = "\n".join("; ".join(f'"{cell}"' for cell in line.split(";")) for line in
                      (NAMES, *ROWS))  # fmt: skip
    single = "\n".join(";".join(f"'{cell}'" for cell in line.split(";")) for line in (NAMES, *ROWS))
    for content in (plain, wrapped, blank, single):
        assert bookings(items_of(content)) == AMOUNTS


def test_amounts_cut_at_their_commas_are_whole_or_named() -> None:
    names = NAMES.replace(";", ",")
    rows = ["03.03.2025,Fjord,RE 12,2500,00,EUR", "04.03.2025,Halle,Miete,-310,40,EUR",
            "05.03.2025,Vos,Stifte,-18,90,EUR"]  # fmt: skip
    assert bookings(items_of(table(*rows, names=names))) == AMOUNTS
    odd = rows[0].replace("RE 12", "RE 12, 5")
    items = items_of(table(odd, *rows[1:], names=names))
    assert bookings(items) == AMOUNTS[1:]
    assert len(unread(items)) == 1


def test_accounts_that_a_spreadsheet_rounded_are_not_taken_for_one() -> None:
    rows = [f"1,23E+20;{row}" for row in ROWS]
    with pytest.raises(Unreadable) as refused:
        items_of(table(*rows, names=f"Auftragskonto;{NAMES}"))
    assert refused.value.code == "account_rounded"
    above = items_of(f"Konto;1,23E+20\n{table(*ROWS)}")
    assert "account_rounded" in [getattr(each, "code", "") for each in above]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"BZh91AY", "bzip2"),
        (b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "tar"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"PK\x03\x04....xl/workbook.xml", ".xlsx"),
        (b"\xef\xbb\xbf<!-- x --><HTML><table><tr><td>03.03.2025</td>", "web page"),
        ("<html><table>".encode("utf-16"), "web page"),
        (b'"EXTF";700;21;"Buchungsstapel";13', "Buchungsstapel"),
        (b'"70090100";"123";"4";"29.12.24";"29.12.24";"28.12.24";10,00;"X"\n' * 3, "DATEV"),
    ],
)
def test_what_holds_a_statement_or_is_another_file_is_named(head: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as refused:
        items_of(head)
    assert said in refused.value.reason.en
    assert said in refused.value.reason.de or said == "web page"


@pytest.mark.parametrize(
    ("booked", "pending"),
    [("Gebucht", "Reserviert"), ("Posted", "Hold"), ("", "Vorgemerkt"), ("Bokförd", "Reserverad")],
)
@pytest.mark.parametrize("named", [True, False])
def test_what_is_not_booked_is_pending_whatever_the_column_of_statuses_is_called(
    booked: str, pending: str, named: bool
) -> None:
    rows = [f"{row};{booked}" for row in ROWS]
    last = f"06.03.2025;Tank;Diesel;-60,00;EUR;{pending}"
    items = items_of(table(*rows, last, names=f"{NAMES};{'Zorp' if named else ''}"))
    assert bookings(items) == AMOUNTS
    assert bookings(items, pending=True) == [-6000]


@pytest.mark.parametrize(
    "heading", ["Planned payments", "In Bearbeitung", "Provisorische Buchungen", "Memo postings"]
)
def test_rows_below_a_heading_of_what_is_still_to_come_do_not_count(heading: str) -> None:
    items = items_of(table(*ROWS, heading, "06.03.2025;Tank;Diesel;-60,00;EUR"))
    assert bookings(items) == AMOUNTS
    assert bookings(items, pending=True) == [-6000]
