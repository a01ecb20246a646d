"""A booking's lines of text: what it is called, who is on the other side, what for."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

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
KEY = re.compile(r"(?:EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|PURP)[+:]")
CONTINUES = re.compile(r"&|und\b|u\.|Co\b", re.IGNORECASE)
KIND = re.compile(
    r"(?:SEPA|EURO|SAMMEL|FIRMEN|BASIS|ECHTZEIT|DAUER|RÜCK|RUECK|BAR(?:GELD)?|KARTEN|DARLEHENS?|SOLL"
    r"|HABEN|ENTGELT|KREDIT|WERTPAPIER|LOHN|ONLINE)?[- ]?(?:GUTSCHRIFT|ÜBERWEISUNG|UEBERWEISUNG"
    r"|LASTSCHRIFT|AUFTRAG|ABSCHLUSS|ZAHLUNG|EINZAHLUNG|AUSZAHLUNG|ÜBERTRAG|UEBERTRAG|STORNO|ENTGELT"
    r"|GEHALT|GEBÜHR|RATE|ZINSEN|TILGUNG|BELASTUNG|ABRECHNUNG|DIVIDENDE|EINZUG|RENTE|SCHECK)[^\d]*",
    re.IGNORECASE,
)
DIGIT = re.compile("[0-9]")
KINDS = re.compile(rf"{KIND.pattern}|SEPA|SDD|SCT|Lastschr\.?|Gutschr\.?|von|an", re.IGNORECASE)
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
    plain: list[str] = []
    for paragraph in _paragraphs(lines, right):
        name, text = _labelled(paragraph)
        if name is None and fields["remittance"]:
            name = "remittance"  # it goes on
        (fields[name] if name else plain).append(text)
    account = next((each for text in fields["account"] for each in ibans(text)), None)
    called, names, said = _told_apart(plain, bool(account), bool(fields["name"]))
    names, said = fields["name"] or names, [*said, *fields["remittance"]]
    remittance = " ".join(said)
    if called and called not in remittance:
        remittance = f"{called} {remittance}".strip()
    return Narration(
        remittance,
        " ".join(names) or None,
        account if account and is_iban(account) else None,
        bool(REVERSED.match(called or remittance)),
    )


def _by_parts(lines: Sequence[Sequence[Word]], parts: Sequence[Part]) -> Narration:
    """Read columns of text one after the other; one of them may name the other side."""
    lefts = [part.left - SAME for part in parts[1:]]
    texts: list[list[str]] = [[] for _ in parts]
    for word in (word for words in lines for word in words):
        texts[bisect_right(lefts, word.left)].append(word.text)
    told = [" ".join(words) for words in texts]
    names = [text for text, part in zip(told, parts, strict=True) if part.is_name]
    rest = " ".join(
        text for text, part in zip(told, parts, strict=True) if not part.is_name and text
    )
    account = next((each for text in told for each in ibans(text) if is_iban(each)), None)
    return Narration(rest, " ".join(names) or None, account, bool(REVERSED.match(rest)))


def _labelled(paragraph: str) -> tuple[str | None, str]:
    """What a paragraph's label says that it is, None without one, and the text behind it."""
    for name, pattern in LABELS:
        match = pattern.match(paragraph)
        # A text may begin like an account: AM04, a reason for which debits are returned.
        if match and (match.end() or is_iban("".join(paragraph.split()))):
            return name, paragraph[match.end() :]
    return None, paragraph


def _told_apart(
    plain: Sequence[str], has_account: bool, has_name: bool
) -> tuple[str, list[str], list[str]]:
    """The booking's kind, the other side's name, and the rest: banks print them in this order."""
    if has_name:
        return (plain[0] if plain else ""), [], list(plain[1:])
    if len(plain) >= (2 if has_account else 3) and (is_kind(plain[0]) or not is_kind(plain[1])):
        return plain[0], [plain[1]], list(plain[2:])
    if len(plain) > 1 and is_kind(plain[1]) and not is_kind(plain[0]):  # or the other way round
        return plain[1], [plain[0]], list(plain[2:])
    if len(plain) > 1 and FORM.search(plain[0]):  # a company, maybe behind what the booking is
        called, name = _behind_kind(plain[0])
        return called, [name], list(plain[1:])
    return (plain[0] if len(plain) > 1 else ""), [], list(plain[-1:])


def _paragraphs(lines: Sequence[Sequence[Word]], right: float) -> list[str]:
    """The lines, those joined that were broken only since the column was full."""
    texts = [" ".join(word.text for word in words) for words in lines]
    has_account = any(_labelled(text)[0] == "account" for text in texts)
    found: list[str] = []
    for at, (words, text) in enumerate(zip(lines, texts, strict=True)):
        if (
            found
            and _wrapped(lines[at - 1], words, right)
            and not _begins(text, found, has_account)
        ):
            found[-1] += f" {text}"
        else:
            found.append(text)
    return found


def _begins(text: str, found: Sequence[str], has_account: bool) -> bool:
    """Whether a line begins something else, though the line before it is full."""
    if len(found) == 1:
        return is_kind(found[0]) and not is_kind(text)
    if len(found) > 2 or KEY.match(found[1]) or DIGIT.search(found[1]):
        return False
    # Where an account is printed so is a name, and names have no numbers in them.
    return KIND.match(text) is not None or (has_account and DIGIT.search(text) is not None)


def _behind_kind(text: str) -> tuple[str, str]:
    """The words that say what a booking is, and what stands behind them."""
    words = text.split()
    count = next((at for at, word in enumerate(words) if not KINDS.fullmatch(word)), 0)
    return " ".join(words[:count]), " ".join(words[count:])


def is_kind(text: str) -> bool:
    """Whether a line is what banks call a kind of booking."""
    return KIND.fullmatch(text) is not None and len(text.split()) <= MOST_WORDS


def _wrapped(before: Sequence[Word], words: Sequence[Word], right: float) -> bool:
    """Whether a line goes on since its next word did not fit on the line before."""
    text = " ".join(word.text for word in words)
    if KEY.match(text) or any(pattern.match(text) for _, pattern in LABELS):
        return False
    if FORM.search(before[-1].text) and not CONTINUES.match(text):
        return False
    blank = 0.25 * (words[0].bottom - words[0].top)
    return before[-1].right + blank + words[0].right - words[0].left > right + 0.5
