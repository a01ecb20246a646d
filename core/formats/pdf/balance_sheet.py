"""The figures of a balance sheet, where both of its sides come to the same."""

import re
from collections.abc import Iterator, Sequence

from core.documents import FigureSpan, FigureTerm, Origin, PaperFigure
from core.evidence import Bytes
from core.formats.papers.forms import CENTS
from core.formats.pdf.groups import Group, groups
from core.formats.pdf.page import Line, box
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
TITLES = re.compile(r"aktiva|aktivseite|passiva|passivseite", re.IGNORECASE)


def figures(pages: Sequence[Sequence[Line]], size: int) -> Iterator[PaperFigure]:
    """Equity and what is owed to banks, on the day of the balance sheet."""
    assets, liabilities = _sides(pages)
    left, right = _main(assets, ASSETS), _main(liabilities, LIABILITIES)
    totals = [sum(each.amounts[0].cents for each in side) for side in (left, right)]
    if not left or not right or abs(totals[0] - totals[1]) > CENTS or not totals[0]:
        return
    if not all(
        _agrees(side, total) for side, total in ((assets, totals[0]), (liabilities, totals[1]))
    ):
        return
    equity = [each for each in right if EQUITY.match(each.name)]
    if len(equity) == 1:
        yield _figure(FigureTerm.EQUITY, equity[0], size)
    yield from _banks(liabilities, size)


def _banks(side: Sequence[Group], size: int) -> Iterator[PaperFigure]:
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
    if len(paid) == 1 and whole and abs(added - whole[0].cents) <= CENTS:
        yield _figure(FigureTerm.BANK_LIABILITIES, paid[0], size)


def _sides(pages: Sequence[Sequence[Line]]) -> tuple[list[Group], list[Group]]:
    """The groups of both sides, which stand beside each other or one after the other."""
    sides: tuple[list[Group], list[Group]] = [], []
    beside: float | None = None  # where the right side begins
    side = -1
    for line in (line for page in pages for line in page):
        titles = [word for word in line.words if TITLES.fullmatch(word.text.strip(":"))]
        if titles and line.words[0] in titles:
            named = [word.text.lower().startswith("passiv") for word in titles]
            beside = titles[1].left if len(titles) > 1 else None
            side = int(named[0])
            continue
        if re.sub(r"\W", "", line.text.lower()).startswith("gewinnundverlust"):
            side = -1
        for group in groups(line) if side >= 0 else ():
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


def _agrees(side: Sequence[Group], total: int) -> bool:
    """Whether the sum that a side prints, if it prints one, is that of its items."""
    printed = [each for each in side if each.name.lower().startswith("summe") and each.amounts]
    return all(abs(each.amounts[0].cents - total) <= CENTS for each in printed)


def _figure(term: FigureTerm, group: Group, size: int) -> PaperFigure:
    amount = group.amounts[0]
    words = [word for word in (*group.words, amount.word) if word in group.line.words]
    origin = Origin(Bytes(0, size), box=box(group.line, words))
    return PaperFigure(term, FigureSpan.REPORTING_DATE, Money(amount.cents, "EUR"), origin)
