"""Signs that a file was altered after its bank made it: each is named, none is weighed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core import bilingual
from core.bilingual import Bilingual
from core.documents import Finding
from core.formats.pdf.page import Line, Word

EDITORS = re.compile(
    r"ilovepdf|sejda|smallpdf|pdfescape|pdf-?xchange|foxit|nitro|pdffiller|photoshop|illustrator"
    r"|inkscape|gimp|canva|soda ?pdf|pdfelement|wondershare|pdf ?candy|dochub|master ?pdf|xodo"
    r"|libreoffice|openoffice|microsoft.* word|word für|phantompdf|pdf24|qoppa|infix",
    re.IGNORECASE,
)
AT_ONCE = timedelta(minutes=2)  # within which a print system writes a file
RARE = 0.1  # the share of a column's amounts up to which another type is odd
ENOUGH = 8  # amounts in a column: with fewer nothing is usual
COVERED = 0.4  # of the smaller word, below another
DATE = re.compile(
    r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z|[+-]\d\d)'?(\d\d)?'?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of type: family, size in points, colour as red, green, blue."""

    font: str
    size: float
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """An amount as it is printed; `row` says that it is a booking's."""

    page: int
    row: bool
    word: Word
    styles: tuple[Style, ...]


@dataclass(frozen=True, slots=True)
class FileHistory:
    """What a file says of its making; `revisions` is how often it was written on to after that."""

    producer: str = ""
    creator: str = ""
    created: datetime | None = None
    modified: datetime | None = None
    revisions: int = 0


def origins(history: FileHistory, last_day: date | None) -> Iterator[Finding]:
    """What is odd about how a file was made, that speaks of days up to the last one."""
    program = next(
        (each for each in (history.producer, history.creator) if EDITORS.search(each)), ""
    )
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
        yield Finding(
            "written_on",
            Bilingual(
                f"The file was added to {en} after it was written (incremental updates).",
                f"Die Datei wurde nach dem Schreiben {de} ergänzt (inkrementelle Updates).",
            ),
        )


def prints(amounts: Sequence[PrintedAmount]) -> Iterator[Finding]:
    """Amounts set in more than one type, and bookings' amounts set in another than their column."""
    usual = _usual(amounts)
    for each in amounts:
        where = Bilingual(
            f"Page {each.page}: the amount {each.word.text}",
            f"Seite {each.page}: Der Betrag {each.word.text}",
        )
        styles = [_style(style) for style in each.styles[:3]]
        if len(styles) > 1:
            detail = Bilingual(
                f"{where.en} is set in {' and '.join(style.en for style in styles)}.",
                f"{where.de} ist gesetzt in {' und '.join(style.de for style in styles)}.",
            )
            yield Finding("type_changes_in_amount", detail)
        elif each.row and each.styles and each.styles[0] not in usual.get(_column(each), set()):
            detail = Bilingual(
                f"{where.en} is set in {styles[0].en}, unlike others of its column.",
                f"{where.de} ist in {styles[0].de} gesetzt, anders als andere seiner Spalte.",
            )
            yield Finding("type_of_amount", detail)


def overlaps(lines: Sequence[Line], amounts: Sequence[PrintedAmount]) -> Iterator[Finding]:
    """Amounts that lie over other words of their page."""
    words = [word for line in lines for word in line.words]
    for each in amounts:
        for word in words:
            if word is not each.word and _covers(word, each.word):
                detail = Bilingual(
                    f"Page {each.page}: the amount {each.word.text} lies over {word.text[:40]}.",
                    f"Seite {each.page}: Der Betrag {each.word.text} liegt über {word.text[:40]}.",
                )
                yield Finding("text_over_text", detail)
                break


def over_picture(page: int) -> Finding:
    """A page whose text was written on to a picture."""
    detail = Bilingual(
        f"Page {page}: text is written over a picture of the page.",
        f"Seite {page}: Über ein Bild der Seite ist Text geschrieben.",
    )
    return Finding("text_over_image", detail)


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


def _usual(amounts: Sequence[PrintedAmount]) -> dict[tuple[int, bool], set[Style]]:
    """The types that a column's amounts are commonly set in; all of them where there are few."""
    columns: dict[tuple[int, bool], Counter[Style]] = defaultdict(Counter)
    for each in amounts:
        if each.row and len(each.styles) == 1:
            columns[_column(each)][each.styles[0]] += 1
    return {
        column: {s for s, n in counts.items() if n > RARE * counts.total()}
        if counts.total() >= ENOUGH
        else set(counts)
        for column, counts in columns.items()
    }


def _column(each: PrintedAmount) -> tuple[int, bool]:
    """Where an amount ends and whether it is marked negative: banks print those in red."""
    return round(each.word.right / 10), each.word.text[0] in "-−" or each.word.text[-1] in "-−S"


def _covers(word: Word, other: Word) -> bool:
    if word.bottom <= other.top or other.bottom <= word.top:
        return False  # as nearly always
    width = min(word.right, other.right) - max(word.left, other.left)
    height = min(word.bottom, other.bottom) - max(word.top, other.top)
    if width <= 0 or height <= 0:
        return False
    areas = [(w.right - w.left) * (w.bottom - w.top) for w in (word, other)]
    return width * height > COVERED * min(areas)


def _style(style: Style) -> Bilingual:
    colour = "" if style.colour == (0, 0, 0) else " #{:02x}{:02x}{:02x}".format(*style.colour)
    size = f"{style.size:g}{colour}"
    return Bilingual(
        f"{style.font or 'a font without name'} {size}",
        f"{style.font or 'einer Schrift ohne Namen'} {size}",
    )
