"""The figures of a balance sheet, where both of its sides come to the same."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from core.documents import FigureSpan, FigureTerm, Origin, PaperFigure
from core.evidence import Bytes
from core.formats.papers.forms import CENTS
from core.formats.pdf.columns_named import EURO_UNIT, OTHERS, THOUSAND, THOUSANDS, YEAR
from core.formats.pdf.groups import Group, Numbers, groups, numbers
from core.formats.pdf.page import Line, Word, box
from core.formats.pdf.printed import amounts
from core.money import Money

ASSETS = re.compile(
    r"(?:anlagevermögen|umlaufvermögen|rechnungsabgrenzungsposten|aktive latente steuern"
    r"|aktiver unterschiedsbetrag|nicht durch eigenkapital)",
    re.IGNORECASE,
)
LIABILITIES = re.compile(
    r"(?:eigenkapital|sonderposten|rückstellungen|verbindlichkeiten|rechnungsabgrenzungsposten"
    r"|passive latente steuern)",
    re.IGNORECASE,
)
EQUITY = re.compile(r"eigenkapital", re.IGNORECASE)
OWED = re.compile(r"verbindlichkeiten\b(?!\s+(?:gegenüber|aus))", re.IGNORECASE)
BANKS = re.compile(r"verbindlichkeiten\s+gegenüber\s+kreditinstituten", re.IGNORECASE)
PART = re.compile(r"(?:\d{1,2}[.)]|-|–)\s")  # numbered below a main item
MAIN = re.compile(r"[A-F][.)]\s")
WHOLE_CENTS = 200  # by which a sum of whole numbers may be off, in hundredths
TITLES = re.compile(r"aktiva|aktivseite|passiva|passivseite", re.IGNORECASE)


def figures(pages: Sequence[Sequence[Line]], size: int) -> Iterator[PaperFigure]:
    """Equity and what is owed to banks, on the day of the balance sheet."""
    above = [line for page in pages for line in _above(page)]
    slack = CENTS
    assets, liabilities = _sides(pages, amounts)
    if not _main(assets, ASSETS):
        slack = WHOLE_CENTS
        assets, liabilities = _sides(pages, numbers)
    left, right = _main(assets, ASSETS), _main(liabilities, LIABILITIES)
    scale = _scale(above, slack)
    totals = [sum(each.amounts[0].cents for each in side) for side in (left, right)]
    if not left or not right or abs(totals[0] - totals[1]) > slack or not totals[0] or not scale:
        return
    sides = ((assets, totals[0]), (liabilities, totals[1]))
    if not all(_agrees(side, total, slack) for side, total in sides) or _is_last_year_first(above):
        return
    equity = [each for each in right if EQUITY.match(each.name)]
    if len(equity) == 1:
        yield _figure(FigureTerm.EQUITY, equity[0], size, scale)
    yield from _banks(liabilities, size, slack, scale)


def _above(page: Sequence[Line]) -> Iterator[Line]:
    """The lines of a page of a balance sheet above its first main item."""
    if any(line.words[0] in _titles(line) for line in page if line.words):
        yield from takewhile(lambda line: MAIN.match(line.text) is None, page)


def _scale(above: Sequence[Line], slack: int) -> int:
    """By what the figures count: thousands where only these are named; 0 where it is not clear."""
    text = " ".join(line.text for line in above)
    euros = EURO_UNIT.search(THOUSANDS.sub("", text)) is not None
    if not THOUSANDS.search(text) or (euros and slack == CENTS):
        return 1  # the year before may be in thousands, and has no cents
    return 0 if euros else THOUSAND


def _is_last_year_first(above: Sequence[Line]) -> bool:
    """Whether a heading names the year before to the left of the year, on either side."""
    for line in above:
        titled = [word for word in line.words if YEAR.search(word.text) or OTHERS.match(word.text)]
        years = [int(YEAR.findall(word.text)[-1]) for word in titled if YEAR.search(word.text)]
        if len(titled) > 1 and (OTHERS.match(titled[0].text) or years[0] < max(years)):
            return True
    return False


def _titles(line: Line) -> list[Word]:
    return [word for word in line.words if TITLES.fullmatch(word.text.strip(":"))]


def _banks(side: Sequence[Group], size: int, slack: int, scale: int) -> Iterator[PaperFigure]:
    """What is owed to banks, where the parts of what is owed add up to all of it."""
    start = next(
        (at for at, each in enumerate(side) if _is_main(each) and OWED.match(each.name)), None
    )
    if start is None:
        return
    parts: list[Group] = []
    for each in side[start + 1 :]:
        if _is_main(each) or not PART.match(each.label):
            break
        parts.append(each)
    whole = side[start].amounts
    paid = [each for each in parts if each.amounts and BANKS.match(each.name)]
    added = sum(each.amounts[0].cents for each in parts if each.amounts)
    if len(paid) == 1 and whole and abs(added - whole[0].cents) <= slack:
        yield _figure(FigureTerm.BANK_LIABILITIES, paid[0], size, scale)


def _sides(pages: Sequence[Sequence[Line]], found_in: Numbers) -> tuple[list[Group], list[Group]]:
    """The groups of both sides, which stand beside each other or one after the other."""
    sides: tuple[list[Group], list[Group]] = [], []
    beside: float | None = None  # where the right side begins
    side = -1
    for line in (line for page in pages for line in page):
        titles = _titles(line)
        if titles and line.words[0] in titles:
            named = [word.text.lower().startswith("passiv") for word in titles]
            beside = titles[1].left if len(titles) > 1 else None
            side = int(named[0])
            continue
        if re.sub(r"\W", "", line.text.lower()).startswith("gewinnundverlust"):
            side = -1
        for group in groups(line, found_in) if side >= 0 else ():
            at = side if beside is None else int(group.left >= beside - 2 * line.height)
            _add(sides[at], group)
    return sides


def _add(side: list[Group], group: Group) -> None:
    """Put a group on its side; a name that goes on from the line above belongs to it."""
    before = side[-1] if side else None
    if before is not None and not before.amounts and not MAIN.match(group.label):
        goes_on = not PART.match(group.label) and group.label[:1].isalpha()
        if goes_on and BANKS.match(f"{before.name} {group.label}"):
            words = [*before.words, *group.words]
            side[-1] = Group(group.line, f"{before.label} {group.label}", words, group.amounts)
            return
    side.append(group)


def _is_main(group: Group) -> bool:
    return MAIN.match(group.label) is not None


def _main(side: Sequence[Group], names: re.Pattern[str]) -> list[Group]:
    """The main items of a side: those with a letter that have an amount."""
    return [each for each in side if _is_main(each) and names.match(each.name) and each.amounts]


def _agrees(side: Sequence[Group], total: int, slack: int) -> bool:
    """Whether the sum that a side prints, if it prints one, is that of its items."""
    printed = [each for each in side if each.name.lower().startswith("summe") and each.amounts]
    return all(abs(each.amounts[0].cents - total) <= slack for each in printed)


def _figure(term: FigureTerm, group: Group, size: int, scale: int) -> PaperFigure:
    amount = group.amounts[0]
    words = [word for word in (*group.words, amount.word) if word in group.line.words]
    origin = Origin(Bytes(0, size), box=box(group.line, words))
    return PaperFigure(term, FigureSpan.REPORTING_DATE, Money(amount.cents * scale, "EUR"), origin)
