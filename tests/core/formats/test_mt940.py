"""What banks write into MT940 and MT942, and what is made of it."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats import parsers
from core.formats.mt940.reader import read
from core.ids import new_id
from core.statements import assemble
from core.statements.model import Balance, Statement, Transaction

pytestmark = pytest.mark.unit

HEAD = (":20:STARTUMS", ":25:20070000/0123456601", ":28C:00012/001", ":60F:C240102EUR100,00")
FOOT = (":62F:C240131EUR150,00", "-")
LINE = ":61:2401150115CR50,00NTRFNONREF//4711"
TEXT = ":86:166?00GUTSCHRIFT?20Rechnung 1?32Muster GmbH"


def message(
    *lines: str, head: tuple[str, ...] = HEAD, foot: tuple[str, ...] = FOOT, end: str = "\r\n"
) -> str:
    """A message with these lines in its middle."""
    return "".join(f"{line}{end}" for line in (*head, *lines, *foot))


def read_all(
    text: str | bytes,
) -> tuple[list[Statement], list[Transaction], list[Finding]]:
    """Everything that a file says, by kind."""
    content = text if isinstance(text, bytes) else text.encode("cp1252")
    items = list(read(BytesIO(content)))
    return (
        [each for each in items if isinstance(each, Statement)],
        [each for each in items if isinstance(each, Transaction)],
        [each for each in items if isinstance(each, Finding)],
    )


def booking(*lines: str) -> Transaction:
    """The one booking of a message."""
    (found,) = read_all(message(*lines))[1]
    return found


def test_a_statement_says_whose_and_between_which_balances() -> None:
    (head,), (found,), findings = read_all(message(LINE, TEXT))
    assert head.kind == "statement"
    assert head.account.number == "DE41200700000123456601"
    assert (head.account.currency, head.number) == ("EUR", "12")
    assert head.opening == Balance(10000, date(2024, 1, 2))
    assert head.closing == Balance(15000, date(2024, 1, 31))
    assert (found.booked_on, found.valued_on, found.amount) == (
        date(2024, 1, 15), date(2024, 1, 15), 5000,
    )  # fmt: skip
    assert (found.counterparty, found.gvc, found.bank_reference) == ("Muster GmbH", "166", "4711")
    assert found.remittance == "GUTSCHRIFT Rechnung 1"
    assert not findings


def test_the_evidence_is_line_and_text_without_what_surrounds_them() -> None:
    more = ":86:166?00GUTSCHRIFT?20Zwei\r\nZeilen"
    content = message(LINE, more, LINE).encode()
    first, second = read_all(content)[1]
    place = content[first.evidence.start : first.evidence.end].decode()
    assert place == f"{LINE}\r\n{more}"
    assert content[second.evidence.start : second.evidence.end].decode() == LINE


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "@@"])
def test_lines_end_as_each_system_ends_them(end: str) -> None:
    (head,), (found,), _ = read_all(message(LINE, TEXT, end=end))
    assert head.closing == Balance(15000, date(2024, 1, 31))
    assert (found.amount, found.counterparty) == (5000, "Muster GmbH")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_umlauts_are_read_however_they_are_encoded(encoding: str) -> None:
    text = message(LINE, ":86:166?00ÜBERWEISUNG?20Größe?32Änne Müller – Söhne")
    (found,) = read_all(text.encode(encoding))[1]
    assert (found.remittance, found.counterparty) == ("ÜBERWEISUNG Größe", "Änne Müller – Söhne")


@pytest.mark.parametrize(
    ("line", "amount", "reversal"),
    [
        (":61:240115C50,NTRFNONREF", 5000, False),
        (":61:2401150115D0,5NTRFNONREF", -50, False),
        (":61:240115DR1234,56NTRFNONREF", -123456, False),
        (":61:2401150115RD7,00NTRFNONREF", 700, True),
        (":61:2401150115RCR7,00NTRFNONREF", -700, True),
        (":61:2401150115C000000000007,50N021117301582", 750, False),
        (":61:2401150115D12,35 NRTIKREF+//20160217", -1235, False),
        (":61:240115C65,00NMSC", 6500, False),
        (":61:240115C500NTRF29-07-2014 10:05//B4G29", 50000, False),
    ],
)
def test_a_line_is_signed_by_its_side(line: str, amount: int, reversal: bool) -> None:
    found = booking(line)
    assert (found.amount, found.reversal) == (amount, reversal)


def test_an_entry_date_lies_in_the_year_that_is_nearest() -> None:
    late = booking(":61:2401021230C1,00NTRFNONREF")
    early = booking(":61:2312300102C1,00NTRFNONREF")
    assert (late.booked_on, late.valued_on) == (date(2023, 12, 30), date(2024, 1, 2))
    assert (early.booked_on, early.valued_on) == (date(2024, 1, 2), date(2023, 12, 30))


def test_without_an_entry_date_it_is_booked_within_the_statements_days() -> None:
    assert booking(":61:240215C1,00NTRFNONREF").booked_on == date(2024, 1, 31)
    assert booking(":61:231215C1,00NTRFNONREF").booked_on == date(2024, 1, 2)


def test_a_day_that_does_not_exist_is_kept_as_the_last_real_one_and_said() -> None:
    line = ":61:2302300301CR50,00NTRFNONREF"
    _, (found,), (finding,) = read_all(message(line))
    assert (found.valued_on, found.booked_on) == (date(2023, 2, 28), date(2023, 3, 1))
    assert finding.code == "impossible_date"
    assert "30 February 2023" in finding.detail.en
    kept = assemble(parsers.read(BytesIO(message(line).encode())), new_id())
    assert kept.findings == (finding,)


def test_pages_of_a_statement_are_one_statement() -> None:
    first = message(LINE, foot=(":62M:C240115EUR150,00", "-"))
    rest = message(
        ":61:2401200120DR30,00NTRFNONREF",
        head=(*HEAD[:2], ":28C:00012/002", ":60M:C240115EUR150,00"),
        foot=(":62F:C240131EUR120,00", "-"),
    )
    heads, found, findings = read_all(first + rest)
    assert [(each.opening, each.closing) for each in heads] == [
        (Balance(10000, date(2024, 1, 2)), Balance(12000, date(2024, 1, 31)))
    ]
    assert [each.amount for each in found] == [5000, -3000]
    assert not findings


def test_a_page_that_is_missing_between_two_is_named() -> None:
    first = message(LINE, foot=(":62M:C240115EUR150,00", "-"))
    rest = message(
        head=(*HEAD[:2], ":28C:00012/003", ":60M:C240120EUR99,00"),
        foot=(":62F:C240131EUR99,00", "-"),
    )
    (head,), _, (finding,) = read_all(first + rest)
    assert head.closing == Balance(9900, date(2024, 1, 31))
    assert finding.code == "page_missing"


def test_statements_of_several_accounts_stay_apart() -> None:
    other = message(LINE, head=(HEAD[0], ":25:DE02120300000000202051", *HEAD[2:]))
    heads, found, _ = read_all(message(LINE) + other)
    assert [each.account.number for each in heads] == [
        "DE41200700000123456601",
        "DE02120300000000202051",
    ]
    assert len(found) == 2


def test_an_mt942_tells_of_what_is_not_final() -> None:
    text = (
        ":20:X\n:25:DE02120300000000202051\n:28C:1/1\n:34F:EUR0,\n:13D:2401151200+0100\n"
        f"{LINE}\n{TEXT}\n:90C:1EUR50,00\n-\n"
    )
    (head,), (found,), (finding,) = read_all(text)
    assert (head.kind, head.account.currency, found.pending) == ("intraday", "EUR", True)
    assert finding.code == "not_final"


@pytest.mark.parametrize(
    ("text", "remittance", "counterparty", "account"),
    [
        (
            "105?00LASTSCHRIFT?20EREF+1234567890ABCDEFGHIJKL?21MNO MREF+77 SVWZ+Beitrag Ja?22"
            "nuar 2024?30COBADEFFXXX?31DE02120300000000202051?32Verein der Freunde des Wald?33es",
            "LASTSCHRIFT Beitrag Januar 2024", "Verein der Freunde des Waldes",
            "DE02120300000000202051",
        ),
        (
            "106?00KARTE?20SVWZ+Tanken ABWA+Tankstelle", "KARTE Tanken", "Tankstelle", None,
        ),
        (
            "051?00UEBERWEISUNG?20Miete?21Januar?3020070000?310123456601?32Mieter",
            "UEBERWEISUNG Miete Januar", "Mieter", "DE41200700000123456601",
        ),
        (
            "166?00GUTSCHRIFT?20Was kostet das??21Viel?32A?30", "GUTSCHRIFT Was kostet das? Viel",
            "A", None,
        ),
        ("166?00GUTSCHRIFT?20SVWZ+Rechnung 12\r\n34", "GUTSCHRIFT Rechnung 1234", None, None),
        (
            "/TRTP/SEPA OVERBOEKING/IBAN/NL71RABO0123456789/BIC/RABONL2U/NAME/J. Jansen/REMI/"
            "Factuur 1/EREF/NOTPROVIDED",
            "SEPA OVERBOEKING Factuur 1", "J. Jansen", "NL71RABO0123456789",
        ),
        (
            "/EREF/1//CNTP/NL71RABO0123456789/RABONL2U/J. Jansen/Utrecht//REMI/USTD//Factuur 2/",
            "Factuur 2", "J. Jansen", "NL71RABO0123456789",
        ),
        ("Miete Januar\r\nWerkstatt", "Miete Januar Werkstatt", None, None),
        ("999Freier Text", "Freier Text", None, None),
    ],
)  # fmt: skip
def test_a_text_is_understood_in_each_banks_way(
    text: str, remittance: str, counterparty: str | None, account: str | None
) -> None:
    found = booking(LINE, f":86:{text}")
    assert (found.remittance, found.counterparty, found.counterparty_account) == (
        remittance, counterparty, account,
    )  # fmt: skip


def test_the_reason_of_a_return_is_read_from_code_or_words() -> None:
    coded = booking(LINE, ":86:109?00RETOURE?20SVWZ+MS03 Beitrag")
    worded = booking(LINE, ":86:109?00RETOURE?20SVWZ+SONSTIGE GRUENDE Beitrag")
    other = booking(LINE, ":86:166?00GUTSCHRIFT?20Modell MS03")
    assert [each.return_reason for each in (coded, worded, other)] == ["MS03", "MS03", None]


def test_a_text_that_looks_like_a_field_or_an_end_is_text() -> None:
    found = booking(LINE, ":86:166?00GUTSCHRIFT?20Um", ":KO:20 Uhr", "-", "fertig")
    assert found.remittance == "GUTSCHRIFT Um:KO:20 Uhr-fertig"


def test_headers_and_trailers_of_swift_are_no_part_of_the_text() -> None:
    block = "{1:F01DEUTDEFFAXXX0000000000}{2:I940XXXXN}{4:\r\n"
    text = message(LINE, TEXT, foot=("-}{5:{CHK:0}}",))
    (head, _), (first, second), _ = read_all((block + text) * 2)
    assert head.account.bank == "DEUTDEFF"
    assert first.remittance == second.remittance == "GUTSCHRIFT Rechnung 1"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (message(":61:24XX15C1,00NTRF"), "cannot be read"),
        (message(":61:241315C1,00NTRF"), "no date"),
        (message(":61:240115C1,005NTRF"), "finer than EUR"),
        (message(LINE, foot=(":62F:nonsense",)), "cannot be read"),
        (":20:X\n:61:240115C1,00NTRF\n", "names no account"),
        (":20:X\n:25:DE02120300000000202051\n:28C:1\n", "names no currency"),
        (":20:X\n", "names no account"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_all(text)


def test_more_digits_than_the_currency_has_are_taken_if_they_are_zeros() -> None:
    assert booking(":61:240115C1,0500NTRF").amount == 105


POLISH = (
    ":20:1\n:25:/PL49999000000000000123456789\n:28C:1\n:60F:C250129PLN0,00\n"
    ":61:2501310131DN12,34S109NONREF\n:86:109~00ZAKUP KARTĄ~20Zażółć~21~32Sklep~33ul. Łąkowa 1\n"
    "~3849999000000000000123456789\n:62F:D250131PLN12,34\n-\n"
)


@pytest.mark.parametrize("page", ["cp1250", "iso-8859-2", "cp852", "utf-8"])
def test_polish_texts_are_read_in_whichever_code_page_they_are(page: str) -> None:
    (head,), (found,), _ = read_all(POLISH.encode(page))
    assert (head.account.number, head.account.currency) == ("PL49999000000000000123456789", "PLN")
    assert found.remittance == "ZAKUP KARTĄ Zażółć"
    assert found.counterparty == "Sklep ul. Łąkowa 1"
    assert found.counterparty_account == "PL49999000000000000123456789"
    assert found.evidence.end - found.evidence.start == len(
        POLISH[POLISH.index(":61:") : POLISH.index("\n:62F")].encode(page)
    )


def test_a_code_of_another_countrys_bank_is_not_taken_for_a_german_one() -> None:
    assert [each.gvc for each in read_all(POLISH.encode())[1]] == [None]


@pytest.mark.parametrize("written", ["NL68XBNK0123456789EUR", "NL68XBNK0123456789 EUR"])
def test_a_currency_behind_an_iban_is_no_part_of_it(written: str) -> None:
    head = (":20:X", f":25:{written}", *HEAD[2:])
    assert read_all(message(LINE, head=head))[0][0].account.number == "NL68XBNK0123456789"


def test_subfields_without_a_code_before_them_are_told_apart() -> None:
    found = booking(LINE, ":86:?20Rechnung 1?32Kunde")
    assert (found.remittance, found.counterparty, found.gvc) == ("Rechnung 1", "Kunde", None)


WORDS = st.text(st.sampled_from("abcÄß 0?+/:-."), max_size=40)
NUMBERED = st.lists(st.tuples(st.sampled_from(("10", "20", "21", "30", "31", "32", "60")), WORDS))
TEXTS = st.one_of(
    NUMBERED.map(lambda parts: "166?00GUTSCHRIFT" + "".join(f"?{at}{text}" for at, text in parts)),
    WORDS,
    WORDS.map(lambda text: f"/NAME/{text}/REMI/{text}"),
    st.sampled_from(("999Freier Text", "166?20SVWZ+Miete ABWA+Muster", "?20ohne Code", "")),
)
LINES = st.sampled_from(
    (
        LINE,
        ":61:240115RD7,NTRFNONREF//R-1",
        ":61:2402300301EC0,5N051//Käufer",
        ":61:2401150115D1,00NMSCKundennummer 12345 Muster\r\nNL71RABO0123456789",
    )
)


@pytest.mark.parametrize(
    ("opened", "begins"),
    [
        ("231231", date(2024, 1, 1)),
        ("240101", date(2024, 1, 1)),
        ("240102", date(2024, 1, 2)),
        ("231229", date(2023, 12, 29)),
    ],
)
def test_a_month_begins_with_its_first_day_where_the_bank_dates_its_opening_by_the_eve(
    opened: str, begins: date
) -> None:
    head = (*HEAD[:3], f":60F:C{opened}EUR100,00")
    ((told,), _, _) = read_all(message(LINE, TEXT, head=head))
    assert told.starts_on == begins
    ((told,), _, _) = read_all(message(":61:2312311231CR50,00NTRFX", head=head))
    assert told.starts_on == min(date(2023, 12, 31), begins)


@given(st.lists(st.tuples(LINES, TEXTS), min_size=2, max_size=8), st.sampled_from(("\r\n", "\n")))
def test_a_booking_says_the_same_alone_and_among_others(
    written: list[tuple[str, str]], end: str
) -> None:
    def said(bookings: list[tuple[str, str]]) -> list[Transaction]:
        lines = [each for line, text in bookings for each in (line, f":86:{text}")]
        return [
            each._replace(evidence=Bytes(0, 0)) for each in read_all(message(*lines, end=end))[1]
        ]

    assert said(written) == [each for one in written for each in said([one])]


@given(NUMBERED, st.sampled_from((26, 27, 28)))
def test_a_text_says_the_same_whatever_marks_its_subfields(
    parts: list[tuple[str, str]], length: int
) -> None:
    def said(mark: str) -> Transaction:
        subfields = [("00", "GUTSCHRIFT"), ("20", "x" * length), ("21", "y"), *parts]
        told = "".join(f"{mark}{at}{text.replace('?', '')}" for at, text in subfields)
        return booking(LINE, f":86:166{told}")

    assert said("?") == said("!")


def test_a_null_byte_is_a_blank() -> None:
    found = booking(LINE, ":86:166?00GUTSCHRIFT?20Rechnung\x001?32Muster\x00GmbH")
    assert (found.remittance, found.counterparty) == ("GUTSCHRIFT Rechnung 1", "Muster GmbH")


def test_a_text_that_is_said_twice_counts_once() -> None:
    found = booking(LINE, ":86:Miete Januar", ":86:Miete Januar", ":86:Werkstatt")
    assert found.remittance == "Miete Januar Werkstatt"


def test_bookings_behind_the_balance_have_their_texts_like_all_others() -> None:
    late = message(foot=(FOOT[0], LINE, TEXT, LINE, TEXT, FOOT[1]))
    (_, found, _) = read_all(late)
    assert [each.counterparty for each in found] == ["Muster GmbH", "Muster GmbH"]
    assert [each.evidence.end - each.evidence.start for each in found] == [len(LINE + TEXT) + 2] * 2


def test_the_evidence_ends_with_a_letter_even_if_that_looks_like_a_blank() -> None:
    content = message(LINE, ":86:166?00GUTSCHRIFT?32Città", LINE, TEXT).encode()
    first, _ = read_all(content)[1]
    assert content[first.evidence.start : first.evidence.end].decode().endswith("Città")


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(Unreadable, match="no field begins for more than 1 MiB"):
        read_all(message(LINE, TEXT + "\r\n:y" * 400_000))


def test_many_texts_of_one_booking_are_one() -> None:
    found = booking(LINE, *(f":86:Zeile {at}" for at in range(30_000)))
    assert found.remittance.endswith("Zeile 29998 Zeile 29999")


@pytest.mark.parametrize(
    ("code", "key", "purpose", "reason"),
    [
        ("109", "912", "ORG BT", "MD06"),
        ("159", "914", "ORG BT", "MS03"),
        ("166", "912", "ORG BT", None),  # keys of what is no return mean something else
        ("109", "991", "ORG BT", None),
        ("159", "", "SVWZ+Konto gesperrt", "AC06"),
        ("159", "", "SVWZ+Grund nicht spezifiziert", "MS03"),
    ],
)
@pytest.mark.parametrize("mark", ["?", "~"])
def test_a_return_says_why_by_the_key_beside_its_code(
    mark: str, code: str, key: str, purpose: str, reason: str | None
) -> None:
    text = f":86:{code}?00SEPA?20{purpose}?30COBADEFF505?32MAX MUSTER" + (
        f"?34{key}" if key else ""
    )
    assert booking(LINE, text.replace("?", mark)).return_reason == reason


@pytest.mark.parametrize(
    ("line", "text", "name", "account", "remittance"),
    [
        ("NOVBNL20INGB0001234567", "NL20INGB0001234567 hr jansen\n\nSieraden", "hr jansen",
         "NL20INGB0001234567", "Sieraden"),
        ("N501EREF//93381", "/NAME/Parc B.V./REMI/TO NL20INGB0001234567", "Parc B.V.",
         "NL20INGB0001234567", "TO NL20INGB0001234567"),
        ("NTRFNONREF//1", "911 PRZELEW 12", None, None, "911 PRZELEW 12"),
    ],
)  # fmt: skip
def test_who_stands_behind_the_line_is_told(
    line: str, text: str, name: str | None, account: str | None, remittance: str
) -> None:
    behind = {"NOVB": "hr jansen", "N501": "NL20INGB0001234567"}.get(line[:4], "911-PRZELEW")
    said = booking(f":61:2401150115CR50,00{line}", behind, f":86:{text}")
    assert (said.counterparty, said.counterparty_account) == (name, account)
    assert said.remittance == remittance


@pytest.mark.parametrize(
    ("text", "name", "remittance"),
    [
        ("/ORDP/COMPUTER INC.\n/REMI//INV/78541", "COMPUTER INC.", "INV/78541"),
        ("/PT/FT/PY/SOMETHING\n   123456789", None, "/PT/FT/PY/SOMETHING 123456789"),
        ("/OCMT/USD2853,12/\nPAYMENT OF 204", None, "/OCMT/USD2853,12/ PAYMENT OF 204"),
        ("<20Czynsz 6\n<21lokal\n<32JAN NOWAK", "JAN NOWAK", "Czynsz 6 lokal"),
    ],
)
def test_what_keys_of_other_banks_say_is_not_lost(
    text: str, name: str | None, remittance: str
) -> None:
    said = booking(LINE, f":86:{text}")
    assert (said.counterparty, said.remittance) == (name, remittance)


def test_a_booking_without_a_text_tells_the_customers_reference() -> None:
    assert booking(":61:2401150115DK755,00NMSCDBT.Test").remittance == "DBT.Test"
    assert booking(":61:2401150115DK755,00NMSCNONREF").remittance == ""


def test_an_amount_with_its_thousands_apart_is_refused_and_not_cut() -> None:
    with pytest.raises(Unreadable, match=r"1\.230,56NMSC"):
        read_all(message(":61:2401150115D1.230,56NMSCNONREF"))
