"""The rows of German business reports and annual accounts, and what must follow from what.

A DATEV report goes from revenue to the result by subtotals; of annual accounts after the commercial
code (HGB §§ 266, 275) both sides of the balance sheet must be equal, and the result must follow.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import partial

CENTS = 2  # by which a subtotal of rounded parts may be off


class FormRow(Enum):
    """A row of a form."""

    REVENUE = "revenue"
    STOCK = "stock"
    OWN_WORK = "own_work"
    OUTPUT = "output"
    MATERIAL = "material"
    GROSS = "gross"
    OTHER_INCOME = "other_income"
    OPERATING_GROSS = "operating_gross"
    PERSONNEL = "personnel"
    COSTS = "costs"
    DEPRECIATION = "depreciation"
    OTHER_COSTS = "other_costs"
    TOTAL_COSTS = "total_costs"
    OPERATING = "operating"
    NEUTRAL_COSTS = "neutral_costs"
    NEUTRAL_INCOME = "neutral_income"
    BEFORE_TAX = "before_tax"
    TAXES = "taxes"
    RESULT = "result"


def _rows(**rows: str) -> list[tuple[FormRow, re.Pattern[str]]]:
    return [
        (FormRow(name), re.compile(rf"(?:{pattern})", re.IGNORECASE))
        for name, pattern in rows.items()
    ]


# In the order of the form; the first that a row's name begins with is it.
REPORT = _rows(
    revenue=r"umsatzerlöse",
    stock=r"best\.?\s?-?verdg|bestandsveränd",
    own_work=r"akt\.?\s?eigenleist|aktivierte\s+eigenleist",
    output=r"gesamtleistung",
    material=r"mat(?:erial|\.)?[-/. ]*(?:aufwand|wareneinkauf|einkauf)|wareneinsatz",
    gross=r"rohertrag",
    other_income=r"so(?:nstige|nst\.|\.)\s*betr(?:iebliche|iebl\.|\.)\s*(?:erlöse|erträge)",
    operating_gross=r"betriebl(?:icher|\.)\s*rohertrag",
    personnel=r"personal(?:kosten|aufwand)",
    depreciation=r"abschreibungen",
    other_costs=r"(?:sonstige|sonst\.|so\.)\s*kosten",
    total_costs=r"gesamtkosten|summe\s+kosten",
    costs=r"raumkosten|betriebl(?:iche|\.)\s*steuern|versich|(?:kfz|fahrzeug)-?\s?kosten|besondere\s+kosten"
    r"|werbe-?|reisekosten|kosten\s+(?:der\s+|d\.\s*)?warenabgabe|reparatur|instandhalt",
    operating=r"betriebsergebnis",
    neutral_costs=r"neutraler\s+aufwand",
    neutral_income=r"neutraler\s+ertrag",
    before_tax=r"ergebnis\s+vor\s+steuern",
    taxes=r"steuern\s+(?:vom\s+)?eink",
    result=r"vorläufiges\s+ergebnis",
)  # fmt: skip
ACCOUNTS = _rows(
    revenue=r"umsatzerlöse",
    stock=r"(?:erhöhung|verminderung|bestandsveränd)",
    own_work=r"andere\s+aktivierte\s+eigenleist",
    output=r"gesamtleistung",
    other_income=r"sonstige\s+betriebliche\s+erträge",
    material=r"materialaufwand",
    gross=r"roh(?:ertrag|ergebnis)",
    personnel=r"personalaufwand",
    depreciation=r"abschreibungen",
    other_costs=r"sonstige\s+betriebliche\s+aufwendungen",
    neutral_income=r"(?:sonstige\s+)?zinsen\s+und\s+ähnliche\s+erträge|zinserträge|erträge\s+aus",
    neutral_costs=r"zinsen\s+und\s+ähnliche\s+aufwendungen|zinsaufwend",
    taxes=r"(?:sonstige\s+)?steuern(?!\s*\w*ergebnis)",
    before_tax=r"ergebnis\s+(?:vor|nach)\s+steuern|ergebnis\s+der\s+gewöhnlichen",
    result=r"jahres(?:überschu(?:ss|ß)|fehlbetrag)",
)  # fmt: skip
Sums = Mapping[FormRow, int]


def report_adds_up(sums: Sums, slack: int = CENTS) -> bool:
    """Whether a column of a business report, in minor units, proves itself by its subtotals.

    At least two subtotals must be there and all must follow; figures that are rounded may be off by
    `slack`.
    """
    row = FormRow
    gross = sums.get(row.OPERATING_GROSS, sums.get(row.GROSS))
    costs = _sum(sums, row.PERSONNEL, row.COSTS, row.DEPRECIATION, row.OTHER_COSTS)
    check = partial(_check, sums, slack)
    checks = [
        check(row.OUTPUT, row.REVENUE, _sum(sums, row.REVENUE, row.STOCK, row.OWN_WORK)),
        check(row.GROSS, row.OUTPUT, _sum(sums, row.OUTPUT) - _sum(sums, row.MATERIAL)),
        check(row.OPERATING_GROSS, row.GROSS, _sum(sums, row.GROSS, row.OTHER_INCOME)),
        check(row.TOTAL_COSTS, row.PERSONNEL, costs),
        check(
            row.OPERATING,
            row.TOTAL_COSTS,
            None if gross is None else gross - _sum(sums, row.TOTAL_COSTS),
        ),
        check(
            row.BEFORE_TAX,
            row.OPERATING,
            _sum(sums, row.OPERATING, row.NEUTRAL_INCOME) - _sum(sums, row.NEUTRAL_COSTS),
        ),
        check(row.RESULT, row.BEFORE_TAX, _sum(sums, row.BEFORE_TAX) - _sum(sums, row.TAXES)),
    ]
    made = [each for each in checks if each is not None]
    return len(made) >= 2 and all(made)


def accounts_add_up(sums: Sums, slack: int = CENTS) -> bool:
    """Whether a profit and loss account's result follows from its rows; costs may bear a minus."""
    row = FormRow
    if row.RESULT not in sums or row.REVENUE not in sums:
        return False
    income = _sum(sums, row.REVENUE, row.STOCK, row.OWN_WORK, row.OTHER_INCOME, row.NEUTRAL_INCOME)
    costs = (
        row.MATERIAL, row.PERSONNEL, row.DEPRECIATION, row.OTHER_COSTS, row.NEUTRAL_COSTS,
        row.TAXES,
    )  # fmt: skip
    spent = sum(abs(sums.get(each, 0)) for each in costs)
    return spent > 0 and abs(income - spent - sums[row.RESULT]) <= slack


def _sum(sums: Sums, *rows: FormRow) -> int:
    return sum(sums.get(row, 0) for row in rows)


def _check(sums: Sums, slack: int, total: FormRow, part: FormRow, due: int | None) -> bool | None:
    """Whether a subtotal is what it is due to be; None where it or its main part is not told."""
    if due is None or total not in sums or part not in sums:
        return None
    return abs(sums[total] - due) <= slack
