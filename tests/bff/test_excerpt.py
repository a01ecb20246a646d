"""A place in a file, shown as text."""

import pytest

from bff.excerpt import AFTER, BEFORE, encoding, excerpt

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("opening", "name"),
    [
        (b"<?xml version='1.0' encoding='ISO-8859-1'?>", "iso8859-1"),
        (b'<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        (b"\xef\xbb\xbf<Document/>", "utf-8"),
        ("\ufeff<a/>".encode("utf-16-le"), "utf-16-le"),
        ("\ufeff<a/>".encode("utf-16-be"), "utf-16-be"),
        ("<a/>".encode("utf-16-be"), "utf-16-be"),
        ("Konto;Tag".encode("utf-16-le"), "utf-16-le"),
        (b'<?xml version="1.0" encoding="made-up"?>', "utf-8"),
        (b"%PDF-1.7", "utf-8"),
    ],
)
def test_a_file_says_how_it_is_encoded(opening: bytes, name: str) -> None:
    assert encoding(opening) == name


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "iso8859-1"])
def test_the_marked_text_is_exactly_the_bytes(name: str) -> None:
    before, marked, after = "<Ü>\n", "<Ntry>Bäckerei</Ntry>", "\n<ß>"
    start, end = len(before.encode(name)), len((before + marked).encode(name))
    shown = excerpt((before + marked + after).encode(name), start, end, name)
    assert shown == (before, marked, after)


def test_a_character_cut_at_the_rim_is_left_out() -> None:
    around = "ü<a/>ü".encode()
    assert excerpt(around[1:-1], 1, 5, "utf-8") == ("", "<a/>", "")


def test_a_bank_that_does_not_say_so_writes_umlauts_in_one_byte() -> None:
    text = ":86:166?00ÜBERWEISUNG?32Änne Müller"
    assert excerpt(text.encode("cp1252"), 0, len(text), "utf-8") == ("", text, "")


def test_what_stands_around_is_shown_in_whole_lines() -> None:
    before, after = b"cut " * (BEFORE // 4) + b"\nwhole\n", b"\nwhole\n" + b"cut " * (AFTER // 4)
    around = before + b"<a/>" + after
    shown = excerpt(around, len(before), len(before) + 4, "utf-8")
    assert shown == ("whole\n", "<a/>", "\nwhole")
