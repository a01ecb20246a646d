"""Which pages are a bank statement's, and which another paper's that lies in the same file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.bilingual import Bilingual
from core.documents import Finding, Origin, Recognised
from core.errors import Unreadable
from core.evidence import Bytes
from core.formats.papers import judge
from core.formats.papers.paper import Paper
from core.formats.papers.titles import Title, has_signs, names_statement
from core.formats.pdf.balances import BalanceKind, balance_kind
from core.formats.pdf.headings import (
    AMOUNT,
    DAY,
    calls_itself_otherwise,
    head,
    headings,
    is_row,
    title,
)
from core.formats.pdf.owners import refusal
from core.formats.pdf.page import Line, box
from core.formats.pdf.printed_statement import PrintedRow, PrintedStatement
from core.iban import ibans, is_iban
from core.statements.model import UnreadRow

LEAST_ROWS = 2  # with a day and an amount, that what only bears a title has
SALUTATION = re.compile(
    r"sehr geehrte|guten (?:tag|morgen)\b|(?:hallo|hi|hello|liebe[rs]?|salut|bonjour|ciao|hola)"
    r"\b[^,]*,|dear \w|chère? (?:madame|monsieur|client)|madame,|monsieur,|gentile |egregi[oa] "
    r"|estimad[oa]s? |geachte |beste |kære |hej ",
    re.IGNORECASE,
)
MAIL = re.compile(
    r"(von|from|de|da|van|an|to|à|a|aan|betreff|subject|objet|oggetto|asunto|onderwerp)\s?:\s",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^\W\d_A-ZÄÖÜÉ]|.*[:,;.]$")  # begins small, or ends as no title does
MAIL_LINES = 2  # so many different ones head a mail
MOST_LEAD = 3  # of so many steps from balance to balance all but one must lead


@dataclass(slots=True)
class OtherPaper:
    """Pages that are no bank statement, and what their title says that they are.

    `signed` where words of such a paper stand beside it, `certain` where rows do at least.
    """

    paper: Paper
    title: Title
    line: Line
    signed: bool
    certain: bool
    pages: list[int] = field(default_factory=list)


@dataclass(slots=True)
class SortedPages:
    """A file's pages: those that may be a statement's, the others empty, and what these are."""

    own: list[Sequence[Line]]
    others: list[OtherPaper]
    titled: bool
    letter: bool = False
    otherwise: bool = False

    def findings(self) -> Iterator[Finding]:
        """What is said of the other papers beside a statement."""
        return (judge.beside(each.paper, each.pages) for each in self.others)

    def recognised(self, size: int) -> list[Recognised | Finding]:
        """The first that is certain, as what a file of so many bytes is; else nothing."""
        for each in self.others:
            if not each.certain:
                continue
            origin = Origin(Bytes(0, size), box=box(each.line, each.line.words))
            return judge.recognised(each.paper, each.title.text, origin)
        return []

    def refusal(self) -> Unreadable | None:
        """Why a file is refused of which nothing but its title tells what paper it is."""
        if not self.others or any(self.own):
            return None
        return judge.only_titled(self.others[0].paper)


def sort(pages: Sequence[Sequence[Line]]) -> SortedPages:
    """Set the pages of other papers apart: a page without a title goes on with the one before."""
    found = SortedPages([], [], False)
    other: OtherPaper | None = None
    for number, page in enumerate(pages, 1):
        called = _called(page)
        letter = _is_letter(page)
        found.letter = found.letter or letter
        found.otherwise = found.otherwise or (called is None and calls_itself_otherwise(page))
        if isinstance(called, OtherPaper):
            # On a page that goes on, words of a booking may stand where a title would.
            goes_on = other is None and any(found.own)
            same = other is not None and other.paper is called.paper
            if not same and (called.signed or not goes_on):
                other = called
                found.others.append(other)
        elif called is not None:
            found.titled = found.titled or not (letter and _is_sentence(called.text))
            other = None
        elif other is not None and _begins_statement(page):
            other = None
        if other is not None:
            other.pages.append(number)
        found.own.append(page if other is None else [])
    return found


def _called(page: Sequence[Line]) -> OtherPaper | Title | None:
    """What a page says that it is: another paper, or by its title a bank's statement."""
    called, line = title(page)
    if called is None or called.paper is None or line is None:
        return called
    texts = [each.text for each in page if each is not line]
    signed = has_signs(called.paper, texts)
    if not signed:  # a bank's letterhead may speak of other papers
        named = [each for line in head(page) for each in headings(line)]
        if any(names_statement([each.text]) for each in named if each.text != called.text):
            return Title(None, called.text)
    return OtherPaper(called.paper, called, line, signed, signed or _has_rows(texts))


def _is_letter(page: Sequence[Line]) -> bool:
    """Whether a salutation stands above the first table, or what a mail is headed with."""
    texts = [each.text for each in head(page)]
    mail = {
        match[1].lower() for each in texts if not DAY.search(each) and (match := MAIL.match(each))
    }
    return len(mail) >= MAIL_LINES or any(map(SALUTATION.match, texts))


def _is_sentence(text: str) -> bool:
    """Whether a letter's words that name a statement are a sentence, or what it is about."""
    return SENTENCE.match(text) is not None or MAIL.match(text) is not None


def _begins_statement(page: Sequence[Line]) -> bool:
    """Whether a page without a title names an account and its opening balance."""
    texts = [line.text for line in page]
    opens = any(balance_kind(text) is BalanceKind.OPENING and AMOUNT.search(text) for text in texts)
    return opens and any(is_iban(each) for text in texts for each in ibans(text))


def judged(
    printed: Sequence[PrintedStatement], titled: bool
) -> Iterator[tuple[PrintedStatement, bool]]:
    """Each that holds something, and whether it is a bank's statement.

    `titled` says that the file calls itself one. Raises Unreadable if none is.
    """
    tables = [each for each in printed if each.rows or (each.opening and each.closing)]
    signs = [shown(each, titled) for each in tables]
    kept = [refusal(each) for each in tables]
    sure = [sign.is_statement and other is None for sign, other in zip(signs, kept, strict=True)]
    if tables and not any(sure):
        raise next((each for each in kept if each), None) or judge.refusal(max(signs, key=sum))
    yield from zip(tables, sure, strict=True)


def unread(printed: PrintedStatement) -> Iterator[UnreadRow]:
    """The rows of what is not certain to be a statement, in a file that has one beside it."""
    for row in printed.rows:
        where = f"{row.line.page}: {row.line.text[:80]}"
        yield UnreadRow(Bilingual(f"Page {where}", f"Seite {where}"))


def shown(printed: PrintedStatement, titled: bool) -> judge.Shown:
    """Which signs of a bank's statement a printed one has; `titled` says that its file does."""
    titled = titled and not printed.is_turned  # others keep accounts as well, and see them so
    return judge.Shown(printed.head.account is not None, _adds_up(printed), titled)


def _has_rows(texts: Sequence[str]) -> bool:
    """Whether there are lines with a day and an amount."""
    return sum(is_row(text) for text in texts) >= LEAST_ROWS


def _adds_up(printed: PrintedStatement) -> bool:
    """Whether its balances follow from its bookings, those at its ends or those beside rows."""
    if printed.is_proven:
        return True
    opening, closing = printed.opening, printed.closing
    rows = [row for row in printed.rows if not row.pending]
    total = sum(row.amount or 0 for row in rows)
    if opening and closing and opening.cents + total == closing.cents:
        return True
    return _leads(rows, opening.cents if opening else None) or _leads(rows[::-1], None)


def _leads(rows: Sequence[PrintedRow], balance: int | None) -> bool:
    steps = leading = 0
    for row in rows:
        balance = None if balance is None else balance + (row.amount or 0)
        if row.balance is not None:
            steps += balance is not None
            leading += balance == row.balance
            balance = row.balance
    return leading > 0 and MOST_LEAD * (steps - leading) <= steps
