"""What codes tell of a booking: the German business transaction codes (GVC) and ISO 20022's.

Signs are 1 for a credit, -1 for a debit. Sources: the codes of German banks' account statements,
and the ISO 20022 bank transaction codes `DOMAIN-FAMILY-SUBFAMILY`.
"""

from functools import lru_cache

from core.analysis.model import Category

C = Category

REVERSED_BY_BANK = "899"
OWN_TRANSFER_CODES = frozenset({"820", "833", "834"})
CASH_POOLING = ("CAMT-ACCB", "CAMT-CAPL")
RETURN_CODES = {
    ("108", -1): C.CUSTOMER_DEBIT_RETURNED,
    ("109", -1): C.CUSTOMER_DEBIT_RETURNED,
    ("181", 1): C.OWN_DEBIT_RETURNED,
    ("184", 1): C.OWN_DEBIT_RETURNED,
    ("159", 1): C.TRANSFER_RETURNED,
    ("160", 1): C.TRANSFER_RETURNED,
}
COLLECTION_CODES = frozenset({"171", "174", "192", "196"})
COLLECTIONS_BY_ISO = "PMNT-IDDT"
BATCH_CODES = COLLECTION_CODES | {"191", "193", "194", "195", "197"}
CODES = {
    ("082", 1): C.CASH_DEPOSIT,
    ("083", -1): C.CASH_WITHDRAWAL,
    ("153", -1): C.SALARY,
    ("154", -1): C.SALARY,
    **{(f"60{digit}", -1): C.LOAN_SERVICE for digit in range(1, 8)},
    **{(f"60{digit}", 1): C.LOAN_DISBURSEMENT for digit in range(1, 8)},
    ("832", -1): C.LOAN_SERVICE,
    ("832", 1): C.LOAN_DISBURSEMENT,
    **{(code, -1): C.FEES for code in ("805", "808", "810", "811", "812", "813", "814", "815")},
    **{(code, 1): C.INTEREST_RECEIVED for code in ("805", "811", "812", "813", "814", "815")},
}

RETURNS_BY_ISO = {
    ("RDDT", 1): C.OWN_DEBIT_RETURNED,
    ("IDDT", -1): C.CUSTOMER_DEBIT_RETURNED,
    ("ICDT", 1): C.TRANSFER_RETURNED,
    ("IRCT", 1): C.TRANSFER_RETURNED,
    ("RCDT", -1): C.REFUND_PAID,
    ("RRCT", -1): C.REFUND_PAID,
}
"""What is given back, by the family of what was paid and the sign of the booking."""

ISO_SUBFAMILIES = {
    ("SALA", -1): C.SALARY,
    ("CDPT", 1): C.CASH_DEPOSIT,
    ("CWDL", -1): C.CASH_WITHDRAWAL,
    **{(code, -1): C.FEES for code in ("CHRG", "COMM", "FEES", "INTR", "ODFT")},
    ("INTR", 1): C.INTEREST_RECEIVED,
    ("TAXE", -1): C.TAX,
}
ISO_DOMAINS = {
    ("LDAS", -1): C.LOAN_SERVICE,
    ("LDAS", 1): C.LOAN_DISBURSEMENT,
    ("SECU", -1): C.INVESTMENT,
    ("SECU", 1): C.INVESTMENT_INCOME,
}


def read_gvc(gvc: str | None, sign: int) -> Category | None:
    """What a German business transaction code says of a credit (1) or debit (-1), if it tells."""
    return CODES.get((gvc, sign)) if gvc else None


@lru_cache(maxsize=4096)  # a bank's bookings have few codes
def read_return(gvc: str | None, iso: str | None, reason: str | None, sign: int) -> Category | None:
    """Which kind of return the codes tell, if any; a bare return reason tells a direct debit."""
    if gvc and (gvc, sign) in RETURN_CODES:
        return RETURN_CODES[gvc, sign]
    family, _, subfamily = (iso or "").partition("-")[2].partition("-")
    if reason or subfamily in {"UPDD", "RRTN", "PRDD", "RCDD"}:
        given_back = RETURNS_BY_ISO.get((family, sign))
        if given_back or not reason:
            return given_back
        return C.OWN_DEBIT_RETURNED if sign > 0 else C.CUSTOMER_DEBIT_RETURNED
    return None


@lru_cache(maxsize=4096)
def read_iso(iso: str | None, sign: int) -> Category | None:
    """What an ISO 20022 code `DOMAIN-FAMILY-SUBFAMILY` says, where it tells anything."""
    if not iso:
        return None
    domain, _, family_and_subfamily = iso.partition("-")
    subfamily = family_and_subfamily.partition("-")[2]
    return ISO_DOMAINS.get((domain, sign)) or ISO_SUBFAMILIES.get((subfamily, sign))
