"""A booking's lines of text: what it is called, who is on the other side, what for."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from core.formats.pdf.page import SAME, Word
from core.formats.pdf.table import Part
from core.iban import ibans, is_iban

LABELS = (
    ("account", re.compile(r"(?:IBAN|Konto)\b[: ]+|(?=[A-Z]{2}\d{2}[ \dA-Z]{11,30}$)")),
    ("nothing", re.compile(r"(?:BIC|Mandat\S*|Gläubiger\S*)\s*:")),
    (
        "name",
        re.compile(
            r"(?:Name|Auftraggeber|Empfänger|Zahlungsempfänger|Zahlungspflichtiger"
            r"|Begünstigter|Auftraggeber ?/ ?Empfänger)(?:in)?\s*:\s*"
        ),
    ),
    ("remittance", re.compile(r"(?:Verwendungszweck|Zweck|VWZ)\s*:\s*")),
)
FORM = re.compile(r"\b(?:G?mbH|AG|KG|OHG|e\.?K\.?|eG|UG|GbR|SE|KGaA|e\.V\.)$", re.IGNORECASE)
COMPANY = re.compile(
    r".*?\b(?:(?i:g?mbH)|AG|KG|OHG|KGaA|GbR|eG|e\.? ?K\.?|e\. ?V\.)(?!\w)"
    r"(?i: & Co\.?(?: ?KG(?:aA)?| ?OHG)?(?!\w))?"
)
KEY = re.compile(r"(?:EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|PURP)[+:]")
PURPOSE = re.compile(r"SVWZ[+:]")
CONTINUES = re.compile(r"&|und\b|u\.|Co\b|\(haftungs", re.IGNORECASE)
BROKEN = re.compile(r"\w-$")
KIND = re.compile(
    r"(?:SEPA|EURO|SAMMEL|FIRMEN|BASIS|ECHTZEIT|DAUER|RÜCK|RUECK|BAR(?:GELD)?|KARTEN|DARLEHENS?|SOLL"
    r"|HABEN|ENTGELT|KREDIT|WERTPAPIER|LOHN|ONLINE|FOLGE|ERST|EINMAL"
    r"|RECHNUNGS|KONTOFÜHRUNGS)?[- ]?(?:GUTSCHRIFT|ÜBERWEISUNG|UEBERWEISUNG"
    r"|LASTSCHRIFT|AUFTRAG|ABSCHLUSS|ZAHLUNG|EINZAHLUNG|AUSZAHLUNG|ÜBERTRAG|UEBERTRAG|STORNO|ENTGELT"
    r"|GEHALT|GEBÜHR|RATE|ZINSEN|TILGUNG|BELASTUNG|ABRECHNUNG|DIVIDENDE|EINZUG|RENTE|SCHECK)[^\d]*",
    re.IGNORECASE,
)
DIGIT = re.compile("[0-9]")
NAMED = re.compile(
    r"\b(?!(?:Online|Instant|Girocard|Einmalig|Einzug|Core|B2B|Inland|Ausland|Karte)\b)[A-ZÄÖÜ]"
)
KINDS = re.compile(rf"{KIND.pattern}|SEPA|SDD|SCT|Lastschr\.?|Gutschr\.?|von|an", re.IGNORECASE)
LONGEST_NAME = 70  # letters, as SEPA has it
MOST_WORDS = 4  # that a kind of booking is called by
REVERSED = re.compile(r"storno|stornierung", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Narration:
    """What a booking's text says."""

    remittance: str
    counterparty: str | None
    account: str | None
    reversal: bool


def narrate(lines: Sequence[Sequence[Word]], right: float, parts: Sequence[Part] = ()) -> Narration:
    """Read a booking's lines, of a column of text that ends there, or of several such columns."""
    if parts:
        return _by_parts(lines, parts)
    fields: dict[str, list[str]] = {"account": [], "nothing": [], "name": [], "remittance": []}
    plain: list[list[str]] = []
    for name, paragraph in _fields(_paragraphs(lines, right)):
        if name is None:
            plain.append(paragraph)
        else:
            fields[name].append(joined(paragraph))
    account = next((each for text in fields["account"] for each in ibans(text)), None)
    called, names, purpose = _told_apart(plain, bool(account), bool(fields["name"]))
    names, purpose = fields["name"] or names, [*purpose, *fields["remittance"]]
    remittance = " ".join(purpose)
    if called and called not in remittance:
        remittance = f"{called} {remittance}".strip()
    return Narration(
        remittance,
        " ".join(names) or None,
        account if account and is_iban(account) else None,
        bool(REVERSED.match(called or remittance)),
    )


def _fields(paragraphs: Sequence[list[str]]) -> Iterator[tuple[str | None, list[str]]]:
    """Each paragraph and what its label says that it is, None without one."""
    labelled = [(_labelled(paragraph[0]), paragraph) for paragraph in paragraphs]
    last = max((at for at, ((name, _), _) in enumerate(labelled) if name), default=0)
    before: str | None = None
    for at, ((name, text), paragraph) in enumerate(labelled):
        if name is None and before == "remittance":
            name = before  # it goes on
        if name is None and before == "name" and at < last and labelled[last][0][0] != "account":
            name = before  # what else is told has a label too
        before = name or before
        lines = [text, *paragraph[1:]]
        end = _account_end(lines) if name in ("account", "nothing") else len(lines)
        yield name, lines[:end]
        if lines[end:]:
            yield None, lines[end:]


def _account_end(lines: Sequence[str]) -> int:
    """How many lines an account takes: what goes on below may be of another kind."""

    def length(end: int) -> int:
        found = (each for each in ibans(joined(lines[:end])) if is_iban(each))
        return len(next(found, ""))

    return max(range(1, len(lines) + 1), key=length)


def _by_parts(lines: Sequence[Sequence[Word]], parts: Sequence[Part]) -> Narration:
    """Read columns of text one after the other; one of them may name the other side."""
    lefts = [part.left - SAME for part in parts[1:]]
    texts: list[list[str]] = [[] for _ in parts]
    for words in lines:
        for at, cell in groupby(words, key=lambda word: bisect_right(lefts, word.left)):
            texts[at].append(" ".join(word.text for word in cell))
    texts_by_part = [joined(each) for each in texts]
    names = [text for text, part in zip(texts_by_part, parts, strict=True) if part.is_name]
    rest = " ".join(
        text for text, part in zip(texts_by_part, parts, strict=True) if not part.is_name and text
    )
    account = next((each for text in texts_by_part for each in ibans(text) if is_iban(each)), None)
    return Narration(rest, " ".join(names) or None, account, bool(REVERSED.match(rest)))


def _labelled(paragraph: str) -> tuple[str | None, str]:
    """What a paragraph's label says that it is, None without one, and the text behind it."""
    for name, pattern in LABELS:
        match = pattern.match(paragraph)
        if match and (match.end() or _is_account("".join(paragraph.split()))):
            return name, paragraph[match.end() :]
    return None, paragraph


def _is_account(text: str) -> bool:
    """Whether a text without a label is an account, not one that begins like it (AM04, a reason).

    One text in a hundred has the right check digits by chance: an account is mostly digits as well.
    """
    return is_iban(text) and 2 * len(DIGIT.findall(text)) > len(text)


def _told_apart(
    plain: Sequence[list[str]], has_account: bool, has_name: bool
) -> tuple[str, list[str], list[str]]:
    """The booking's kind, the other side's name, and the rest: banks print them in this order."""
    texts = [joined(paragraph) for paragraph in plain]
    if has_name:
        return (texts[0] if texts else ""), [], texts[1:]
    if len(plain) > 1 and is_kind(texts[1]) and not is_kind(texts[0]):  # or the other way round
        name, rest = _name(plain[0], is_alone=True)
        return texts[1], name, [*rest, *texts[2:]]
    if texts and (FORM.search(texts[0]) or not is_kind(texts[0])):  # maybe behind its kind
        called, company = _behind_kind(texts[0])
        is_sure = FORM.search(company) and not any(map(is_kind, company.split()))
        if len(plain) > 1 and is_sure and _is_name(company):
            return called, [company], texts[1:]
    if len(plain) > 1 and (
        has_account or _is_only_kind(texts[0]) or (" " not in texts[0] and FORM.search(texts[1]))
    ):
        name, rest = _name(plain[1], _is_alone(plain[1], texts[2:], has_account))
        return texts[0], name, [*rest, *texts[2:]]
    return (texts[0] if len(texts) > 1 else ""), [], texts[-1:] if len(texts) < 2 else texts[1:]


def _is_alone(paragraph: Sequence[str], below: Sequence[str], has_account: bool) -> bool:
    """Whether a paragraph can hold no more than a name: what the booking is for stands below it."""
    if has_account and (len(paragraph) == 1 or not below or DIGIT.search(below[0])):
        return len(paragraph) == 1  # of more lines only a number told where it ends
    return bool(below) and (not KEY.match(below[0]) or any(map(PURPOSE.search, below)))


def _name(lines: Sequence[str], is_alone: bool) -> tuple[list[str], list[str]]:
    """The name that a paragraph is or begins with, and its rest; no name where that is not sure.

    Where it may not stand alone only a company's is: its form is the end.
    """
    text = joined(lines)
    match = COMPANY.match(text)
    if match and (not is_alone or len(lines) > 1) and _is_name(match[0]):
        return [match[0]], [rest] if (rest := text[match.end() :].strip()) else []
    if _is_name(text) and (is_alone or FORM.search(text)):
        return [text], []
    return [], [text]


def _is_name(text: str) -> bool:
    """Whether a text may be a name: banks cut them, and there are no numbers in them."""
    return len(text) <= LONGEST_NAME and not DIGIT.search(text) and not KEY.search(text)


def _paragraphs(lines: Sequence[Sequence[Word]], right: float) -> list[list[str]]:
    """The lines, those together that were broken only since the column was full."""
    texts = [" ".join(word.text for word in words) for words in lines]
    has_account = any(_labelled(text)[0] == "account" for text in texts)
    blank = _blank(lines)
    found: list[list[str]] = []
    for at, (words, text) in enumerate(zip(lines, texts, strict=True)):
        if (
            found
            and _wrapped(lines[at - 1], words, right - blank)
            and not _begins(text, [joined(each) for each in found], has_account)
        ):
            found[-1].append(text)
        else:
            found.append([text])
    return found


def joined(lines: Sequence[str]) -> str:
    """The lines as one text; a word that was broken at its hyphen is whole again."""
    text = ""
    for line in lines:
        whole = BROKEN.search(text) and not CONTINUES.match(line)
        text += line if whole or not text else f" {line}"
    return text


def _blank(lines: Sequence[Sequence[Word]]) -> float:
    """How wide a blank is in these lines."""
    gaps = [after.left - before.right for words in lines for before, after in pairwise(words)]
    return median(gaps) if gaps else 0.0


def _begins(text: str, found: Sequence[str], has_account: bool) -> bool:
    """Whether a line begins something else, though the line before it is full."""
    if len(found) == 1:
        return _is_only_kind(found[0]) and not is_kind(text)
    if len(found) > 2 or KEY.match(found[1]) or DIGIT.search(found[1]):
        return False
    # Where an account is printed so is a name, and names have no numbers in them.
    return has_account and DIGIT.search(text) is not None


def _behind_kind(text: str) -> tuple[str, str]:
    """The words that say what a booking is, and what stands behind them."""
    words = text.split()
    count = next((at for at, word in enumerate(words) if not KINDS.fullmatch(word)), len(words))
    return " ".join(words[:count]), " ".join(words[count:])


def _is_only_kind(text: str) -> bool:
    """Whether nothing but what a booking is called can be meant, not a name behind it as well."""
    called, rest = _behind_kind(text)
    return bool(called) and not NAMED.search(rest) and len(text.split()) <= MOST_WORDS


def is_kind(text: str) -> bool:
    """Whether a line is what banks call a kind of booking."""
    return KIND.fullmatch(text) is not None and len(text.split()) <= MOST_WORDS


def _wrapped(before: Sequence[Word], words: Sequence[Word], right: float) -> bool:
    """Whether a line goes on since its next word did not fit on the line before."""
    text = " ".join(word.text for word in words)
    if KEY.match(text) or any(pattern.match(text) for _, pattern in LABELS):
        return False
    if BROKEN.search(before[-1].text):
        return True
    if FORM.search(before[-1].text) and not CONTINUES.match(text):
        return False
    return before[-1].right + words[0].right - words[0].left > right + 0.5
