"""Signs that a file was altered after its bank made it: each is named, none is weighed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core import bilingual
from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats.pdf.ink import Sight
from core.formats.pdf.inspection import InspectedPage
from core.formats.pdf.overlaps import over_amounts, over_bookings, over_heads
from core.formats.pdf.typefaces import accounts, prints

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
        yield from over_amounts(each.lines, each.prints)
        yield from over_heads(each.lines[:HEAD])
        yield from over_bookings(each.lines)
    amounts = [amount for each in pages for amount in each.prints]
    texts = [text for each in pages for text in each.texts]
    yield from prints(amounts, texts)
    yield from accounts([found for each in pages for found in each.accounts], amounts, texts)


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
