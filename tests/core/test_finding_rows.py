"""Findings on record and between processes: in two languages, beside builds that know one."""

import json

import pytest

from core.bilingual import Bilingual
from core.documents import Finding
from core.documents.rows import _finding, finding_row
from core.isolation import protocol

pytestmark = pytest.mark.unit

SCANNED = Finding(
    "scanned", Bilingual("2 of 3 pages are scans.", "2 von 3 Seiten sind eingescannt.")
)


def test_both_wordings_are_kept() -> None:
    assert _finding(finding_row(SCANNED)) == SCANNED


def test_a_build_that_knows_no_german_reads_the_english() -> None:
    row = json.loads(json.dumps(finding_row(SCANNED)))
    assert (row["code"], row["detail"]) == ("scanned", SCANNED.detail.en)


def test_what_such_a_build_wrote_is_shown_as_it_is() -> None:
    assert _finding({"code": "scanned", "detail": "1 of 1."}) == Finding(
        "scanned", Bilingual("1 of 1.", "1 of 1.")
    )


def test_both_wordings_come_from_the_reader() -> None:
    refusal = protocol.Refusal("no_year", Bilingual("No year.", "Kein Jahr."))
    assert [protocol.read(protocol.write(each)) for each in (SCANNED, refusal)] == [
        SCANNED,
        refusal,
    ]


@pytest.mark.parametrize("detail", ["No year.", {"en": "No year."}, {"en": "No year.", "de": 1}])
def test_the_reader_is_held_to_both(detail: object) -> None:
    for letter, name in ((b"f", "detail"), (b"r", "reason")):
        line = letter + json.dumps({"code": "no_year", name: detail}).encode()
        assert protocol.read(line) is None
