"""Statements of shipped revisions that are not run any more, and what does their work instead.

A shipped revision's file is never changed. Where it does what a revision may not, the statement is
named here, by its beginning, and left out from the next release on. Databases that ran it keep what
it did.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mended:
    """One statement that is left out."""

    beginning: str
    backfill: str
    """What does its work instead."""
    reason: str


MENDED = {
    "0006": (
        Mended(
            "UPDATE client SET test = true",
            "0006_test_clients",
            "moves data inside an expand: it would lock every partner's row under the lock that"
            " adds the column, and nobody would verify it",
        ),
    )
}
