"""What a page or a table calls itself: a bank's statement, another paper, or nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from core.formats.common.titles import LOOSE, STATEMENTS
from core.formats.papers.kept import FINANCIAL_PLAN, LEDGER, OPEN_ITEMS
from core.formats.papers.paper import Paper
from core.formats.papers.received import (
    CHARGES,
    CONTRACT_ACCOUNT,
    CUSTOMS,
    INSURANCE,
    LOAN_ACCOUNT,
    PROVIDER,
    SECURITIES,
    TAX_NOTICE,
)
from core.formats.papers.words import PAPERS

SPACED = re.compile(r"(?<!\S)[^\W\d](?: [^\W\d]){3,}(?!\S)")  # as in B I L A N Z
BEFORE = re.compile(
    r"(?:\W|\d+\s?\.|betreff\b|betrifft\b|subject\b|re:|objet\b|oggetto\b|asunto\b|ihre?\b|unsere?\b"
    r"|letzte\b|erste\b|zweite\b|dritte\b|kopie\b|duplikat\b|copy\b|copie\b|copia\b|final\b|your\b"
    r"|votre\b|vostr[ao]\b|dernier\b|dernière\b|premier\b|deuxième\b|primo\b|secondo\b|ultimo\b"
    r"|[12]e\b|[12]er\b|[12]ère\b|1st\b|2nd\b|3rd\b)*"
)
COMPANY = re.compile(
    r"\b(?:gmbh|ag|kg|ohg|ug|e\.\s?k|mbh|gbr|ltd|plc|llp|llc|inc|sarl|sas|s\.?a|eurl|s\.?r\.?l|s\.?p\.?a|s\.?n\.?c"
    r"|b\.?v|n\.?v|s\.?l|a/s|aps|ab|oy|sp\.\s?z|kft|s\.?r\.?o)\b\.?$"
)
MOST = 60  # characters of what may be a title rather than a sentence
TALLER = 1.25  # times the height of what is set as a title
# Whose account it is, where others than banks keep one: a supplier's statement is of open items.
KEPT_BY_OTHERS: tuple[tuple[re.Pattern[str], Paper], ...] = tuple(
    (re.compile(words), paper)
    for words, paper in (
        (r"steuer|finanzamt|\btax\b|fiscal|belasting|podatk|podatnik|tribut", TAX_NOTICE),
        (r"\bzoll(?:konto|amt)|duty|customs|douan|aduan|dogan|\bceln", CUSTOMS),
        (
            r"beitrag|arbeitgeber-?konto|krankenkasse|versicherung|insurance|cotisation|assurance|\bprimas?\b|\bpremi\b"
            r"|assicurazion|contributiv|składk|verzekering|\bprémie",
            INSURANCE,
        ),
        (r"\bmiet(?:e\b|er|konto|ein)|tenant|huur|locatair|inquilin|najem|alquiler", CHARGES),
        (r"\bprovision|provvigion|\bcommissions?\b", CHARGES),
        (
            r"\bhändler|\bverkäufer|merchant (?:account|statement)|\bseller|marchand|vendeur"
            r"|commerciante|comerciante|venditore|vendedor|payout|uitbetaling",
            PROVIDER,
        ),
        (
            r"\bdepot|wertpapier|effecten|brokerage|securities|titres\b|titoli\b|\bvalores\b"
            r"|inwestycyj|investment account",
            SECURITIES,
        ),
        (r"darlehen|\bloan\b|mortgage|\bprêt\b|\bmutuo|préstamo|\bkredyt\b|\blening", LOAN_ACCOUNT),
        (r"contable|contabile|comptable", LEDGER),
        (
            r"leasing|factoring|\bvertrag|anschluss-?kund|^abrechnungs-?konto\b|bauspar|épargne"
            r"|(?:punkte|meilen|arbeitszeit)-?konto|(?:miles|points) account",
            CONTRACT_ACCOUNT,
        ),
        (
            r"debitor|kreditor|kunden?\b|kunden-?konto|lieferant|mitglied|customer|supplier|vendor"
            r"|client|fournisseur|fornitor|proveedor|\bklant|leverancier|kontrahent|dostawc",
            OPEN_ITEMS,
        ),
    )
)
# The account of a ledger as a line names it, by its number and what it is called.
LEDGER_LINE = re.compile(
    r"\bsachkonto\b|\b(?:konto|account|compte|conto|cuenta|rekening)\W{1,3}\d{3,6}\W{1,3}"
    r"(?:bank|kasse|cash|banque|caisse|banca|cassa|banco|caja|kas|postbank|girokonto)\b",
    re.IGNORECASE,
)
PLANNED = re.compile(
    r"\bplan(?:ung\w*|zahl\w*|werte?)\b|\bgeplant\w*|\bplanned\b|\w*prognose\b|\w*vorschau\b"
    r"|szenario|forecast|projection|\bbudget|prévision|prévue?s?\b|prevision|previsión|previst[oaie]"
)
INVOICES = re.compile(
    r"\b(?:rechnung(?:s-?(?:nr|nummer|datum))?|mahnst\w*|invoice|facture|fattura|factura|factuur)\b"
)
CONTRA = re.compile(
    r"\b(?:gegen-?konto|g-?konto|g-?kto|contra(?:\saccount)?|contrepartie|contropartita|tegenrekening)\b"
)
VOUCHER = re.compile(
    r"\b(?:beleg\w*|soll|haben|kost\d?|ust|bu|journal|voucher|ref\w*|debit|credit|pièce|débit|crédit"
    r"|causale|dare|avere)\b"
)
SIGNS = 2  # so many of its words a paper has beside its title


@dataclass(frozen=True, slots=True)
class Heading:
    """Words that stand together on a line, and how high their letters are."""

    text: str
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Title:
    """What a heading says that its page or table is: `paper` is None for a bank's statement."""

    paper: Paper | None
    text: str
    height: float = 0.0


def title_of(headings: Iterable[Heading]) -> Title | None:
    """The title among headings in reading order: the first, unless one is set much larger."""
    best: Title | None = None
    for heading in headings:
        if (paper := _called(heading)) is not None and (
            best is None or paper.height > TALLER * best.height > 0
        ):
            best = paper
    return best


def has_signs(paper: Paper, texts: Iterable[str]) -> bool:
    """Whether a paper of that title also has what such a paper holds."""
    found: set[str] = set()
    signs = _signs(paper)
    for text in texts:
        found.update(match[0] for match in signs.finditer(text.lower()))
        if len(found) >= SIGNS:
            return True
    return False


def names_statement(texts: Sequence[str]) -> bool:
    """Whether one of them says that this is a bank's statement, in a title and no sentence."""
    return any(_statement(folded(text)) for text in texts)


def folded(text: str) -> str:
    """A heading in small letters, those that are set apart put together."""
    return unspaced(" ".join(text.split())).lower()


def unspaced(text: str) -> str:
    """A text whose letters are set apart, as in B I L A N Z, as words."""
    return SPACED.sub(lambda match: match[0].replace(" ", ""), text)


def headed(columns: str) -> Paper | None:
    """The paper whose columns a table's heading names: invoices, a ledger's accounts."""
    text = folded(columns)
    if CONTRA.search(text) and VOUCHER.search(text):
        return LEDGER
    return OPEN_ITEMS if INVOICES.search(text) else None


def _called(heading: Heading) -> Title | None:
    text = folded(heading.text)
    if _statement(text):
        return Title(_kept_as(text), heading.text, heading.height)
    if COMPANY.search(text):
        return None
    start = BEFORE.match(text)
    match = _titles().match(text, start.end() if start else 0)
    if match is None or match.lastgroup is None:
        return None
    return Title(PAPERS[int(match.lastgroup[1:])], heading.text, heading.height)


def _kept_as(text: str) -> Paper | None:
    """The paper that a statement's title makes it by whose account it names; None for a bank's."""
    if LEDGER_LINE.search(text):
        return LEDGER
    by_others = (paper for words, paper in KEPT_BY_OTHERS if words.search(text))
    return next(by_others, FINANCIAL_PLAN if PLANNED.search(text) else None)


@lru_cache(maxsize=1024)  # a page's headings are asked for more than once
def _statement(text: str) -> bool:
    """Whether a heading is a statement's: a letter's sentence may speak of one as well."""
    start = BEFORE.match(text)
    at = start.end() if start else 0
    if _named().match(text, at) or _loose().match(text, at):
        return True
    return len(text) <= MOST and _named().search(text) is not None and not _titles().match(text, at)


@cache
def _titles() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<p{at}>{each.titles})" for at, each in enumerate(PAPERS)))


@cache
def _named() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{STATEMENTS})")


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(rf"(?:{LOOSE})(?!\s(?:of|de)\s(?!account))")


@cache
def _signs(paper: Paper) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{paper.signs})")
