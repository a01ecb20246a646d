"""Signs that a file was altered after its bank made it: each is named, none is weighed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

from core import bilingual
from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats.pdf.ink import Sight
from core.formats.pdf.inspection import InspectedPage
from core.formats.pdf.page import Line, Word
from core.formats.pdf.printed import leading_day
from core.formats.pdf.typefaces import PrintedAmount, prints

EDITORS = re.compile(
    r"ilovepdf|sejda|smallpdf|pdfescape|pdf-?xchange (?!printer|standard|lite)|phantompdf|soda ?pdf"
    r"|foxit (?:pdf )?(?:editor|pro\b)|nitro (?:pro|pdf pro|reader)|\bpdffiller|photoshop"
    r"|illustrator|inkscape|\bgimp\b|\bcanva\b(?! pdf engine)|pdfelement|wondershare|pdf ?candy"
    r"|dochub|master ?pdf|xodo|pdf24|\bqoppa|pdf studio|\binfix\b|able2extract|\bpdfsam\b"
    r"|(?:libre|open)office(?:\.org)? draw|adobe acrobat (?!distiller|pdfmaker|\d.*plug-?in)"
    r"|^acrobat (?:pro|standard|dc)\b",
    re.IGNORECASE,
)
ENGINES = re.compile(r"\b(?:sdk server|sdk for|library|jpdf\w+|print (?:driver|engine))\b", re.I)
"""What such makers also sell for banks to print with."""
AT_ONCE = timedelta(minutes=2)  # within which a print system writes a file
HEAD = 15  # lines of a page that tell account, holder and period
AS_HIGH = 1.4  # times: a stamp's or a watermark's letters are larger
SAME_START = 3.0  # points
SEVERAL = 2  # words over others
COVERED = 0.4  # of the smaller word, below another
DATE = re.compile(
    r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z|[+-]\d\d)'?(\d\d)?'?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class FileHistory:
    """What a file says of its making; `revisions` is how often it was written on to after that.

    `others` are further programs that it names. `after_signing` says that one of these revisions
    came after a signature.
    """

    producer: str = ""
    creator: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    revisions: int = 0
    others: tuple[str, ...] = ()
    after_signing: bool = False


def origins(history: FileHistory, last_day: date | None) -> Iterator[Finding]:
    """What is odd about how a file was made, that speaks of days up to the last one."""
    program = next(filter(_is_editor, (history.producer, history.creator, *history.others)), "")
    if program:
        yield Finding(
            "producer",
            Bilingual(
                f"The file was last written by {program[:60]}, a program that people edit with.",
                f"Die Datei wurde zuletzt mit {program[:60]} geschrieben, einem Programm zum"
                " Bearbeiten.",
            ),
        )
    created, modified = history.created, history.modified
    if created and modified and modified - created > AT_ONCE:
        made, changed = bilingual.minute(created), bilingual.minute(modified)
        yield Finding(
            "changed_after_creation",
            Bilingual(
                f"The file was made on {made.en} and changed on {changed.en}.",
                f"Die Datei wurde am {made.de} erstellt und am {changed.de} geändert.",
            ),
        )
    if created and last_day and created.date() < last_day - timedelta(days=1):
        made, ended = bilingual.minute(created), bilingual.day(last_day)
        yield Finding(
            "made_before_its_end",
            Bilingual(
                f"The file was made on {made.en}, before {ended.en}, of which it speaks.",
                f"Die Datei wurde am {made.de} erstellt, vor dem {ended.de}, von dem sie spricht.",
            ),
        )
    if history.revisions > 0:
        number = history.revisions
        en, de = ("once", "einmal") if number == 1 else (f"{number} times", f"{number}-mal")
        after = (
            Bilingual("signed", "Unterschreiben")
            if history.after_signing
            else Bilingual("written", "Schreiben")
        )
        yield Finding(
            "written_on",
            Bilingual(
                f"The file was added to {en} after it was {after.en} (incremental updates).",
                f"Die Datei wurde nach dem {after.de} {de} ergänzt (inkrementelle Updates).",
            ),
        )


def _is_editor(program: str) -> bool:
    return EDITORS.search(program) is not None and not ENGINES.search(program)


def of_statement(pages: Sequence[InspectedPage]) -> Iterator[Finding]:
    """What is odd about how a statement's pages are set."""
    for each in pages:
        yield from _overlaps(each.lines, each.prints)
        yield from _rewritten(each.lines[:HEAD])
    yield from prints(
        [amount for each in pages for amount in each.prints],
        [text for each in pages for text in each.texts],
    )


def of_sight(pages: Sequence[InspectedPage]) -> Iterator[Finding]:
    """Where something else is seen on pages than their text says; a scan's text is a proposal."""
    for each in pages:
        if each.typed_over:
            yield over_picture(each.number)
        elif not (each.scan and each.sight.seen == 0):
            yield from _sights(each.number, each.sight)


def _sights(page: int, sight: Sight) -> Iterator[Finding]:
    """Amounts of a page of which something else is seen than its text says."""
    for each in sight.hidden:
        yield Finding(
            "hidden_amount",
            Bilingual(
                f"Page {page}: the file's text says {each.text}, but nothing of it is seen on the"
                " page. It was left out.",
                f"Seite {page}: Im Text der Datei steht {each.text}, auf der Seite ist davon nichts"
                " zu sehen. Es wurde ausgelassen.",
            ),
        )
    for each in sight.covered:
        yield Finding(
            "covered_amount",
            Bilingual(
                f"Page {page}: the file's text says {each.text}, but something else is seen there."
                " What is seen was read.",
                f"Seite {page}: Im Text der Datei steht {each.text}, zu sehen ist dort etwas"
                " anderes. Gelesen wurde, was zu sehen ist.",
            ),
        )
    for each in sight.marked:
        yield Finding(
            "marked_amount",
            Bilingual(
                f"Page {page}: something that is no text is drawn upon or before {each.text}.",
                f"Seite {page}: Auf oder vor {each.text} ist etwas gezeichnet, das kein Text ist.",
            ),
        )


def _overlaps(lines: Sequence[Line], amounts: Sequence[PrintedAmount]) -> Iterator[Finding]:
    """Amounts that lie over other words of their page, which are then of their line or the next."""
    printed = {each.word.at: each for each in amounts}
    for at, line in enumerate(lines):
        for amount in filter(None, (printed.get(word.at) for word in line.words)):
            left, right = amount.word.left, amount.word.right
            near = (
                word
                for other in lines[max(0, at - 1) : at + 2]
                for word in other.words
                if word.left < right and left < word.right
            )
            over = next((each for each in near if _lies_over(amount.word, each)), None)
            if over is not None:
                page, text = amount.page, amount.word.text
                yield Finding(
                    "text_over_text",
                    Bilingual(
                        f"Page {page}: the amount {text} lies over {over.text[:40]}.",
                        f"Seite {page}: Der Betrag {text} liegt über {over.text[:40]}.",
                    ),
                )


def _rewritten(lines: Sequence[Line]) -> Iterator[Finding]:
    """Words of a page's head that lie over others as high: a holder, account or period rewritten.

    They begin where those do, and more than one does: titles of columns may run into each other.
    Each line is told once; the same word drawn twice is how some programs make it bold.
    """
    head = list(takewhile(lambda line: leading_day(line.words) is None, lines))
    for at, line in enumerate(head):
        near = [word for each in head[max(0, at - 1) : at + 2] for word in each.words]
        over = [
            (word, other)
            for word in line.words
            for other in near
            if word.at < other.at and _covers(other, word) and _is_as_high(word, other)
        ]
        begun = (
            (word, other)
            for word, other in over
            if word.text != other.text and abs(word.left - other.left) <= SAME_START
        )
        if len(over) >= SEVERAL and (found := next(begun, None)) is not None:
            below, above = (each.text[:40] for each in found)
            yield Finding(
                "text_over_text",
                Bilingual(
                    f"Page {line.page}: {above} lies over {below}.",
                    f"Seite {line.page}: {above} liegt über {below}.",
                ),
            )


def _is_as_high(one: Word, other: Word) -> bool:
    heights = sorted(each.bottom - each.top for each in (one, other))
    return heights[1] <= AS_HIGH * heights[0]


def _lies_over(word: Word, other: Word) -> bool:
    return word.at != other.at and _covers(other, word)


def over_picture(page: int) -> Finding:
    """A page whose text was written on to a picture of one."""
    detail = Bilingual(
        f"Page {page}: text is written over a picture of the page.",
        f"Seite {page}: Über ein Bild der Seite ist Text geschrieben.",
    )
    return Finding("text_over_image", detail)


@contextmanager
def told_where_unread(page: InspectedPage) -> Iterator[None]:
    """Where no reader of scans is at hand, say why a page that has text needed one."""
    try:
        yield
    except Unreadable as reason:
        if reason.code != "scans_not_read" or not page.sight.seen:
            raise
        what = page.sight.covered[0].text if page.sight.covered else ""
        raise Unreadable(
            Bilingual(
                f"Page {page.number}: what is seen is not what the file's text says"
                f" {f'({what})' if what else ''}, and pictures of pages are not read here. Send the"
                " statement as the bank made it.",
                f"Seite {page.number}: Zu sehen ist etwas anderes, als im Text der Datei steht"
                f" {f'({what})' if what else ''}, und Bilder von Seiten werden hier nicht gelesen."
                " Bitte den Kontoauszug so senden, wie die Bank ihn erstellt hat.",
            ),
            code="scans_not_read",
        ) from None


def pdf_date(text: str) -> datetime | None:
    """A date as PDF writes it, in UTC; None where it is none."""
    match = DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    hours = int(match[7]) if match[7] not in (None, "Z") else 0
    zone = timedelta(hours=abs(hours), minutes=int(match[8] or 0))
    try:
        found = datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=UTC)
        return found + zone if hours < 0 else found - zone
    except (ValueError, OverflowError):
        return None


def _covers(word: Word, other: Word) -> bool:
    if word.bottom <= other.top or other.bottom <= word.top:
        return False  # as nearly always
    width = min(word.right, other.right) - max(word.left, other.left)
    height = min(word.bottom, other.bottom) - max(word.top, other.top)
    if width <= 0 or height <= 0:
        return False
    areas = [(w.right - w.left) * (w.bottom - w.top) for w in (word, other)]
    return width * height > COVERED * min(areas)
