"""A file that cannot be read is refused quickly, for a reason that is true."""

import time
from collections.abc import Iterator
from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats import camt
from core.formats.camt import markup
from tests.core.formats.messages import balance, entry, message, read_all, statement

pytestmark = pytest.mark.unit

ACCOUNT = "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>"
LAUGHS = (
    b'<!DOCTYPE Document [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)


def named(written: str) -> bytes:
    """A file whose second entry is this, with a reference to name it by."""
    reference = "<AcctSvcrRef>REF-2</AcctSvcrRef>"
    return message(statement(entry(), written.replace("</CdtDbtInd>", f"</CdtDbtInd>{reference}")))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (entry("1.005"), "finer than EUR"),
        (entry("0.0000000001"), "finer than EUR"),
        (entry("1.5", currency=' Ccy="JPY"'), "finer than JPY"),
        (entry(currency=""), "names no currency"),
        (entry(currency=' Ccy="Euro"'), "names no currency"),
        (entry(booked=""), "neither a booking date nor a value date"),
        (entry(booked="<BookgDt><Dt>2025-02-30</Dt></BookgDt>"), "2025-02-30"),
        (entry(booked="<BookgDt><Dt>2025-W05-1</Dt></BookgDt>"), "no date"),
        (entry(side="PLUS"), "neither credit nor debit"),
        (entry("1,50"), "no plain decimal"),
        (entry("1e3"), "no plain decimal"),
        (entry("-1.00"), "no plain decimal"),
        (entry("9" * 18), "cannot be kept"),
        (entry().replace(' Ccy="EUR">50.00', ">"), "no amount"),
    ],
)
def test_a_booking_that_cannot_be_kept_is_named(written: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refusal:
        read_all(named(written))
    assert refusal.value.detail.startswith("Entry 2 (reference REF-2)")


def test_a_payment_inside_a_booking_is_held_to_its_currency_too() -> None:
    part = "<TxDtls><Amt Ccy='EUR'>1.001</Amt></TxDtls>"
    with pytest.raises(Unreadable, match=r"A payment in Entry 1.*finer than EUR"):
        read_all(message(statement(entry(details=part))))


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "not XML"),
        (b"%PDF-1.7 ...", "not XML|broken"),
        (b"<html><body>no</body></html>", "root is html with body inside"),
        (message().replace(b"BkToCstmrStmt", b"CstmrCdtTrfInitn"), "root is Document"),
        (message(), "no statement"),
        (message(statement(head="<Id>2</Id>")), "names no account"),
        (message(statement(head=ACCOUNT)), "names no currency"),
        (message(statement(head=ACCOUNT + balance("OPBD", "1.001", "2025-01-01"))), "finer"),
        (
            message(statement(head=f"{ACCOUNT}<FrToDt><FrDtTm>2025-02-01T00:00:00</FrDtTm>"
            f"<ToDtTm>2025-01-01T00:00:00</ToDtTm></FrToDt>{balance('OPBD', '1', '2025-01-01')}")),
            "ends before it starts",
        ),
        (message(statement(entry(), balance("CLBD", "1.00", "2025-01-31"))), "after its entries"),
        (message(statement(entry()))[:-40], "broken by its end at byte"),
        (message(statement(entry())).replace(b"</Amt>", b"</Amd>"), "broken near byte"),
        (message(statement(entry())) + b"<more/>", "Extra content"),
        (message(statement(entry(more="<Nm>&eacute;</Nm>"))), "eacute"),
        (message(statement(entry())).replace(b"UTF-8", b"UTF-7"), "utf-7, is not supported"),
        (message(statement(entry())).decode().encode("utf-32"), "UTF-32, is not supported"),
        (message(statement(entry())).replace(b"50.00", b"50\xff00"), "broken"),
    ],
)  # fmt: skip
def test_a_file_is_refused_for_what_is_wrong_with_it(file: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_all(file)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (LAUGHS + b"<Document>&l11;</Document>", "DOCTYPE"),
        (LAUGHS + b'<Document x="&l11;"/>', "DOCTYPE|amplification"),
        (b'<!DOCTYPE D [<!ENTITY x SYSTEM "file:///etc/passwd">]><D>&x;</D>', "DOCTYPE"),
        (b'<!DOCTYPE D SYSTEM "http://192.0.2.1/d.dtd"><D/>', "DOCTYPE"),
        (
            b'<!DOCTYPE D [<!ENTITY % x SYSTEM "http://192.0.2.1/d">%x;]><D/>',
            "DOCTYPE",
        ),
        (b"<Document>" + b"<a>" * 100_000, "nested too deeply"),
        (message(statement(entry(more="<a>" * 5_000 + "</a>" * 5_000))), "nested too deeply"),
    ],
)
def test_an_attack_is_refused_without_much_work(file: bytes, reason: str) -> None:
    start = time.process_time()
    with pytest.raises(Unreadable, match=reason):
        read_all(file)
    assert time.process_time() - start < 10


def test_an_entry_without_end_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "LARGEST", 1024 * 1024)

    class Endless(BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Endless.taken += size or 0
            return super().read(size) or b"<x>endless</x>" * 1000

    start = message(statement(entry())).partition(b"</Ntry>")[0]
    with pytest.raises(Unreadable, match="1 MiB"):
        list(camt.read(Endless(start)))
    assert Endless.taken < 8 * 1024 * 1024


def test_a_text_without_end_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "LARGEST", 1024 * 1024)
    start = message(statement(entry())).partition(b"</Ntry>")[0]
    with pytest.raises(Unreadable, match="1 MiB"):
        read_all(start + b"<Nm>" + b"x" * 2 * 1024 * 1024)


def test_many_differently_shaped_entries_are_read_all_the_same() -> None:
    def shapes() -> Iterator[str]:
        for number in range(700):
            yield entry(f"{number}.00", more=f"<x{number}/>")

    _, transactions = read_all(message(statement(*shapes())))
    assert [each.amount for each in transactions] == [number * 100 for number in range(700)]
