"""CAMT.052, .053 and .054 by ISO 20022, in every version: bytes to statements and bookings.

Elements are known by their local names, whatever the version, prefix or encoding.
"""

import codecs
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, cast

from lxml import etree

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.camt.documents import Documents
from core.formats.camt.entry import BadPart, read_entry
from core.formats.camt.fields import Fields, entry_steps, gather, likely_day, statement_steps
from core.formats.camt.head import read_head
from core.formats.camt.markup import BLOCK, Located, SiblingRun, locate
from core.formats.camt.opening import Opening, local, namespace, peek
from core.formats.camt.repeats import Repeats
from core.formats.camt.shapes import Shapes
from core.formats.common.texts import BadValue
from core.statements.model import Account, Statement, StatementKind, Transaction

MESSAGES = {"BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"}
MESSAGES |= {f"{message}V01" for message in MESSAGES}
KINDS: dict[str, StatementKind] = {"Stmt": "statement", "Rpt": "intraday", "Ntfctn": "notice"}
ENTRY = "Ntry"
DECLARATION = re.compile(rb"<\?xml\s[^>]*\?>")
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is XML; `read` says what is wrong with one that is no CAMT."""
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip().startswith(b"<")


def read(source: BinaryIO) -> Iterator[Statement | Transaction]:
    """Each statement's head, then its bookings, as the file streams by; amounts in minor units.

    A booking's evidence is the byte range of its `<Ntry>…</Ntry>`. Raises Unreadable with the
    reason, at the latest when the file ends: what came before then does not count.
    """
    documents = Documents(source)
    yield from _read(cast(BinaryIO, documents))
    while documents.go_on():
        start = documents.start
        for each in _read(cast(BinaryIO, documents)):
            if isinstance(each, Transaction):
                place = each.evidence
                yield each._replace(evidence=Bytes(start + place.start, start + place.end))
            else:
                yield each


def _read(source: BinaryIO) -> Iterator[Statement | Transaction]:
    """The same of one document; places are counted from its first byte."""
    opening = peek(_first_block(source), MESSAGES)
    if not _is_camt(opening):
        raise Unreadable(_why_no_camt(opening))
    reader = _Message()
    for located in locate(source, opening, (ENTRY, *KINDS), Shapes().read):
        yield from reader.read(located)
    if not reader.statements:
        raise Unreadable(
            Bilingual(
                "The message holds no statement, report or notice.",
                "Die Nachricht enthält weder Kontoauszug noch Umsatzbericht noch Avis.",
            )
        )


class _Message:
    """What has been read of a message so far, and the statement that is being read."""

    def __init__(self) -> None:
        self.statements = 0
        self._entries = 0
        self._container: etree._Element | None = None
        self._inside = False  # the last entry was one of the container
        self._booked: date | None = None  # the day of the last entry
        self._repeats: Repeats
        self._account: Account  # that of the container, once its head has been read
        self._status: str
        self._until: date | None  # a day for what is expected

    def read(
        self, located: Located | SiblingRun[list[Fields]]
    ) -> Iterator[Statement | Transaction]:
        """Read entries or the end of a statement; drop what has been read."""
        if isinstance(located, Located):
            yield from self._read_element(located)
        elif self._inside:
            bookings = map(self._entry, located.values, located.places)
            yield from self._repeats.once(bookings) if self._repeats.looked_for else bookings

    def _read_element(self, located: Located) -> Iterator[Statement | Transaction]:
        name, place, element = located
        parent = element.getparent()
        if parent is None:
            raise Unreadable(
                Bilingual(
                    f"The file's root is {name}, not a CAMT message.",
                    f"Das Wurzelelement der Datei ist {name}, keine CAMT-Nachricht.",
                )
            )
        self._inside = name == ENTRY and local(parent.tag) in KINDS
        if name in KINDS:
            yield from self._end(element)
            del parent[: parent.index(element)]
        elif self._inside:
            if parent is not self._container:
                yield self._begin(parent, element)
            fields: Fields = {}
            parts: list[Fields] = []
            gather(element, entry_steps(namespace(element)), fields, parts)
            booking = self._entry([fields, *parts], place)
            yield from self._repeats.once([booking]) if self._repeats.looked_for else [booking]
            del parent[: parent.index(element)]

    def _begin(self, container: etree._Element, first: etree._Element | None) -> Statement:
        """The head of a statement, which stands before its first entry."""
        fields: Fields = {}
        parts: list[Fields] = []
        gather(container, statement_steps(namespace(container)), fields, parts)
        amount = None if first is None else first.find("{*}Amt")
        currency = None if amount is None else amount.get("Ccy")
        self.statements += 1
        self._container = container
        head = read_head(KINDS[local(container.tag)], fields, parts, currency)
        if head.starts_on is None and fields.get("page", "1") != "1" and self._goes_on(head):
            head = head._replace(starts_on=self._booked)
        self._account, self._booked, self._repeats = head.account, None, Repeats(head)
        self._until = head.ends_on or likely_day(fields, "created")
        # The status is mandatory; a final statement that leaves it out means booked ones.
        self._status = "BOOK" if head.kind == "statement" else ""
        return head

    def _goes_on(self, head: Statement) -> bool:
        """Whether it is of the same account as the one before."""
        return self.statements > 1 and self._account.number == head.account.number

    def _end(self, container: etree._Element) -> Iterator[Statement | Transaction]:
        if container is not self._container:
            yield self._begin(container, None)
        elif container.find("{*}Bal") is not None:
            raise Unreadable(
                Bilingual(
                    f"Statement {self.statements} has balances after its entries.",
                    f"Im Kontoauszug {self.statements} stehen Salden hinter den Buchungen.",
                )
            )
        self._container = None
        container.clear()
        yield from self._repeats.end()

    def _entry(self, fields: list[Fields], evidence: Bytes) -> Transaction:
        entry, *parts = fields
        self._entries += 1
        try:
            booking = read_entry(
                entry,
                parts,
                self._account,
                status=self._status,
                expected=self._until,
                evidence=evidence,
            )
        except BadPart as error:
            name = _entry_name(self._entries, entry)
            raise error.as_unreadable(
                Bilingual(f"A payment in {name.en}", f"Eine Zahlung in {name.de}")
            ) from None
        except BadValue as error:
            raise error.as_unreadable(_entry_name(self._entries, entry)) from None
        self._booked = booking.booked_on
        if self._until is None:
            self._until = booking.booked_on
        return booking


def _entry_name(number: int, entry: Fields) -> Bilingual:
    """The entry of that number in the file, as it is called in a refusal."""
    reference = (entry.get("bank_reference") or entry.get("entry_reference") or "")[:40]
    if not reference:
        return Bilingual(f"Entry {number}", f"Buchung {number}")
    return Bilingual(
        f"Entry {number} (reference {reference})", f"Buchung {number} (Referenz {reference})"
    )


def _first_block(source: BinaryIO) -> bytes:
    """The first block of the file, whole even where the source hands out less at a time."""
    head = b""
    while len(head) < BLOCK and (more := source.read(BLOCK - len(head))):
        head += more
    blanks = len(head) - len(head.lstrip())
    declared = DECLARATION.match(head, blanks) if blanks else None
    if declared is None:
        return head
    # Blank lines before the declaration, which XML forbids, change places with it: no byte moves.
    return declared[0] + head[:blanks] + head[declared.end() :]


def _is_camt(opening: Opening) -> bool:
    return bool(opening.names) and opening.names[-1] in MESSAGES


def _why_no_camt(opening: Opening) -> Bilingual:
    """Why a file that is no CAMT message is none."""
    if not opening.head:
        return Bilingual("The file is empty.", "Die Datei ist leer.")
    if not opening.names:
        return Bilingual(
            "The file is not XML, or nothing but its beginning.",
            "Die Datei ist kein XML oder nur dessen Anfang.",
        )
    root, *inside = opening.names[:2]
    en, de = (f" with {inside[0]} inside", f", darin {inside[0]}") if inside else ("", "")
    return Bilingual(
        f"The XML is not a CAMT message: its root is {root}{en}.",
        f"Das XML ist keine CAMT-Nachricht: Das Wurzelelement ist {root}{de}.",
    )
