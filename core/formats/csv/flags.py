"""Columns of a few letters or flags that may say what is booked, under whatever name.

Words need no proof. A letter or a flag does: balances say which rows count, or nothing does.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.bilingual import Bilingual
from core.formats.common.texts import tidy
from core.formats.csv.assignment import Assignment, amounts_by
from core.formats.csv.columns import Untold
from core.formats.csv.headers import ColumnRole, fold, roles_of
from core.formats.csv.proofs import tally
from core.formats.csv.sample import Sample
from core.formats.csv.status import NO, SAYS_BOOKED, SAYS_PENDING, YES, is_known

# Letters that stand for booked, and beside each one that stands for what is not.
PAIRS = frozenset(
    map(
        frozenset,
        ["bv", "bp", "bo", "bm", "cp", "cu", "gv", "go", "fp", "fv", "sp", "pm", "ph", "av", "ap"],
    )
)
MOST_VALUES = 3
# Names of flags that say something else of a booking than whether it is one.
ELSE = re.compile(
    r"steuer|tax|vat|mwst|iva\b|gelesen|read\b|beleg|receipt|attach|anhang|fav|star|recurr|wieder"
    r"|dauer|contactless|kontaktlos|online|split|exclu|ignor|hidden|versteck|neu\b|new\b|auto|match"
    r"|zugeordnet|gepr[üu]ft|checked|privat|business|gesch[äa]ft|budget|sepa|instant|echtzeit|eilig"
    r"|urgent|sammler|batch|bulk|foreign|ausland|international|card|karte|fee|geb[üu]hr|anzahl"
    r"|count|geteilt|shared|export|noti[zc]|note|kateg|categ|label|tag\b|klasse|class|group|gruppe"
    r"|nr\b|num|code|seite|page|filial|branch|kanal|channel|tunnus|ar[ck]?h?iv|\\bid\\b|ref",
    re.IGNORECASE,
)
FLAGS_UNTOLD = "status_unknown"


class Flags(NamedTuple):
    """The column that says what is booked, by these values of it; or that nothing tells."""

    at: int | None = None
    booked: frozenset[str] | None = None
    untold: Untold | None = None


def find_flags(sample: Sample, assignment: Assignment, names: Sequence[str]) -> Flags:
    """What a table's flags say of its bookings; nothing where it has none, or they matter not."""
    candidates = dict(_candidates(sample, assignment, names))
    everything = [True] * len(sample.body)
    if not candidates:
        return Flags()
    proven = [
        (at, value)
        for at, values in candidates.items()
        for value in values
        if _is_left_out(sample, assignment, at, value)
    ]
    if len(proven) == 1:
        at, pending = proven[0]
        return Flags(at, frozenset(candidates[at]) - {pending})
    if not proven and _proves(sample, assignment, everything):
        status = sample.roles.get(ColumnRole.STATUS)
        return Flags(status, frozenset(candidates[status])) if status in candidates else Flags()
    doubtful = [at for at, values in candidates.items() if not ELSE.search(names[at])]
    return (
        Flags(untold=_untold(names[doubtful[0]], candidates[doubtful[0]])) if doubtful else Flags()
    )


def _candidates(
    sample: Sample, assignment: Assignment, names: Sequence[str]
) -> Iterator[tuple[int, set[str]]]:
    """The columns that have two or three letters or flags and no other role."""
    status = sample.roles.get(ColumnRole.STATUS)
    says = SAYS_PENDING | SAYS_BOOKED
    taken = {*sample.roles.values(), *assignment.roles.values()} - {status}
    for at in range(len(names)):
        is_named = fold(names[at]) in says or (at != status and roles_of(names[at]))
        if at in taken or is_named:
            continue
        values = set(map(tidy, set(sample.cells(at))))
        if not 1 < len(values) <= MOST_VALUES or any(map(is_known, values - {""})):
            continue
        folded = {each.casefold() for each in values}
        if folded == {"1", ""} and at != status:
            continue
        if folded in PAIRS or folded <= YES | NO | {""} or at == status:
            yield at, values


def _is_left_out(sample: Sample, assignment: Assignment, at: int, value: str) -> bool:
    """Whether the balances go without the rows that have this value, and not with them."""
    without = [tidy(cell) != value for cell in sample.cells(at)]
    if not _proves(sample, assignment, without):
        return False
    balance = assignment.roles.get(ColumnRole.BALANCE, sample.roles.get(ColumnRole.BALANCE))
    if not _proves(sample, assignment, [True] * len(without)):
        return True
    # They lead on either way where just these rows, the latest, have no balance of their own.
    return balance is not None and without == [each is not None for each in sample.numbers(balance)]


def _proves(sample: Sample, assignment: Assignment, wanted: Sequence[bool]) -> bool:
    """Whether the amounts of these rows lead from balance to balance."""
    amounts = [
        each if use else None
        for each, use in zip(amounts_by(assignment, sample), wanted, strict=True)
    ]
    balance = assignment.roles.get(ColumnRole.BALANCE, sample.roles.get(ColumnRole.BALANCE))
    if balance is None:
        return sample.lead_to_the_end(amounts)
    balances = [
        each if use else None for each, use in zip(sample.numbers(balance), wanted, strict=True)
    ]
    return tally(amounts, balances, sample.ledgers).proves


def _untold(name: str, values: set[str]) -> Untold:
    shown = f"{name[:40]!r} ({', '.join(sorted(filter(None, values)))})"
    return Untold(
        FLAGS_UNTOLD,
        Bilingual(
            f"The column {shown} may say which bookings are booked and which are pending, and"
            " neither a name that is known nor balances tell. Export the booked transactions only,"
            " or with balances.",
            f"Die Spalte {shown} könnte sagen, was gebucht und was nur vorgemerkt ist, und weder"
            " ein bekannter Name noch Salden zeigen es. Bitte nur die gebuchten Umsätze"
            " exportieren oder mit Salden.",
        ),
    )
