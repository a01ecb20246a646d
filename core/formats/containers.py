"""Files that hold or replace a statement and are none themselves: named for what they are."""

import re
from typing import NamedTuple

from core.bilingual import Bilingual
from core.errors import Unreadable

TAR_AT = 257  # where a tar file says that it is one
WEB_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype html|<html|<head|<table|<meta|<style|<body)",
    re.IGNORECASE | re.DOTALL,
)
MHTML = re.compile(rb"\s*MIME-Version:", re.IGNORECASE)
RTF = b"{\\rtf"
EXTF = re.compile(rb'"?(?:EXTF|DTVF)"?;[0-9]+;[0-9]+;"([^"]*)"')
DAY = rb'"?[0-9]{2}\.[0-9]{2}\.[0-9]{2,4}"?;'
# Bank, account, number of the statement, its day, day of value and of booking, amount.
DATEV_BANK = re.compile(
    rb'"?(?:[0-9]{8}|[A-Z]{6}[A-Z0-9]{2,5})"?;"?[A-Z0-9]{1,34}"?;"?[0-9/]{0,8}"?;'
    + 3 * DAY
    + rb'"?[+-]?[0-9.,]+[+-]?"?;'
)
WHAT_TO_SEND = Bilingual(
    "Ask the bank for its CAMT.053, MT940, CSV or PDF statements and send those.",
    "Bitte bei der Bank die Kontoauszüge als CAMT.053, MT940, CSV oder PDF anfordern und senden.",
)
UNPACK = Bilingual("Unpack it and send what is in it.", "Bitte entpacken und den Inhalt senden.")
EXPORT = Bilingual(
    "Export the bank's own CSV or CAMT.053 file, or save the table as CSV, and send that.",
    "Bitte die CSV- oder CAMT.053-Datei der Bank exportieren oder die Tabelle als CSV speichern"
    " und senden.",
)


class Container(NamedTuple):
    """What a file is, and what to send instead."""

    name: Bilingual
    advice: Bilingual


PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"(\xb5/\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"


def container_of(head: bytes) -> Container | None:
    """What kind of other file one is that begins so; None where it may be a statement."""
    if packed := next((name for mark, name in PACKED if head.startswith(mark)), None):
        return Container(
            Bilingual(f"a file packed with {packed}", f"eine mit {packed} gepackte Datei"), UNPACK
        )
    if head[TAR_AT : TAR_AT + 5] == b"ustar":
        return Container(Bilingual("a tar archive", "ein tar-Archiv"), UNPACK)
    if head.startswith(OLD_OFFICE):
        return Container(
            Bilingual(
                "a workbook or document of old Office programs, such as .xls or .doc",
                "eine Arbeitsmappe oder ein Dokument alter Office-Programme, etwa .xls oder .doc",
            ),
            EXPORT,
        )
    if head.startswith(ZIP):
        return _zipped(head)
    return _text(head)


def refusal(container: Container) -> Unreadable:
    """Why such a file is not read, and what to send instead."""
    name, advice = container
    return Unreadable(
        Bilingual(
            f"This file is {name.en}. {advice.en}", f"Diese Datei ist {name.de}. {advice.de}"
        ),
        code="container_unread",
    )


def _zipped(head: bytes) -> Container:
    if b"xl/" in head or b"workbook" in head:
        return Container(Bilingual("an Excel workbook (.xlsx)", "eine Excel-Mappe (.xlsx)"), EXPORT)
    if b"word/" in head:
        return Container(Bilingual("a Word document", "ein Word-Dokument"), WHAT_TO_SEND)
    if b"opendocument" in head or b"content.xml" in head:
        return Container(
            Bilingual("an OpenDocument file, such as .ods", "eine OpenDocument-Datei, etwa .ods"),
            EXPORT,
        )
    return Container(
        Bilingual("a zip archive or Office file", "ein Zip-Archiv oder eine Office-Datei"), UNPACK
    )


def _text(head: bytes) -> Container | None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.replace(b"\0", b"")[2:]
    if WEB_PAGE.match(text) or (MHTML.match(text) and b"text/html" in text):
        return Container(
            Bilingual(
                "a web page, whatever it is called (.xls or else)",
                "eine Webseite, auch wenn sie anders heißt (.xls oder ähnlich)",
            ),
            EXPORT,
        )
    if text.startswith(RTF):
        return Container(Bilingual("a text document (RTF)", "ein Textdokument (RTF)"), WHAT_TO_SEND)
    if DATEV_BANK.match(text):
        return Container(
            Bilingual(
                "a table of DATEV's bank data (ASCII), whose columns have no names: nothing in it"
                " says which day is which",
                "eine Tabelle der DATEV-Bankdaten (ASCII), deren Spalten keine Namen haben: nichts"
                " darin sagt, welcher Tag welcher ist",
            ),
            WHAT_TO_SEND,
        )
    if found := EXTF.match(text):
        kind = found[1].decode("cp1252", "replace")[:40]
        return Container(
            Bilingual(
                f"a DATEV file of the bookkeeping ({kind}), not of the bank",
                f"eine DATEV-Datei der Buchhaltung ({kind}), nicht der Bank",
            ),
            WHAT_TO_SEND,
        )
    return None
