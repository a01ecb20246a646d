"""The made-up company: a labelled ledger, the truth about it, and its statements as banks write.

It seeds the demo lender and is the tests' oracle, so it shares no code with what it judges.
"""

from deploy.demo.bulk import large_camt053
from deploy.demo.camt import Version, camt053
from deploy.demo.company import Company, make_company
from deploy.demo.ledger import Account, Booking, Label, Ledger
from deploy.demo.lives import closed, opened
from deploy.demo.mt940 import mt940
from deploy.demo.ofx import ofx
from deploy.demo.selection import Gap, StatementSelection, hand_in, labels
from deploy.demo.tables import LAYOUTS
from deploy.demo.truth import Truth, truth

__all__ = [
    "LAYOUTS",
    "Account",
    "Booking",
    "Company",
    "Gap",
    "Label",
    "Ledger",
    "StatementSelection",
    "Truth",
    "Version",
    "camt053",
    "closed",
    "hand_in",
    "labels",
    "large_camt053",
    "make_company",
    "mt940",
    "ofx",
    "opened",
    "truth",
]
