"""Scans of every kind: how many amounts are right, whether wrong ones are doubted, what it costs.

Each is read twice: by RapidOCR alone, and with Tesseract's second opinion where the machine has it.
"""

import resource
import time
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from core import statements
from core.errors import Unreadable
from core.formats import parsers
from core.formats.pdf import tesseract
from core.ids import new_id
from core.money import stated
from tests.core.formats.scanned import KINDS, STYLES, of_kind

EACH = 3  # scans of a kind
RIGHT = 0.99


def told_of(content: bytes) -> tuple[Counter[int], str, str]:
    """The amounts that are read in a scan, what is doubted in words, and why it is refused."""
    try:
        read = statements.assemble(parsers.read(BytesIO(content)), new_id())
    except Unreadable as refusal:
        return Counter(), "", refusal.code
    doubted = [each.detail.en for each in read.findings if each.code == "doubtful_amount"]
    return Counter(each.transaction.amount for each in read.transactions), "\n".join(doubted), ""


def measured(seed: int) -> None:
    """Read scans of all kinds, print a line for each, and hold them to what they tell."""
    right = total = 0
    silent = []
    for at, kind in enumerate(KINDS):
        for number in range(EACH):
            style = STYLES[(at + 2 * number) % len(STYLES)]
            content, told = of_kind(kind, seed + 100 * at + number, style)
            begun = time.process_time()
            got, doubted, refused = told_of(content)
            seconds = time.process_time() - begun
            want = Counter(amount for _, amount in told.bookings)
            wrong = got - want
            missed = (want - got).total()
            right, total = right + want.total() - missed, total + want.total()
            print(
                f"{kind:20} {number} {want.total() - missed:3} of {want.total()}"
                f" {seconds:5.1f} s {refused}"
            )
            named = (stated(abs(each), "EUR").de.removesuffix(" EUR") for each in wrong)
            if not refused and any(each not in doubted for each in named):
                silent.append((kind, number, wrong))
            if missed and not refused and not doubted:
                silent.append((kind, number, want - got))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{right} of {total} amounts right, {peak} MiB at most")
    assert silent == []
    assert right >= RIGHT * total


def test_scans_of_every_kind_are_read_by_one_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not tesseract.is_here()
    measured(seed=0)


@pytest.mark.skipif(not tesseract.is_here(), reason="no second reader here")
def test_scans_of_every_kind_are_read_with_a_second_opinion() -> None:
    measured(seed=50)
