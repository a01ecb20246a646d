"""Who a name means, however a bank wrote it: upper-cased, cut off, misspelt, umlauts lost."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import normalize

GERMAN = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
ACCENTS = re.compile("[\u0300-\u036f]")
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
SHORTEST_WITH_SLIPS = 6  # letters; a letter more or less makes another short name
_FORMS = frozenset(LEGAL_FORMS.split())
_KINDS = frozenset(KINDS_OF_LENDER.split())


def fold(text: str) -> str:
    """Lower case without accents, the German umlauts spelt out: `Müller` is `mueller`."""
    text = text.lower()
    if text.isascii():
        return text
    text = normalize("NFC", text)
    for letter, spelt_out in GERMAN:
        text = text.replace(letter, spelt_out)
    if text.isascii():  # most German texts are by now
        return text
    return ACCENTS.sub("", normalize("NFKD", text)).lower()


@lru_cache(maxsize=100_000)
def canonical(name: str) -> str:
    """The name for grouping: folded, `ae` like `a`, without punctuation and legal form."""
    bare = re.sub(r"([aou])e", r"\1", fold(name).replace(".", ""))
    words = re.findall(r"[^\W_]+", bare)
    return " ".join([each for each in words if each not in _FORMS] or words)


@lru_cache(maxsize=100_000)
def same_party(one: str, other: str) -> bool:
    """Whether two names mean one party, allowing for one letter amiss or a cut-off end."""
    a, b = canonical(one), canonical(other)
    if a == b:
        return bool(a)
    if (len(one) >= CUT_OFF and b.startswith(a)) or (len(other) >= CUT_OFF and a.startswith(b)):
        return True
    return not _slips(a).isdisjoint(_slips(b))


@lru_cache(maxsize=10_000)
def _slips(name: str) -> frozenset[str]:
    """The canonical name and what is left of it without any one letter; digits must stay.

    Names that differ in one letter (wrong, missing, doubled or swapped with the next) share one.
    """
    if len(name) < SHORTEST_WITH_SLIPS:
        return frozenset({name})
    letters = (index for index, letter in enumerate(name) if not letter.isdigit())
    return frozenset({name, *(name[:index] + name[index + 1 :] for index in letters)})


def same_lender(declared: str, name: str) -> bool:
    """Whether a lender declared in short (`Hansekredit`) is the one a bank names in full."""
    if same_party(declared, name):
        return True
    short, full = set(canonical(declared).split()), set(canonical(name).split())
    return bool(short - _KINDS) and short <= full


@lru_cache(maxsize=100_000)  # a business's counterparties come back month after month
def account_key(account: str | None) -> str | None:
    """An account's number for comparing: without blanks, upper case, None where there is none."""
    return "".join(account.split()).upper() or None if account else None


@dataclass(slots=True, eq=False)
class Party:
    """One party under all its spellings; `name` is the first one seen."""

    name: str
    spellings: set[str] = field(default_factory=set)


class Parties:
    """Distinct parties in order of first sight, found by account or by name."""

    def __init__(self, names_and_accounts: Iterable[tuple[str, str | None]]) -> None:
        self.all: list[Party] = []
        self._by_account: dict[str, Party] = {}
        self._by_slip: dict[str, Party] = {}
        for name, account in dict.fromkeys(names_and_accounts):
            self._add(name, account)

    def find(self, name: str, account: str | None) -> Party | None:
        """The party with this account, else with this name or one a letter off."""
        number = account_key(account)
        if number in self._by_account:
            return self._by_account[number]
        canonical_name = canonical(name)
        if canonical_name in self._by_slip:
            return self._by_slip[canonical_name]
        slips = sorted(_slips(canonical_name) & self._by_slip.keys())
        return self._by_slip[slips[0]] if slips else None

    def _add(self, name: str, account: str | None) -> None:
        party = self.find(name, account)
        if party is None:
            party = Party(name)
            self.all.append(party)
        party.spellings.add(name)
        if number := account_key(account):
            self._by_account.setdefault(number, party)
        for slip in _slips(canonical(name)):
            self._by_slip.setdefault(slip, party)
