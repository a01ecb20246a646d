"""Who a name means, however a bank wrote it: upper-cased, cut off, misspelt, umlauts lost."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from unicodedata import combining, normalize

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
LEGAL_FORMS = """
    gmbh ggmbh mbh ag kg kgaa ohg gbr ug haftungsbeschrankt se ek ekfr ekfm eg ev co cokg
    partg partgmbb partnerschaft ltd limited inc llc corp plc sa sarl sas bv nv srl spa
    gesellschaft mit beschrankter haftung aktiengesellschaft und
"""
KINDS_OF_LENDER = """
    bank sparkasse volksbank raiffeisenbank kreissparkasse stadtsparkasse bausparkasse kredit
    kreditbank credit finanz finance financial services leasing deutsche der die fur
"""
CUT_OFF = 26  # SWIFT subfields end after 27 characters, SEPA names after 70
ALIKE = 0.9
_FORMS = frozenset(LEGAL_FORMS.split())
_KINDS = frozenset(KINDS_OF_LENDER.split())


def fold(text: str) -> str:
    """Lower case without accents, the German umlauts spelt out: `Müller` is `mueller`."""
    text = text.lower()
    if text.isascii():
        return text
    spelt = normalize("NFKD", normalize("NFC", text).translate(GERMAN))
    return "".join(letter for letter in spelt if not combining(letter))


@lru_cache(maxsize=100_000)
def canonical(name: str) -> str:
    """The name for grouping: folded, `ae` like `a`, without punctuation and legal form."""
    bare = re.sub(r"([aou])e", r"\1", fold(name).replace(".", ""))
    words = re.findall(r"[a-z0-9]+", bare)
    return " ".join([each for each in words if each not in _FORMS] or words)


@lru_cache(maxsize=100_000)
def same(one: str, other: str) -> bool:
    """Whether two names mean one party, allowing a slip of the pen or a cut-off end."""
    a, b = canonical(one), canonical(other)
    if a == b:
        return bool(a)
    if not a or not b or re.findall(r"\d", a) != re.findall(r"\d", b):
        return False
    if (a.startswith(b) and len(other) >= CUT_OFF) or (b.startswith(a) and len(one) >= CUT_OFF):
        return True
    return min(len(a), len(b)) > 5 and SequenceMatcher(None, a, b).ratio() >= ALIKE


def named(declared: str, name: str) -> bool:
    """Whether a lender declared in short (`Hansekredit`) is the one a bank names in full."""
    if same(declared, name):
        return True
    short, full = set(canonical(declared).split()), set(canonical(name).split())
    return bool(short - _KINDS) and short <= full


def account_key(account: str | None) -> str | None:
    """An account's number for comparing: without blanks, upper case, None where there is none."""
    return "".join(account.split()).upper() or None if account else None


@dataclass(slots=True)
class Party:
    """One party under all its spellings and accounts; `name` is the first spelling seen."""

    name: str
    spellings: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)

    def includes(self, name: str, account: str | None) -> bool:
        """Whether this name or account is this party's."""
        if account is not None and account in self.accounts:
            return True
        return name in self.spellings or same(name, self.name)

    def add(self, name: str, account: str | None) -> None:
        """Learn one more spelling and account."""
        self.spellings.add(name)
        if account is not None:
            self.accounts.add(account)


def distinguish(seen: Iterable[tuple[str, str | None]]) -> list[Party]:
    """The distinct parties among (name, account) pairs, in order of first sight."""
    parties: list[Party] = []
    for name, account in dict.fromkeys((name, account_key(account)) for name, account in seen):
        party = next((each for each in parties if each.includes(name, account)), None)
        if party is None:
            party = Party(name)
            parties.append(party)
        party.add(name, account)
    return parties
