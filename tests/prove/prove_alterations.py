"""Ways to alter a statement, and honest programs, as a table: each named, none of the others."""

from collections.abc import Callable
from io import BytesIO

from core.documents import Finding
from core.formats import pdf
from tests.core.formats.altered import ALTERED
from tests.core.formats.clean import CLEAN


def said(write: Callable[[], bytes]) -> set[str]:
    """The codes of what is odd about a file."""
    return {each.code for each in pdf.read(BytesIO(write())) if isinstance(each, Finding)}


def test_every_alteration_is_named_and_no_honest_program_alarms() -> None:
    missed, alarms = [], []
    for way, (alter, code) in ALTERED.items():
        codes = said(alter)
        missed += [way] if code not in codes else []
        print(f"  {'named' if code in codes else 'MISSED':7} {way}: {', '.join(sorted(codes))}")
    for program, write in CLEAN.items():
        codes = said(write)
        alarms += [program] if codes else []
        print(f"  {'FALSE' if codes else 'clean':7} {program} {', '.join(sorted(codes))}")
    print(
        f"{len(ALTERED) - len(missed)} of {len(ALTERED)} alterations named,"
        f" {len(alarms)} of {len(CLEAN)} honest programs alarm"
    )
    assert not missed
    assert not alarms
