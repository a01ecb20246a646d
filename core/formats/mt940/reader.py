"""MT940 statements and MT942 reports by SWIFT, as banks write them: bytes to statements.

A statement that was sent in pages (`62M`, then `60M`) is one again here. An MT942 tells of
bookings before they are final, so all of its are pending.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable
from core.formats.common.rewritten import encoding_of, in_utf8, without_indents
from core.formats.common.texts import decode
from core.formats.mt940 import swift
from core.formats.mt940.entry import read_bookings
from core.formats.mt940.head import Message, MessageHead, read_account, read_balance, read_head
from core.formats.mt940.narrative import numbered
from core.formats.mt940.swift import Field, RawBookings
from core.statements.model import Item

CURRENCY = re.compile(r"\s*([A-Z]{3})")
NUMBER = re.compile(r"\s*0*([0-9]+)")
SENDER = re.compile(rb"\{1:F01([A-Z]{6}[A-Z0-9]{2})")
INTERIM = re.compile(rb"\{2:[IO]942")
SINGLE = re.compile(rb"[\r\n]:32A:")
ITEMS = re.compile(rb"[\r\n]:(?:6[0-9][FM]?|34F):")
ONE_PAYMENT = Bilingual(
    "The file is a SWIFT message about one payment (such as MT103, MT900 or MT910), and not a"
    " statement. Ask the bank for the MT940 of these days.",
    "Die Datei ist eine SWIFT-Nachricht über eine einzelne Zahlung (etwa MT103, MT900 oder MT910),"
    " kein Kontoauszug. Bitte bei der Bank den MT940 dieser Tage anfordern.",
)
GOES_ON = frozenset(
    ("28", "28C", "60", "60F", "60M")
)  # behind a closing balance: the next statement
STRAY_NARRATIVE = re.compile(r"[0-9]{3}\?[0-9]{2}")
HEAD = 4096  # bytes by which it is told how the file is written
TOGETHER = 250  # bookings that are read at once: many a bank writes a message a day

recognises = swift.recognises


def read(source: BinaryIO) -> Iterator[Item]:
    """Each statement's head, then its bookings; amounts in minor units.

    A booking's evidence is the byte range of its `:61:` and `:86:` fields. Raises Unreadable with
    the reason, at the latest when the file ends: what came before then does not count.
    """
    head = source.read(HEAD)
    if encoding := encoding_of(head):
        rewritten = in_utf8(source, encoding)
        return rewritten.placed(read(rewritten.source))
    if swift.INDENTED.search(head):
        rewritten = without_indents(source)
        return rewritten.placed(read(rewritten.source))
    source.seek(0)
    return chain.from_iterable(_read(source))


def _read(source: BinaryIO) -> Iterator[list[Item]]:
    head = source.read(1024)
    if SINGLE.search(head) and not ITEMS.search(head):
        raise Unreadable(ONE_PAYMENT, code="no_statement")
    sender_match = SENDER.search(head)
    sender = sender_match[1].decode() if sender_match else None
    source.seek(0)
    reader = _Reader(interim=INTERIM.search(head) is not None)
    for each in swift.fields(source):
        reader.read(each)
        if reader.waiting >= TOGETHER:
            yield _items(reader.give(), sender)
    reader.finish()
    yield _items(reader.give(), sender)
    yield list(reader.missing)
    if not reader.messages:
        raise Unreadable(
            Bilingual(
                "The file names no account: it has no field :25:.",
                "Die Datei nennt kein Konto: Das Feld :25: fehlt.",
            )
        )


class _Reader:
    """The message that is being read, the one that it may go on with, and whole ones before."""

    def __init__(self, *, interim: bool) -> None:
        self.messages = 0
        self._interim = interim  # by the block before the first message
        self.waiting = 0  # whole messages and their bookings
        self.missing: list[Finding] = []  # pages
        self._message = Message()
        self._open = False  # to texts: the last booking
        self._texts: dict[str, None] = {}  # of it, each once, where there are several
        self._previous: Message | None = None
        self._whole: list[Message] = []

    def read(self, each: Field | RawBookings) -> None:
        """Read what comes next in the file."""
        if isinstance(each, RawBookings):
            self._book(each)
            return
        account = each.tag in ("25", "25P")
        if each.tag == "61":
            self._book(swift.lone(each))
        elif each.tag == "86" or (account and STRAY_NARRATIVE.match(each.value)):
            self._describe(each)
        elif each.tag == "NS":
            if self._open and not self._message.bookings.texts[-1] and not self._texts:
                self._describe(each._replace(value=numbered(each.value)), each.end)
        else:
            if each.tag in swift.BEGINS or (account and self._message.account is not None):
                self._end_message()
            elif each.tag in GOES_ON and self._message.closing is not None:
                self._begin_next(each.tag)
            self._note_field(each)

    def finish(self) -> None:
        """The file has ended: what is left is whole."""
        self._end_message()
        self._release()

    def give(self) -> list[MessageHead]:
        """The heads of whole messages, with their bookings."""
        heads, self._whole, self.waiting = [read_head(each) for each in self._whole], [], 0
        return heads

    def _book(self, bookings: RawBookings) -> None:
        self._settle()
        self._message.bookings.add(bookings)
        self._open = True

    def _describe(self, each: Field, end: int | None = None) -> None:
        """Put a text to the booking that it stands behind; one behind the balance is of no use."""
        if not self._open:
            return
        bookings = self._message.bookings
        if bookings.texts[-1] and not self._texts:
            self._texts[bookings.texts[-1].removeprefix("86:")] = None
        self._texts[each.value] = None
        bookings.ends[-1] = end or each.end

    def _settle(self) -> None:
        """The last booking has all of its texts."""
        if self._texts:
            self._message.bookings.texts[-1] = "86:" + "\n".join(self._texts)
            self._texts = {}

    def _note_field(self, each: Field) -> None:
        """What a field says of the message as a whole."""
        message, value = self._message, each.value
        match each.tag:
            case "25" | "25P" if message.account is None:
                message.account, message.bank = read_account(decode(value))
            case "28" | "28C":
                message.number = _first_group(NUMBER, value)
            case "60" | "60F" | "60M":
                message.opening = each
            case "62" | "62F" | "62M":
                message.closing, self._open = each, False
            case "64":
                message.available = each
            case "90C" | "90D":
                message.controls.append(each)
            case "34F":
                message.intraday, message.currency = True, _first_group(CURRENCY, value)
            case "13" | "13D":
                message.intraday = True

    def _end_message(self) -> None:
        """The message is whole: put it to the pages it goes on with, else let go of those."""
        self._settle()
        message, self._message, self._open = self._message, Message(), False
        if message.account is None:
            if message.bookings.starts:
                at = message.bookings.starts[0]
                raise Unreadable(
                    Bilingual(
                        f"The field :61: at byte {at} names no account.",
                        f"Das Feld :61: ab Byte {at} gehört zu keinem genannten Konto.",
                    )
                )
            return
        self.messages += 1
        if message.opening is None and message.closing is None:
            message.intraday = message.intraday or self._interim or bool(message.controls)
        elif (
            message.opening and message.closing and (message.bookings.lines or not message.controls)
        ):
            message.intraday = False  # it is told when it was made, but its balances are final
        previous = self._previous
        if previous is not None and previous.goes_on_with(message):
            self.missing += _check_join(previous, message)
            previous.bookings.add(message.bookings)
            previous.closing, previous.available = message.closing, message.available
            previous.controls += message.controls
            return
        self._release()
        self._previous = message

    def _begin_next(self, tag: str) -> None:
        """Begin another statement of the account that the message has named once for all."""
        message = self._message
        self._end_message()
        number = message.number if tag == "60M" else None
        self._message = Message(message.account, message.bank, number)

    def _release(self) -> None:
        previous, self._previous = self._previous, None
        if previous is not None:
            self._whole.append(previous)
            self.waiting += 1 + len(previous.bookings.lines)


def _items(heads: Sequence[MessageHead], sender: str | None) -> list[Item]:
    """Each statement's head, what was odd about it or its bookings, and these."""
    written = RawBookings([], [], [], [])
    for head in heads:
        written.add(head.bookings)
    sizes = [len(head.message.bookings.lines) for head in heads]
    contexts = [head.context for head in heads]
    read = read_bookings(written, list(zip(contexts, sizes, strict=True)))
    items: list[Item] = []
    at = 0
    for head, size in zip(heads, sizes, strict=True):
        bookings = read.transactions[at : at + size]
        items.append(head.statement({each.booked_on for each in bookings}, sender))
        items.extend(head.findings())
        for each in range(at, at + size) if read.odd_days else ():
            items.extend(read.odd_days.get(each, ()))
        items.extend(bookings)
        at += size
    return items


def _check_join(prior: Message, page: Message) -> Iterator[Finding]:
    """A page whose first balance is not the last one of the page before: one is missing."""
    before, after = read_balance(prior.closing), read_balance(page.opening)
    if before and after and before[:2] != after[:2]:
        at = page.opening.start if page.opening else 0
        yield Finding(
            "page_missing",
            Bilingual(
                f"Statement {prior.number or 'without a number'} of account {prior.account} goes"
                f" on at byte {at} with another balance than its page before ends with; a page is"
                " missing.",
                f"Der Kontoauszug {prior.number or 'ohne Nummer'} des Kontos {prior.account} geht"
                f" ab Byte {at} mit einem anderen Saldo weiter, als seine vorige Seite endet; eine"
                " Seite fehlt.",
            ),
        )


def _first_group(pattern: re.Pattern[str], value: str) -> str | None:
    match = pattern.match(value)
    return match[1] if match and match[1] != "0" else None
