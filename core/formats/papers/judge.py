"""Whether what reads like bookings is a bank's statement: one rule for every format.

A day and an amount stand on invoices, payslips and ledger sheets too. A statement shows at least
two of three: whose account it is, a balance that adds up, a title by which banks call it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from core.bilingual import Bilingual
from core.documents import Fact, Finding, Origin, Recognised, Term
from core.errors import Unreadable
from core.formats.papers.paper import Paper

ENOUGH = 2
ACCOUNT = Bilingual("the number of its account", "die Nummer des Kontos")
BALANCE = Bilingual("a balance that adds up with its rows", "ein Saldo, der zu den Zeilen passt")
TITLE = Bilingual("a title such as account statement", "ein Titel wie Kontoauszug")


class Shown(NamedTuple):
    """Which of the three signs of a bank's statement something shows."""

    account: bool
    balance: bool
    title: bool

    @property
    def is_statement(self) -> bool:
        """Whether these are enough."""
        return sum(self) >= ENOUGH


def refusal(shown: Shown) -> Unreadable:
    """Why something is not taken for a bank's statement, and what would settle it."""
    missing = [
        name for there, name in zip(shown, (ACCOUNT, BALANCE, TITLE), strict=True) if not there
    ]
    return Unreadable(
        Bilingual(
            "It has days and amounts, but nothing certain says that it is a bank's statement. Of an"
            " account number, a balance that adds up and a title it must show two; it lacks"
            f" {_listed([each.en for each in missing], 'and')}. Send the bank's own statement.",
            "Die Datei nennt Tage und Beträge, aber nichts zeigt sicher, dass sie ein Kontoauszug"
            " ist. Von Kontonummer, aufgehendem Saldo und Titel muss sie zwei zeigen; es fehlt"
            f" {_listed([each.de for each in missing], 'und')}. Bitte den Kontoauszug der Bank"
            " senden.",
        ),
        code="not_a_statement",
    )


def recognised(paper: Paper, title: str, origin: Origin) -> list[Recognised | Finding]:
    """A document as the other paper that its title says it is; none of it counts."""
    fact = Fact(Term.TITLE, origin, text=title[:200])
    detail = Bilingual(
        f"It is {paper.name.en}, not a bank statement: none of its amounts counts.",
        f"Es ist {paper.name.de}, kein Kontoauszug: Keiner der Beträge zählt.",
    )
    return [Recognised(paper.kind, (fact,)), Finding("other_paper", detail)]


def only_titled(paper: Paper) -> Unreadable:
    """Why a file is refused of which only the title says that it is another paper."""
    return Unreadable(
        Bilingual(
            f"By its title it is {paper.name.en}, not a bank statement, and nothing in it is read.",
            f"Dem Titel nach ist es {paper.name.de}, kein Kontoauszug; gelesen wird daraus nichts.",
        ),
        code="no_table",
    )


# Why what reads like a bank's account is not taken for one.
IN_LETTER = Bilingual(
    "It is a letter that names bookings and balances, and no title says that it is a bank's"
    " statement; anybody may have written it.",
    "Es ist ein Brief, der Buchungen und Salden nennt, und kein Titel sagt, dass er ein"
    " Kontoauszug ist; jeder kann ihn geschrieben haben.",
)
IN_OWN_BOOKS = Bilingual(
    "What its titles call debit raises its balance: so does an account in somebody's own books,"
    " and a bank's never.",
    "Was in den Spaltentiteln Soll heißt, erhöht den Saldo: So ist es auf Konten der eigenen"
    " Buchhaltung, bei einer Bank nie.",
)
OPEN_ITEMS = Bilingual(
    "It names no bank or no account, and its rows are invoices and payments: so it is a business"
    " partner's list of open items.",
    "Die Datei nennt keine Bank oder kein Konto, und ihre Zeilen sind Rechnungen und Zahlungen: So"
    " ist sie die Offene-Posten-Liste eines Geschäftspartners.",
)
OTHERWISE = Bilingual(
    "It names no bank, and its title is not known as that of a bank's statement.",
    "Sie nennt keine Bank, und ihr Titel ist nicht als der eines Kontoauszugs bekannt.",
)
PLANNED = Bilingual(
    "Its rows say that they are planned, not booked.",
    "Ihre Zeilen sagen, dass sie geplant sind, nicht gebucht.",
)


def not_banks(reason: Bilingual) -> Unreadable:
    """That something is no bank's statement for that reason."""
    return Unreadable(
        Bilingual(
            f"{reason.en} Send the bank's own statement.",
            f"{reason.de} Bitte den Kontoauszug der Bank senden.",
        ),
        code="not_a_statement",
    )


def beside(paper: Paper, pages: Sequence[int]) -> Finding:
    """That pages of a file with a statement are another paper, whose amounts do not count."""
    listed = ", ".join(map(str, pages))
    one = len(pages) == 1
    return Finding(
        "other_paper",
        Bilingual(
            f"Page{'' if one else 's'} {listed} {'is' if one else 'are'} {paper.name.en}, not a"
            " bank statement: none of the amounts there counts.",
            f"Seite{'' if one else 'n'} {listed}: {paper.name.de}, kein Kontoauszug. Keiner der"
            " Beträge dort zählt.",
        ),
    )


def _listed(names: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
