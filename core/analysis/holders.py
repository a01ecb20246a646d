"""Whether the name that an account runs under is the applicant's, however a bank wrote it.

A bank shortens, drops the legal form, loses umlauts, writes in capitals, adds a branch. Another
legal form is another party, and so is a company whose name has a word more that tells the companies
of one house apart. A person's name is never a company's, be it the owner's after whom it is called;
who trades under a name of his own is known by first name and surname.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from core.analysis.counterparties import CUT_OFF, canonical, fold
from core.analysis.names import is_given, is_same_word, is_trade, legible
from core.applications import Applicant

_FORMS = (
    ("kg", r"gmbh\W*(?:&|u\.?|und)\W*co\W*(?:kg)?|(?:gmbh|ug|ag)\W+co\W*kg|kg"),
    ("gmbh", r"g?gmbh|mbh|gesellschaft mit beschraenkter haftung|ug"),
    ("ag", r"ag|aktiengesellschaft"),
    ("se", "se"),
    ("kgaa", "kgaa"),
    ("ohg", "ohg|offene handelsgesellschaft"),
    ("gbr", "gbr|gesellschaft buergerlichen rechts"),
    ("partg", "partg|partgmbb|partnerschaftsgesellschaft"),
    ("eg", "eg|genossenschaft"),
    ("ev", "ev"),
    (
        "sole",
        r"ek|ekfr|ekfm|einzel(?:unternehm\w+|firma|kaufmann|kauffrau)|freiberuf\w+|selbststaendig\w*"
        r"|eingetragene[rn]? kauf(?:mann|frau)|kleingewerbe\w*|kleinunternehm\w+",
    ),
    ("ltd", "ltd|limited"),
    ("other", "inc|llc|corp|plc|sarl|sas|bv|nv|srl|spa"),
)
_FORM = {form: re.compile(rf"(?<![a-z])(?:{words})(?![a-z])") for form, words in _FORMS}
_AROUND = """
    fa firma herr frau herrn inh inhaber inhaberin eheleute dr prof dipl ing filiale niederlassung
    zweigniederlassung konto geschaftskonto kontokorrent hauptkonto haftungsbeschrankt u
"""
_ASIDE = frozenset(_AROUND.split())
_JOINING = frozenset(("und", "u", "co", "and"))
_SISTER = re.compile(
    "holding|verwaltung|beteiligung|immobilie|grundstuck|grundbesitz|besitz|vermogen|treuhand"
    "|komplementar|management|invest|capital|kapital|stiftung|forderverein|leasing"
)
"""Words by which the companies of one house are told apart."""
_NUMBER = re.compile(r"(?<![a-z0-9])[0-9]+|[0-9]+(?![a-z0-9])|\b(?:i{2,3}|iv|vi{1,3}|ix)\b")
_ABBREVIATED = re.compile(r"[a-z]+\.")
_ADDRESSED = re.compile(r"\b(?:herrn?|frau|eheleute|familie)\b")
MOST_NAMES = 5  # words of the names of persons
FIELDS = frozenset((26, 27, 34, 35, 53, 54, 69, 70, 140))
"""How long a name is that a bank's field cut off; one less where a blank stood last."""


def is_held_by(holder: str, applicant: Applicant) -> bool:
    """Whether the name is the applicant's, as far as banks write names."""
    return is_same_holder(holder, applicant.legal_name, applicant.legal_form or "")


@lru_cache(maxsize=10_000)
def is_same_holder(holder: str, owner: str, declared: str = "") -> bool:
    """Whether a name is the owner's, whose legal form may have been declared beside its name."""
    holder, owner = legible(holder), legible(owner)
    theirs, own = _form_of(holder), _form_of(owner) or _form_of(declared)
    held, owned = _words(holder), _words(owner)
    is_company = own not in (None, "sole") or bool(declared and own is None)
    if _is_cut_off(holder, owner, theirs == own) and not (is_company and _is_name(held)):
        return True
    if theirs is None and is_company and _is_persons(holder, held, owned):
        return own == "gbr" and _names_all(held, owned)
    if theirs and own and (theirs != own or _numbers(holder) != _numbers(owner)):
        return False
    if not held or not owned:
        return False
    if _is_same(held, owned):
        return is_company or theirs in (None, "sole") or not _is_name(owned)
    if (not is_company or own == "gbr") and theirs in (None, "sole", "gbr"):
        return _is_within(held, owned) or _is_within(owned, held)
    if not is_company and _is_name(owned):
        return False
    if not _alike(held[0], owned[0]):
        return False
    return _is_short_for(held, owned) or _is_short_for(owned, held)


def _is_persons(holder: str, held: Sequence[str], owned: Sequence[str]) -> bool:
    """Whether a name without a legal form is rather that of a person than of the company.

    Who has two words that say nothing of a trade, and lacks words of the company's name or has some
    that it lacks, may be its owner under any given name.
    """
    if _ADDRESSED.search(fold(holder)) or _is_name(held):
        return True
    others = [word for word in held if not any(_alike(word, each) for each in owned)]
    left_out = [word for word in owned if not any(_alike(word, each) for each in held)]
    short = bool(others or left_out) and len(held) > 1
    return short and not any(map(is_trade, held))


def _is_name(words: Sequence[str]) -> bool:
    """Whether words are a given name and a surname, and name no trade."""
    return (
        1 < len(words) <= MOST_NAMES
        and any(is_given(word) or len(word.rstrip(".")) == 1 for word in words)
        and any(len(word.rstrip(".")) > 2 for word in words)
        and not any(map(is_trade, words))
    )


def _is_same(held: Sequence[str], owned: Sequence[str]) -> bool:
    """Whether names have the same words, wherever their blanks are."""
    if len(held) == len(owned):
        return all(map(_alike, held, owned))
    return "".join(map(canonical, held)) == "".join(map(canonical, owned))


def _names_all(held: Sequence[str], owned: Sequence[str]) -> bool:
    """Whether a partnership's name is there whole, with all who are partners by it."""
    return len(owned) > 2 and _is_within(owned, held)


def _plain(name: str) -> str:
    """The name without what banks put around it; after a company's form they add what they like."""
    text = _dotless(name)
    form = _form_of(name)
    if form is not None and form != "sole":
        matches = list(_FORM[form].finditer(text))
        text = text[: matches[-1].end()] if matches[-1].start() > 0 else text
    return " ".join(each for each in text.split() if canonical(each) not in _ASIDE) or name


def _numbers(name: str) -> set[str]:
    """The numbers in a company's name, by which those of one house are told apart."""
    return set(_NUMBER.findall(fold(_plain(name))))


def _words(name: str) -> list[str]:
    """Its words that tell, with their umlauts, abbreviated ones with their dot."""
    as_written = {fold(each): each.lower() for each in re.findall(r"[^\W_]+", name)}
    written = _ABBREVIATED.findall(fold(name))
    short = {each[:-1] for each in written if len(each) > 1} - {"e", "k", "g", "v", "co"}
    found = [each for each in re.findall(r"[^\W_]+", _plain(name)) if _form_of(each) is None]
    return [
        f"{each}." if each in short else as_written.get(each, each)
        for each in found
        if canonical(each) not in _ASIDE and each not in _JOINING
    ]


def _is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether each word of the part is one of the whole, and one of them more than an initial."""
    left = list(whole)
    for word in part:
        match = next((each for each in left if _alike(word, each)), None)
        if match is None:
            return False
        left.remove(match)
    return any(len(word.rstrip(".")) > 2 for word in part)


def _is_short_for(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether a company's name is the other in short: what it leaves out names no other company."""
    if not _is_within(part, whole):
        return False
    left_out = [word for word in whole if not any(_alike(word, each) for each in part)]
    return not any(word.isdigit() or _SISTER.match(word) for word in left_out)


def _alike(one: str, other: str) -> bool:
    if one.endswith(".") or other.endswith("."):
        a, b = canonical(one), canonical(other)
        return bool(a and b) and (a.startswith(b) or b.startswith(a))
    return is_same_word(one, other)


def _is_cut_off(holder: str, owner: str, same_form: bool) -> bool:
    """Whether a field that was too short ends within the owner's name.

    What ends with another legal form is another's, unless the field may well have ended there.
    """
    short, whole = (_letters(each) for each in (holder, owner))
    length = len(holder.strip())
    if length < CUT_OFF or not whole.startswith(short):
        return False
    return same_form or _form_of(holder) is None or length in FIELDS


def _letters(name: str) -> str:
    """The letters and digits of a name, its legal form too, umlauts in one spelling."""
    return re.sub(r"([aou])e|[\W_]", r"\1", fold(name))


@lru_cache(maxsize=10_000)
def _form_of(name: str) -> str | None:
    """The family of its legal form; a GmbH & Co. KG is a KG, a UG a GmbH."""
    text = _dotless(name)
    return next((form for form, words in _FORM.items() if words.search(text)), None)


def _dotless(name: str) -> str:
    """The name without dots, `e. K.` as one word."""
    return re.sub(r"(?<![a-z])e\. (?=[kgv]\.?)", "e", fold(name)).replace(".", "")
