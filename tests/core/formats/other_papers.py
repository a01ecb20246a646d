"""Papers with days and amounts that are no bank statements, in four languages, made up.

Each kind is made as hard as it comes: with the account to pay to, with balances that add up, with
a column of running balances, as ledgers and cash books have them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.core.formats.papers import Row, paper

IBAN = {
    "de": "DE02 1203 0000 0000 2020 51",
    "en": "GB82 WEST 1234 5698 7654 32",
    "fr": "FR14 2004 1010 0505 0001 3M02 606",
    "it": "IT60 X054 2811 1010 0000 0123 456",
}
OPENING = {
    "de": "Saldovortrag",
    "en": "Opening balance",
    "fr": "Solde initial",
    "it": "Saldo iniziale",
}
CLOSING = {"de": "Endsaldo", "en": "Closing balance", "fr": "Solde final", "it": "Saldo finale"}
AMOUNTS = (("02", "200,00"), ("03", "50,00"), ("16", "120,50"))


class Wording(NamedTuple):
    """What a paper says in a language: its title, its columns, a word in each row, words below."""

    title: str
    heading: Row
    word: str
    below: str


def _kinds() -> dict[str, dict[str, Wording]]:
    kinds: dict[str, dict[str, Wording]] = {}
    for line in Path(__file__).with_name("other_papers.txt").read_text().splitlines():
        if line.startswith("== "):
            kinds[line[3:]] = languages = {}
            continue
        language, title, heading, word, below = line.split(" | ")
        left, middle, right = heading.split("; ")
        languages[language] = Wording(title, (left, middle, right), word, below)
    return kinds


KINDS = _kinds()
STATEMENTS: dict[str, tuple[str, Row]] = {
    "de": ("Kontoauszug Nr. 7 vom 01.12.2025 bis 31.12.2025", ("Datum", "Buchungstext", "Betrag")),
    "en": ("Account statement 01.12.2025 to 31.12.2025", ("Date", "Description", "Amount")),
    "fr": (
        "Relevé de compte du 01.12.2025 au 31.12.2025",
        ("Date", "Libellé opération", "Montant"),
    ),
    "it": ("Estratto conto dal 01.12.2025 al 31.12.2025", ("Data", "Descrizione", "Importo")),
}


class OtherPaper(NamedTuple):
    """A paper: what it is, in which language, and its pages' rows; `head` stands above them."""

    kind: str
    language: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]

    def pdf(self) -> bytes:
        """The paper as it is printed."""
        return paper(self.rows, head=self.head)

    def csv(self) -> bytes:
        """The same as a table."""
        lines = [f"{each};;" for each in self.head] + [";".join(row) for row in self.rows]
        return "\n".join([*lines, ""]).encode()


def other_papers(*, balances: bool) -> Iterator[OtherPaper]:
    """Each kind in each language; with balances that add up and the account to pay to."""
    for kind, languages in KINDS.items():
        for language, (title, heading, word, below) in languages.items():
            rows: list[Row] = [heading]
            if balances:
                rows.append(("", OPENING[language], "1.000,00"))
            rows += [(f"{day}.12.2025", word, amount) for day, amount in AMOUNTS]
            if balances:
                rows.append(("", CLOSING[language], "1.370,50"))
            rows.append(("", below, ""))
            account = (f"IBAN {IBAN[language]}",) if balances else ()
            yield OtherPaper(
                kind, language, ("Beispiel Technik GmbH", title, *account), tuple(rows)
            )


def titled_papers() -> Iterator[OtherPaper]:
    """Papers of which nothing but the title tells: with an account and balances, and without."""
    titles = Path(__file__).with_name("other_titles.txt").read_text().splitlines()
    for title in titles:
        rows: list[Row] = [("Datum", "Text", "Betrag")]
        plain = [(f"{day}.12.2025", f"Posten {day}", amount) for day, amount in AMOUNTS]
        yield OtherPaper(title, "", ("Beispiel Technik GmbH", title), (*rows, *plain))
        balanced = (("", OPENING["de"], "1.000,00"), *plain, ("", CLOSING["de"], "1.370,50"))
        head = ("Beispiel Technik GmbH", title, f"IBAN {IBAN['de']}")
        yield OtherPaper(title, "", head, (*rows, *balanced))


def statements_of_them(*, account: bool, title: bool, balances: bool) -> Iterator[OtherPaper]:
    """Statements whose bookings speak of all those papers, with two of the three signs or more."""
    for language, (called, heading) in STATEMENTS.items():
        for kind, languages in KINDS.items():
            said, _, word, below = languages[language]
            rows: list[Row] = [heading]
            if balances:
                rows.append(("", "Alter Saldo", "1.000,00"))
            rows += [("02.12.2025", "Gutschrift", "200,00"), ("", said, ""), ("", below, "")]
            rows += [("03.12.2025", word, "-50,00"), ("", said, "")]
            if balances:
                rows.append(("", "Neuer Saldo", "1.150,00"))
            head = [f"IBAN {IBAN[language]} EUR"] if account else ["EUR"]
            head += [called] if title else []
            yield OtherPaper(kind, language, ("Musterbank AG", *head), tuple(rows))
