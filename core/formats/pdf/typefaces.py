"""The type that amounts are set in, held to their column, their page and the whole file."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents import Finding
from core.formats.pdf.page import Word

RARE = 0.1  # the share of a column's amounts up to which another type is odd
ENOUGH = 8  # amounts in a column: so many tell by themselves what is usual in it
FEW = 3  # amounts in a column: with as few an odd one is of a type that nothing else is set in
COMMON = 0.4  # the share from which a change of type inside amounts is how they are printed
EMBEDDED = 0.9  # of the texts: so many are in fonts that the file holds
SHORTEST = 4  # letters of a family's name: F1 and the like are no names
WEIGHTS = re.compile(
    r"(?:[-, _]|ps|mt|bold|regular|roman|medium|semi|demi|italic|oblique|light|black|book)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of type: the font's name, size in points, colour as red, green, blue.

    `part` tells fonts of one name on a page apart: programs cut from a font what they need.
    """

    name: str
    size: float
    colour: tuple[int, int, int]
    part: int = 0

    @property
    def family(self) -> str:
        """The name without weight and slope, which may differ between a label and its amount."""
        return WEIGHTS.sub("", self.name).casefold() or self.name


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """An amount as it is printed; `row` says that it is a booking's, `as_text` set as its text."""

    page: int
    row: bool
    word: Word
    styles: tuple[Style, ...]
    as_text: bool = False

    @property
    def negative(self) -> bool:
        """Whether it is marked negative: banks print those in red."""
        return self.word.text[0] in "-−–" or self.word.text[-1] in "-−–S"


class PrintedText(NamedTuple):
    """The type of a word that is no amount."""

    page: int
    style: Style
    embedded: bool = True


class PrintedAccount(NamedTuple):
    """The type of an account number in a page's head."""

    page: int
    word: Word
    style: Style
    embedded: bool


def accounts(
    found: Sequence[PrintedAccount],
    amounts: Sequence[PrintedAmount],
    texts: Sequence[PrintedText],
) -> Iterator[Finding]:
    """Account numbers in a font that the file lacks, where it holds those of all else.

    Banks set the number in a type of its own at times, but hold that as they hold the others.
    """
    unheld = [each for each in found if not each.embedded]
    if not unheld:
        return
    families = {each.style.family for each in texts}
    families |= {style.family for each in amounts for style in each.styles}
    for each in unheld:
        held = [text.embedded for text in texts if text.page == each.page]
        if each.style.family not in families and sum(held) >= EMBEDDED * len(held) > 0:
            said = _said(each.style)
            detail = Bilingual(
                f"Page {each.page}: the account number {each.word.text} is set in {said.en}, which"
                " the file does not hold, unlike the fonts of all else.",
                f"Seite {each.page}: Die Kontonummer {each.word.text} ist in {said.de} gesetzt; die"
                " Datei enthält diese Schrift nicht, anders als die von allem anderen.",
            )
            yield Finding("type_of_account", detail)


def prints(amounts: Sequence[PrintedAmount], texts: Sequence[PrintedText]) -> Iterator[Finding]:
    """Amounts set in more than one type, or in another than what their like is set in."""
    parts = _Parts(_every(amounts, texts))
    amounts = [parts.all_placed(each) for each in amounts]
    elsewhere = {parts.placed(each.page, each.style) for each in texts}
    columns = _Columns(amounts)
    usual = _usual(amounts, columns)
    common = {styles for styles, share in _shares(amounts) if share > COMMON}
    families = {each.family for each in elsewhere}
    families |= {each.styles[0].family for each in amounts if each.row and each.styles}
    for each in amounts:
        if len(each.styles) > 1:
            if each.styles not in common:
                yield _changes(each)
        elif not each.styles:
            continue
        elif each.row:
            if each.styles[0] not in usual[columns.of(each)]:
                yield _differs(each, Bilingual("others of its column", "andere seiner Spalte"))
        elif families and _is_foreign(each.styles[0], families, elsewhere):
            yield _differs(each, Bilingual("all else in the file", "alles andere in der Datei"))


class _Parts:
    """Which of several fonts of one name is the page's main one."""

    def __init__(self, every: Iterator[tuple[int, Style]]) -> None:
        counts = Counter((page, style.name, style.part) for page, style in every)
        self._main: dict[tuple[int, str], int] = {}
        for page, name, part in sorted(counts, key=lambda each: (-counts[each], each)):
            self._main.setdefault((page, name), part)

    def placed(self, page: int, style: Style) -> Style:
        """The style with the part 0 where its font is the page's main one of that name, else 1."""
        part = int(self._main[page, style.name] != style.part)
        return style if part == style.part else replace(style, part=part)

    def all_placed(self, amount: PrintedAmount) -> PrintedAmount:
        """The amount with its styles placed."""
        styles = tuple([self.placed(amount.page, style) for style in amount.styles])
        return amount if styles == amount.styles else replace(amount, styles=styles)


def _every(
    amounts: Sequence[PrintedAmount], texts: Sequence[PrintedText]
) -> Iterator[tuple[int, Style]]:
    for amount in amounts:
        yield from ((amount.page, style) for style in amount.styles)
    yield from ((each.page, each.style) for each in texts)


class _Columns:
    """Where amounts end, those nearly below each other as one; and their sign."""

    def __init__(self, amounts: Sequence[PrintedAmount]) -> None:
        self._ends = Counter(_end(each) for each in amounts if each.row)

    def of(self, each: PrintedAmount) -> tuple[int, bool]:
        """The column of an amount: of three that it may be of, the one with most."""
        end = _end(each)
        return max((end, end - 1, end + 1), key=lambda at: self._ends[at]), each.negative


def _end(each: PrintedAmount) -> int:
    return round(each.word.right / 10)


def _usual(amounts: Sequence[PrintedAmount], ends: _Columns) -> dict[tuple[int, bool], set[Style]]:
    """The types that the amounts of bookings are commonly set in, by column and by sign."""
    signed: dict[tuple[int, bool], Counter[Style]] = defaultdict(Counter)
    columns: dict[int, Counter[Style]] = defaultdict(Counter)
    emphasised: set[tuple[tuple[int, bool], Style]] = set()
    for each in amounts:
        if each.row and len(each.styles) == 1:
            signed[ends.of(each)][each.styles[0]] += 1
            columns[ends.of(each)[0]][each.styles[0]] += 1
            if each.as_text:
                emphasised.add((ends.of(each), each.styles[0]))
    found: dict[tuple[int, bool], set[Style]] = defaultdict(set)
    for (end, negative), counts in signed.items():
        for style, number in counts.items():
            # A booking may be emphasised, but then with its text.
            alone = number == 1 and ((end, negative), style) not in emphasised
            odd = counts.total() >= ENOUGH and number <= RARE * counts.total()
            if not odd and not (alone and _is_alone(style, counts, columns[end])):
                found[end, negative].add(style)
    return found


def _is_alone(style: Style, alike: Counter[Style], column: Counter[Style]) -> bool:
    """Whether a type stands once in its column, against one that nearly all others are set in.

    A sign may have its colour, and its weight.
    """
    if column.total() < FEW or column[style] > 1:
        return False
    shapes: Counter[tuple[str, float, int]] = Counter()  # whatever their colours
    for each, number in column.items():
        shapes[each.name, each.size, each.part] += number
    shape = (style.name, style.size, style.part)
    if shapes[shape] == 1 and max(shapes.values()) >= column.total() - 1:
        main = max((each for each in column if each != style), key=lambda each: column[each])
    else:
        main, number = column.most_common(1)[0]
        if number < column.total() - max(1, RARE * column.total()) or style == main:
            return False
    like = alike.total() == 1 and (style.family, style.size) == (main.family, main.size)
    return not like


def _is_foreign(style: Style, families: set[str], elsewhere: set[Style]) -> bool:
    """Whether a balance is of a family, or a part of a font, in which nothing else is set."""
    if len(style.family) < SHORTEST:
        return False
    return style.family not in families or (style.part > 0 and style not in elsewhere)


def _shares(amounts: Sequence[PrintedAmount]) -> Iterator[tuple[tuple[Style, ...], float]]:
    counts = Counter(each.styles for each in amounts)
    return ((styles, number / len(amounts)) for styles, number in counts.items())


def _changes(each: PrintedAmount) -> Finding:
    where, styles = _where(each), [_said(style) for style in each.styles[:3]]
    detail = Bilingual(
        f"{where.en} is set in {' and '.join(style.en for style in styles)}.",
        f"{where.de} ist gesetzt in {' und '.join(style.de for style in styles)}.",
    )
    return Finding("type_changes_in_amount", detail)


def _differs(each: PrintedAmount, others: Bilingual) -> Finding:
    where, style = _where(each), _said(each.styles[0])
    detail = Bilingual(
        f"{where.en} is set in {style.en}, unlike {others.en}.",
        f"{where.de} ist in {style.de} gesetzt, anders als {others.de}.",
    )
    return Finding("type_of_amount", detail)


def _where(each: PrintedAmount) -> Bilingual:
    return Bilingual(
        f"Page {each.page}: the amount {each.word.text}",
        f"Seite {each.page}: Der Betrag {each.word.text}",
    )


def _said(style: Style) -> Bilingual:
    colour = "" if style.colour == (0, 0, 0) else " #{:02x}{:02x}{:02x}".format(*style.colour)
    size = f"{style.size:g}{colour}"
    another = Bilingual(" (another font of that name)", " (einer anderen Schrift dieses Namens)")
    part = another if style.part else Bilingual("", "")
    return Bilingual(
        f"{style.name or 'a font without name'} {size}{part.en}",
        f"{style.name or 'einer Schrift ohne Namen'} {size}{part.de}",
    )
