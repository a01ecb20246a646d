"""A table is read many rows at a time; nobody notices where one time ends."""

from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.documents import Finding
from core.formats.csv import read, table
from core.formats.csv.column_reader import ColumnReader
from core.formats.csv.reader import read as read_table
from core.statements.model import Item, Statement, Transaction, UnreadRow
from deploy.demo import LAYOUTS, make_company

IBAN, OTHER = "DE02120300000000202051", "DE75512108001245126199"
NAMES = ["Auftragskonto", "Buchungstag", "Verwendungszweck", "Beguenstigter", "Betrag", "Waehrung"]
CELLS = st.sampled_from(
    ["", "a", "Rückgabe", "STORNO", "İzmir", "SVWZ+x", 'sagt "so"', "zwei\nZeilen", "a;b", " b  c "]
)
AMOUNTS = st.sampled_from(["1,00", "-12,34", "1.234,56", "12,3", "", "+7,00", "5,00 EUR", "99,99-"])
DAYS = st.sampled_from(["01.02.2025", "31.02.2025", "3.2.25", "2025-02-04", "", "Summe"])
ROWS = st.lists(
    st.tuples(DAYS, CELLS, CELLS, AMOUNTS, st.sampled_from(["EUR", "USD", ""]), st.booleans()),
    max_size=12,
)


def written(row: tuple[str, str, str, str, str, bool], broken: str) -> str:
    """A row; its cells all stand in quotation marks, or only those that must."""
    *cells, all_quoted = row
    marked = [
        '"' + cell.replace('"', '""') + '"' if all_quoted or set(cell) & set('";\n') else cell
        for cell in (IBAN, *cells)
    ]
    return ";".join(marked) + broken


def by_blocks(content: bytes, size: int) -> list[Item]:
    """What is said, read in blocks of so many bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "BLOCK", size)
        return list(read_table(BytesIO(content)))


@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.integers(40, 400))
def test_it_does_not_matter_where_a_block_ends(
    rows: list[tuple[str, str, str, str, str, bool]], broken: str, size: int
) -> None:
    first = ("01.01.2025", "Miete", "Vermieter", "-1,00", "EUR", True)
    content = ";".join(NAMES) + broken + "".join(written(row, broken) for row in (first, *rows))
    whole = by_blocks(content.encode(), 1 << 20)
    parts = by_blocks(content.encode(), size)
    bookings = [each for each in whole if isinstance(each, Transaction)]
    assert [each for each in parts if isinstance(each, Transaction)] == bookings
    for each in bookings:
        place = content.encode()[each.evidence.start : each.evidence.end].decode()
        assert place.strip("\r\n") == place
        assert IBAN in place


@pytest.mark.parametrize("broken", ["\n", "\r\n"])
def test_each_of_several_tables_is_found_wherever_a_block_ends(broken: str) -> None:
    names = "Buchungstag;Verwendungszweck;Betrag"
    rows = [f"{day:02}.02.2025;Miete;-1,00" for day in (1, 2, 3)]
    tables = [
        [f"Konto;{iban};EUR", "", names, *rows, "Kontostand;;5,00 EUR"] for iban in (IBAN, OTHER)
    ]
    content = broken.join([*tables[0], "", *tables[1]]).encode()
    together = by_blocks(content, 1 << 20)
    heads = [each.account.number for each in together if isinstance(each, Statement)]
    assert heads == [IBAN, OTHER]
    for size in range(20, len(content)):
        assert by_blocks(content, size) == together


LINES = [
    '"a";"b"', '"";"ü"', '"a";b', '"a""b";"c"', '"a;b"', '"a";"b";"c"', '"\v";"\0"', '"', '";"',
    '"";"', "a;b", "a;b;c", 'a;"b"', 'a"b;c', ";", "a", "", "\u2028;x",
]  # fmt: skip


@given(
    st.sets(st.sampled_from(LINES), min_size=1, max_size=3).flatmap(
        lambda some: st.lists(st.sampled_from(sorted(some)), min_size=1, max_size=6)
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
@example(["a;b", "a;b;c", "a", "a;b"], "\n", False)
def test_lines_that_are_alike_are_cut_as_each_would_be(
    lines: list[str], broken: str, ends: bool
) -> None:
    content = (broken.join(lines) + broken * ends).encode()
    writing = table.Dialect("utf-8", 0, ";")
    together = [
        (list(rows), starts, ends) for rows, starts, ends in table.chunks(BytesIO(content), writing)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_quick", lambda *_: None)
        assert list(map(tuple, table.chunks(BytesIO(content), writing))) == together


def decoded(file: bytes) -> str:
    """The letters of a table, in whichever encoding its bank writes."""
    for encoding in ("utf-16",) if file[:2] == b"\xff\xfe" else ("utf-8-sig", "cp1252"):
        try:
            return file.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(file[:20])


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_layout_says_the_same_in_small_blocks(name: str, encoding: str) -> None:
    company = make_company(1)
    account = company.accounts[0]
    file = LAYOUTS[name](company, account, company.first_month, company.first_month)
    content = decoded(file).encode(encoding)
    together = by_blocks(content, 1 << 20)
    assert by_blocks(content, 700) == together
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ColumnReader, "_booked", lambda _, rows: [None] * len(rows))
        assert by_blocks(content, 1 << 20) == together


def test_a_damaged_row_does_not_say_whose_account_it_is_or_for_which_days() -> None:
    rows = [
        f"01.02.2025;01.02.2025;Miete;Vermieter;{OTHER};-1,00;EUR",
        f"x;02.02.2025;Strom bis 03.02.2025;Werk;{OTHER};-2,00;EUR",
    ]
    names = "Buchungstag;Valuta;Verwendungszweck;Name;IBAN;Betrag;Waehrung"
    others = [rows[0].replace(OTHER, each) for each in ("DE89370400440532013000", IBAN)]
    content = "\n".join([names, *rows, *others]).encode()
    items = list(read(BytesIO(content)))
    (head,) = [each for each in items if isinstance(each, Statement)]
    assert (head.account.number, head.starts_on) == ("unnamed", None)
    codes = [each.code for each in items if isinstance(each, Finding)]
    assert codes == ["account_unnamed"]
    (unread,) = [each for each in items if isinstance(each, UnreadRow)]
    assert unread.place.en == f"The row at byte {content.index(b'x;02')}"


def test_a_row_without_a_currency_is_named_and_the_others_are_read() -> None:
    names = "Buchungstag;Verwendungszweck;Betrag;Waehrung"
    rows = ["01.02.2025;Miete;-1,00;EUR", "02.02.2025;Strom;-2,00;?", "03.02.2025;Gas;-3,00;EUR"]
    items = list(read(BytesIO("\n".join([names, *rows]).encode())))
    assert [each.amount for each in items if isinstance(each, Transaction)] == [-100, -300]
    (unread,) = [each for each in items if isinstance(each, UnreadRow)]
    assert (str(unread.on), unread.account) == ("2025-02-02", "unnamed")
