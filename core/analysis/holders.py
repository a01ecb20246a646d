"""Whether the name that an account runs under is the applicant's, however a bank wrote it.

A bank shortens, drops the legal form, loses umlauts, writes in capitals, adds a branch. Another
legal form is another party, and so is a company whose name has a word more that tells the companies
of one house apart. Who trades under a name of his own is known by first name and surname.
"""

import re
from functools import lru_cache

from core.analysis.counterparties import CUT_OFF, canonical, fold, same_party
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
    ("sole", "ek|ekfr|ekfm|einzelunternehmen|einzelunternehmer|freiberufler|selbststaendig"),
    ("ltd", "ltd|limited"),
    ("other", "inc|llc|corp|plc|sarl|sas|bv|nv|srl|spa"),
)
_FORM = {form: re.compile(rf"(?<![a-z])(?:{words})(?![a-z])") for form, words in _FORMS}
_AROUND = """
    fa firma herr frau herrn inh inhaber inhaberin eheleute dr prof dipl ing filiale niederlassung
    zweigniederlassung konto geschaftskonto kontokorrent hauptkonto haftungsbeschrankt u
"""
_ASIDE = frozenset(_AROUND.split())
_SOLE = frozenset({None, "sole", "gbr"})
_SISTER = re.compile(
    "holding|verwaltung|beteiligung|immobilie|grundstuck|grundbesitz|besitz|vermogen|treuhand"
    "|komplementar|management|invest|capital|kapital|stiftung|forderverein|leasing"
)
"""Words by which the companies of one house are told apart."""
_NUMBER = re.compile(r"[0-9]+|\b(?:i{2,3}|iv|vi{1,3}|ix)\b")
_ABBREVIATED = re.compile(r"[a-z]+\.")


def is_held_by(holder: str, applicant: Applicant) -> bool:
    """Whether the name is the applicant's, as far as banks write names."""
    return _same(holder, applicant.legal_name, _form_of(applicant.legal_form or ""))


@lru_cache(maxsize=10_000)
def _same(holder: str, applicant: str, declared: str | None) -> bool:
    theirs, own = _form_of(holder), _form_of(applicant) or declared
    if _is_cut_off(holder, applicant):
        return True
    if theirs and own and theirs != own:
        return False
    if theirs and own and _numbers(holder) != _numbers(applicant):
        return False
    if same_party(_plain(holder), _plain(applicant)):
        return True
    held, owned = _words(holder), _words(applicant)
    if not held or not owned:
        return False
    if own in _SOLE and theirs in _SOLE:
        return _is_within(held, owned) or _is_within(owned, held)
    if not _alike(held[0], owned[0]):
        return False
    return _is_short_for(held, owned) or _is_short_for(owned, held)


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
    """Its words that tell, abbreviated ones with their dot."""
    plain = [canonical(each) for each in _plain(name).split()]
    written = _ABBREVIATED.findall(fold(name))
    short = {canonical(each) for each in written if len(each) > 1}
    forms = {canonical(each) for each in ("e.K.", "e.G.", "e.V.", "Co.")}
    words = [each for text in plain for each in text.split() if _form_of(each) is None]
    return [f"{each}." if each in short - forms else each for each in words if each not in _ASIDE]


def _is_within(part: list[str], whole: list[str]) -> bool:
    """Whether each word of the part is one of the whole, and one of them more than an initial."""
    left = list(whole)
    for word in part:
        match = next((each for each in left if _alike(word, each)), None)
        if match is None:
            return False
        left.remove(match)
    return any(len(word.rstrip(".")) > 2 for word in part)


def _is_short_for(part: list[str], whole: list[str]) -> bool:
    """Whether a company's name is the other in short: what it leaves out names no other company."""
    if not _is_within(part, whole):
        return False
    left_out = [word for word in whole if not any(_alike(word, each) for each in part)]
    return not any(word.isdigit() or _SISTER.match(word) for word in left_out)


def _alike(one: str, other: str) -> bool:
    if one.endswith(".") or other.endswith("."):
        a, b = one.rstrip("."), other.rstrip(".")
        return bool(a and b) and (a.startswith(b) or b.startswith(a))
    return same_party(one, other)


def _is_cut_off(holder: str, applicant: str) -> bool:
    """Whether a field that was too short ends within the applicant's name."""
    short, whole = fold(holder).strip(), fold(applicant)
    return len(holder.strip()) >= CUT_OFF and whole.startswith(short)


@lru_cache(maxsize=10_000)
def _form_of(name: str) -> str | None:
    """The family of its legal form; a GmbH & Co. KG is a KG, a UG a GmbH."""
    text = _dotless(name)
    return next((form for form, words in _FORM.items() if words.search(text)), None)


def _dotless(name: str) -> str:
    """The name without dots, `e. K.` as one word."""
    return re.sub(r"(?<![a-z])e\. (?=[kgv]\.?)", "e", fold(name)).replace(".", "")
