"""However a file is written, an entry's evidence is exactly its bytes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from io import BytesIO
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import Unreadable
from core.evidence import Bytes
from core.formats import camt
from core.formats.camt import markup, reader, shapes
from core.statements.model import Transaction
from tests.core.formats.messages import entry, message, read_all, statement
from tests.every import EVERY

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "iso-8859-1": "ISO-8859-1",
    "cp1252": "windows-1252",
}
NOISE = [
    "",
    "\n  ",
    "<!-- <Ntry> -->",
    "<!-- </Ntry> > <![CDATA[ -->",
    "<![CDATA[</Ntry><Ntry> <!-- ]]>",
    "<?note </Ntry><Ntry> ?>",
    "\u4e00\u7400\u7200\u7900\u3e00",
]
TAGS = [("<Ntry>", "</Ntry>"), ("<Ntry >", "</Ntry\n>"), ("<Ntry a=\">\" b='/>'>", "</Ntry>")]
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

# What damages an entry, or only looks as if it did.
ODD = [b"\0", b"\1", b"\x0b", b"\x0c", b"\x1f", b"\x7f", b"\xff", b"\xef\xbf\xbe"]
ODD += [b" ", b"\n", b"\r", b"]", b"]]>", b"&", b"&amp;", b"&x;", b"&#65;", b"&#0;"]
ODD += [b"<", b">", b"<x/>", b"</x>", b"<!-- -->", b"<?x ?>", b"<![CDATA[<]]>"]
ODD += [b"<Ntry>", b"</Ntry>", b"</Ntry ><Ntry>"]
STEP = 1 if EVERY else 4

TEXTS = st.text("aZ0 äß€&<>\"'!?-]\u4e00\u3e00\U0001f4b6", min_size=1, max_size=20).filter(
    str.strip
)

DATES = st.one_of(
    st.dates().map(lambda day: f"Dt>{day.isoformat()}</Dt>"),
    st.datetimes().map(lambda time: f"DtTm>{time.isoformat()}</DtTm>"),
)


@dataclass(frozen=True)
class Writing:
    """One way to write a file."""

    encoding: str
    prefix: str
    noise: list[str]
    tags: tuple[str, str]
    old: bool
    block: int


WRITINGS = st.builds(
    Writing,
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from(["", "", "n0:", "é:"]),
    st.lists(st.sampled_from(NOISE), min_size=1, max_size=5),
    st.sampled_from(TAGS),
    st.booleans(),
    st.integers(1100, 3000),
)
PLAIN = Writing("utf-8", "", [""], TAGS[0], old=False, block=1100)


@st.composite
def entries(draw: st.DrawFn) -> str:
    """Any one entry, in the newer way of writing."""
    name, remittance = escape(draw(TEXTS)), escape(draw(TEXTS))
    minor = draw(st.integers(0, 10**9))
    part = (
        f"<TxDtls><RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{remittance}</Ustrd></RmtInf></TxDtls>"
    )
    return entry(
        f"{minor // 100}.{minor % 100:02}",
        side=draw(st.sampled_from(["CRDT", "DBIT"])),
        booked=f"<BookgDt><{draw(DATES)}</BookgDt>",
        details=part * draw(st.integers(0, 2)),
    )


def write(ntries: list[str], how: Writing) -> bytes:
    """A file of these entries, written like that."""
    body = statement(*ntries)
    if how.old:
        body = re.sub("</?Pty>", "", body).replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>")
    body = body.replace("<Ntry>", how.tags[0]).replace("</Ntry>", how.tags[1])
    body = re.sub("<(/?)(?=[A-Z])", rf"<\1{how.prefix}", body)
    noise = iter(how.noise * (body.count("><") + 1))
    body = re.sub("><", lambda _: f">{next(noise)}<", body)
    outer = how.prefix
    declared = f"xmlns:{outer[:-1]}" if outer else "xmlns"
    text = (
        f'<?xml version="1.0" encoding="{ENCODINGS[how.encoding]}"?>'
        f'<{outer}Document {declared}="{NAMESPACE}"><{outer}BkToCstmrStmt>'
        f"{body}</{outer}BkToCstmrStmt></{outer}Document>"
    )
    if how.prefix == "é:" and how.encoding.startswith("utf-16"):
        return text.encode(how.encoding)
    return text.encode(how.encoding, "xmlcharrefreplace")


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    """Read in blocks so small that a short file takes many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "BLOCK", size)
        patch.setattr(markup, "BLOCK", size)
        yield


def placeless(transactions: list[Transaction]) -> list[Transaction]:
    return [each._replace(evidence=Bytes(0, 0)) for each in transactions]


@settings(max_examples=150, deadline=None)
@given(st.lists(entries(), min_size=1, max_size=12), WRITINGS)
@example([entry("1"), entry("2")], replace(PLAIN, encoding="utf-16", noise=NOISE))
def test_the_bytes_of_the_evidence_say_the_same_booking(ntries: list[str], how: Writing) -> None:
    file = write(ntries, how)
    with blocks_of(how.block):
        _, transactions = read_all(file)
    _, expected = read_all(write(ntries, PLAIN))
    assert placeless(transactions) == placeless(expected)
    codec = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(how.encoding, how.encoding)
    for each, alone in zip(transactions, ntries, strict=True):
        source = file[each.evidence.start : each.evidence.end].decode(codec)
        opening, closing = (tag.replace("Ntry", f"{how.prefix}Ntry") for tag in how.tags)
        assert source.startswith(opening)
        assert source.endswith(closing)
        declaration = f'xmlns:{how.prefix[:-1]}="{NAMESPACE}"' if how.prefix else ""
        parsed = ElementTree.fromstring(f"<x {declaration}>{source}</x>")
        assert len(parsed) == 1
        assert f">{parsed[0].findtext('{*}Amt')}<" in alone


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), min_size=1, max_size=5), WRITINGS, st.floats(0, 1, exclude_max=True))
def test_a_file_that_breaks_off_is_refused(ntries: list[str], how: Writing, share: float) -> None:
    file = write(ntries, how)
    with blocks_of(how.block), pytest.raises(Unreadable):
        read_all(file[: int(share * len(file))])


@settings(max_examples=150, deadline=None)
@given(st.lists(entries(), max_size=3), WRITINGS, st.data())
def test_a_damaged_file_is_read_or_refused(
    ntries: list[str], how: Writing, data: st.DataObject
) -> None:
    file = bytearray(write(ntries, how))
    for at in data.draw(st.lists(st.integers(0, len(file) - 1), min_size=1, max_size=4)):
        file[at] = data.draw(st.integers(0, 255))
    with blocks_of(how.block), suppress(Unreadable):
        _, transactions = read_all(bytes(file))
        assert all(0 < each.evidence.start < each.evidence.end for each in transactions)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_reason(junk: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\w"):
        read_all(junk)


def test_two_spellings_of_a_tag_in_one_file_are_both_placed() -> None:
    written = [entry("1"), entry("2").replace("<Ntry>", '<Ntry n=">">'), entry("3")]
    written[0] = written[0].replace("</Ntry>", "</Ntry\n>")
    file = message(statement(*written))
    with blocks_of(1100):
        _, transactions = read_all(file + b"\n" * 10)
        found = [file[each.evidence.start : each.evidence.end].decode() for each in transactions]
    assert found == written


def test_an_entry_inside_an_entry_is_not_a_booking_of_its_own() -> None:
    inner = entry("7")
    outer = entry("1", more=f"<SplmtryData><Envlp>{inner}</Envlp></SplmtryData>")
    _, transactions = read_all(message(statement(*[entry("1")] * 4, outer)))
    assert [each.amount for each in transactions] == [100] * 5


@given(TEXTS, st.sampled_from(["utf-8", "iso-8859-15"]))
def test_an_entry_known_by_its_bytes_says_what_the_same_one_in_the_tree_says(
    text: str, encoding: str
) -> None:
    quoted = escape(text, {'"': "&quot;", "'": "&apos;"})
    same = entry(more=f"<AddtlNtryInf>{quoted}</AddtlNtryInf>")
    file = message(statement(same, same)).decode().replace("UTF-8", encoding, 1)
    _, (first, second) = read_all(file.encode(encoding, "xmlcharrefreplace"))
    assert first.remittance == " ".join(text.split())
    assert first._replace(evidence=second.evidence) == second


@pytest.mark.parametrize("odd", ODD)
def test_damage_to_an_entry_known_by_its_bytes_is_noticed_as_it_is_in_the_tree(odd: bytes) -> None:
    payment = "<TxDtls><RmtInf><Ustrd>Rg 4711</Ustrd></RmtInf></TxDtls>"
    same = entry(more="<AcctSvcrRef>R1</AcctSvcrRef>", details=payment)
    file = message(statement(*[same + "\n"] * 8))
    first, last = file.rindex(b"<Ntry>") - 2, file.rindex(b"</Ntry>") + 9
    # Each place is damaged in a part of the ways, and in all of them in `make prove`.
    for at in range(first + ODD.index(odd) % STEP, last, STEP):
        damaged = file[:at] + odd + file[at:]
        with blocks_of(1100), pytest.MonkeyPatch.context() as patch:
            patch.setattr(shapes, "OFTEN", 2)
            read = bookings(damaged)
            patch.setattr(shapes.Shapes, "read", lambda *_: None)
            assert read == bookings(damaged)


def bookings(file: bytes) -> list[Transaction] | None:
    """The bookings of a file, None where it is refused."""
    try:
        return read_all(file)[1]
    except Unreadable:
        return None


@pytest.mark.parametrize("gap", ["", "\n", "\n  ", "\n        "])
def test_an_entry_larger_than_a_block_is_read_whatever_stands_before_it(gap: str) -> None:
    payment = f"<TxDtls><RmtInf><Ustrd>{'x' * 60}</Ustrd></RmtInf></TxDtls>"
    batch = entry(details=payment * (2 * markup.BLOCK // len(payment)))
    file = message(statement(entry(), gap + batch, gap + entry()))
    _, rows = read_all(file)
    assert len(rows) == 3
    assert file[rows[1].evidence.start : rows[1].evidence.end] == batch.encode()


def test_entries_that_are_not_a_statements_own_are_no_bookings() -> None:
    others = f"<Note>{entry()}{entry()}</Note>"
    _, transactions = read_all(message(statement(entry(), others, entry(), entry())))
    assert len(transactions) == 3


def test_reading_asks_the_source_for_little_at_a_time_and_takes_what_comes() -> None:
    class Drip(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 1, 7) if size != -1 else 7)

    file = message(statement(entry("1"), entry("2")))
    amounts = [each.amount for each in camt.read(Drip(file)) if isinstance(each, Transaction)]
    assert amounts == [100, 200]
