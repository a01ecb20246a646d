"""OFX 1 (SGML), OFX 2 (XML) and QFX, read tolerantly: bytes to statements.

Elements that hold a value may or may not be closed, so nothing is asked of the markup but that
each booking begins with `<STMTTRN>`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.common.rewritten import encoding_of, in_utf8
from core.formats.common.texts import BadValue, booking_at, decode_bytes
from core.formats.ofx.entry import read_entry
from core.formats.ofx.fields import Fields, fields, words
from core.formats.ofx.head import StatementHead
from core.formats.ofx.repeats import Correction, corrected, told_once
from core.formats.ofx.sides import SignedBookings
from core.statements.model import Balance, Item, Statement, Transaction

BLOCK = 256 * 1024
LARGEST = 16 * 1024 * 1024  # bytes between two bookings; no more is ever held
LOOKS = re.compile(rb"OFXHEADER|<OFX>", re.IGNORECASE)
ODD_TAG = re.compile(rb"(</?(?:[a-z][a-z0-9.]*|[A-Z][A-Z0-9.]*(?=[ \t])))([ \t]*)>")
BEGIN, END = b"<STMTTRN>", b"</STMTTRN>"
# What is between bookings: statements, and lists of bookings that are still pending.
PART = re.compile(
    rb"<(/?)(STMTRS|CCSTMTRS|INVSTMTRS|BANKTRANLISTP)>"
    rb"|<STMTTRNP>(.*?)(?=<(?:/?STMTTRNP|/BANKTRANLISTP)>|\Z)",
    re.DOTALL,
)
# With one of these a booking ends that nobody has closed.
AFTER_BOOKINGS = re.compile(
    rb"</?(?:BANKTRANLISTP?|INVTRANLIST|INVBANKTRAN|STMTTRNP|LEDGERBAL|AVAILBAL|BALLIST|INVBAL"
    rb"|(?:CC|INV)?STMT(?:TRN)?RS|(?:BANK|CREDITCARD|INVSTMT)MSGSRSV1|OFX)>"
)
OUTSIDE = Bilingual("stands in no statement", "steht in keinem Kontoauszug")
NOTHING = Bilingual(
    "The OFX file holds no bank statement.", "Die OFX-Datei enthält keinen Kontoauszug."
)
CUT_OFF = Bilingual(
    "The OFX file ends in the middle of a statement: it was cut off. Send it anew, whole.",
    "Die OFX-Datei endet mitten in einem Kontoauszug: Sie wurde abgeschnitten. Bitte vollständig"
    " neu senden.",
)
INVESTED_ONLY = Bilingual(
    "The OFX file holds a statement of investments only, which is no bank statement.",
    "Die OFX-Datei enthält nur einen Depotauszug, keinen Kontoauszug.",
)


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is OFX."""
    return LOOKS.search(head.replace(b"\0", b"")) is not None


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement's head, then its bookings; amounts in minor units.

    The ledger's balance is the closing one; OFX has no opening balance. A booking's evidence is
    the byte range of its `<STMTTRN>…</STMTTRN>`. Raises Unreadable with the reason, at the latest
    when the file ends: what came before then does not count.
    """
    if encoding := encoding_of(source.read(64)):
        rewritten = in_utf8(source, encoding)
        return rewritten.placed(_read(rewritten.source))
    source.seek(0)
    return _read(source)


def _read(source: BinaryIO) -> Iterator[Item]:
    reader = _Reader()
    for chunk, start, end in _chunks(source):
        before, _, body = chunk.partition(BEGIN)
        if before and not before.isspace():
            yield from reader.read_between(before, start)
        place = start + len(before)
        closed = end > start + len(chunk)
        if BEGIN in body or (body and not closed):  # some writers forget to close one
            *unclosed, last = body.split(BEGIN)
            for text in (*unclosed, *(() if closed else (last.rstrip(),))):
                yield from reader.read_unclosed(text, place)
                place += len(BEGIN) + len(text)
            body = last if closed else b""
        if body:
            reader.add(decode_bytes(body), tuple.__new__(Bytes, (place, end)))
    yield from reader.finish()


class _Reader:
    """What has been read so far, and the statement that is being read."""

    def __init__(self) -> None:
        self._statements = 0
        self._head: StatementHead | None = None
        self._items: list[Finding | Transaction] = []
        self._corrections: dict[str, Correction] = {}  # by the booking that makes it
        self._pending = False  # the list that is being read
        self._listed = False  # all of the statement's bookings
        self._closed: dict[str, Balance] = {}  # with what accounts closed in this file
        self._response: Fields = {}  # what the bank's server says before any statement
        self._invested = False

    def read_between(self, raw: bytes, start: int) -> Iterator[Item]:
        """Read what stands between two bookings; give the statement that ends there."""
        at = 0
        for part in PART.finditer(raw):
            self._note(raw[at : part.start()])
            at = part.end()
            if part[2] is None:
                self._add_pending(decode_bytes(part[3]), Bytes(start + part.start(), start + at))
            elif part[2] == b"BANKTRANLISTP":
                self._pending = not part[1]
            else:
                yield from self._end()
                if not part[1]:
                    bank = words(self._response.get("ORG"))
                    self._head, self._listed = StatementHead(part[2].decode(), bank), False
        self._note(raw[at:])

    def read_unclosed(self, text: bytes, start: int) -> Iterator[Item]:
        """Read a booking that nobody has closed, and what stands between it and the next one."""
        ends = AFTER_BOOKINGS.search(text)
        body = text if ends is None else text[: ends.start()]
        begin = start + len(BEGIN)
        self.add(decode_bytes(body), Bytes(start, begin + len(body)))
        if ends is not None:
            yield from self.read_between(text[ends.start() :], begin + ends.start())

    def add(self, body: str, place: Bytes) -> None:
        """Read a booking."""
        if self._head is None:
            raise BadValue(OUTSIDE).as_unreadable(booking_at(place.start))
        booking, odd = read_entry(body, self._head, place)
        if self._pending:
            booking = booking._replace(pending=True)
        if "<CORRECTFITID>" in body:
            elements = fields(body)
            deletes = words(elements.get("CORRECTACTION")) == "DELETE"
            correction = Correction(words(elements["CORRECTFITID"]), deletes)
            self._corrections[booking.bank_reference or ""] = correction
        self._items.append(booking)
        if odd:
            self._items += odd

    def _add_pending(self, body: str, place: Bytes) -> None:
        """Read a booking of the list of pending ones, which has a day of its own name."""
        was, self._pending = self._pending, True
        self.add(body.replace("DTTRAN>", "DTPOSTED>"), place)
        self._pending = was

    def finish(self) -> Iterator[Item]:
        """Give what is left at the end of the file; raises Unreadable where there was nothing."""
        if self._head is not None and not (self._listed or self._head.invests):
            raise Unreadable(CUT_OFF)
        yield from self._end()
        if self._statements:
            return
        reason = INVESTED_ONLY if self._invested else NOTHING
        if not self._invested and words(self._response.get("SEVERITY")) == "ERROR":
            message = words(self._response.get("MESSAGE"))[:120]
            reason = Bilingual(
                f"{reason.en} The bank's server says: {message!r}.",
                f"{reason.de} Der Server der Bank meldet: {message!r}.",
            )
        raise Unreadable(reason, code="no_statement")

    def _note(self, raw: bytes) -> None:
        self._listed |= b"</BANKTRANLIST>" in raw or b"<LEDGERBAL>" in raw
        if self._pending:
            return
        text = decode_bytes(raw)
        if self._head is not None:
            self._head.note(text)
        else:
            self._response |= fields(text)

    def _end(self) -> Iterator[Item]:
        head, corrections = self._head, self._corrections
        items: Sequence[Finding | Transaction] = self._items
        self._head, self._items, self._corrections, self._pending = None, [], {}, False
        if head is None:
            return
        self._invested |= head.invests
        if head.invests and not items:
            return
        self._statements += 1
        if corrections:
            items, _, findings = corrected(head.number, items, corrections)
            yield from findings
        signed = SignedBookings(items, of_card=head.of_card)
        again: Sequence[Transaction] = ()
        for each in head.items():
            if isinstance(each, Statement):
                account = each.account.number
                opening, closing = self._closed.get(account), each.closing
                yield from signed.settle(account, opening, closing)
                if not signed.proven:
                    signed.items, again, findings = told_once(account, signed.items)
                    yield from findings
                if closing is not None:
                    self._closed[account] = closing
                bare = each._replace(starts_on=None, ends_on=None, closing=None, available=None)
            yield each
        yield from signed.items
        if again:  # as a statement of its own, so that it counts once
            yield bare
            yield from again


def _chunks(source: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """What ends with the end of a booking, which is left out, and from and to which byte it is."""
    buffer, at, in_small_letters = b"", 0, None
    while block := source.read(BLOCK):
        buffer += block
        if in_small_letters is None:
            in_small_letters = ODD_TAG.search(buffer) is not None
        if in_small_letters:
            buffer = ODD_TAG.sub(lambda tag: tag[1].upper() + b">" + tag[2], buffer)
        *chunks, buffer = buffer.split(END)
        for chunk in chunks:
            end = at + len(chunk) + len(END)
            yield chunk, at, end
            at = end
        if len(buffer) > LARGEST:
            raise Unreadable(
                Bilingual(
                    f"After byte {at} no booking ends for more than {LARGEST >> 20} MiB.",
                    f"Nach Byte {at} endet auf mehr als {LARGEST >> 20} MiB keine Buchung.",
                )
            )
    yield buffer, at, at + len(buffer.rstrip())
