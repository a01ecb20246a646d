"""The line `:61:` of each booking of an MT940, taken apart: all of them in one search."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.formats.common.column import NUL, Column
from core.formats.common.texts import booking_at, tidy, unreadable_value
from core.formats.mt940.swift import RawBookings

# Value date and entry date, side, last letter of the currency, amount, kind and the customer's
# reference, the bank's, details; and in place of all these nothing for a line that is none.
LINES = re.compile(
    r"61:\s*+([0-9]{6}(?:[0-9]{4})?+)\s*+([RE]?+[CD])[A-Z]?+\s*+"
    r"([0-9]{1,18}+)(?=[,.]|\s*+[A-Za-z/\0])[,.]?+([0-9]{0,10}+)(?![0-9.,])\s*+"
    r"([^/\r\n\0]*+(?:/[^/\r\n\0]++)*+)(?://([^\r\n\0]*+))?+\s*+([^\0]*+)\0|[^\0]*\0"
)
# What some write otherwise and cannot mean anything else: years in full, small letters, thousands
# apart before a comma.
TOLERATED = re.compile(
    r"61:\s*(?:20(?=[0-9]{6}(?:[0-9]{4})?[^0-9]))?([0-9]{6})\s*([0-9]{4})?\s*([RrEe]?[CcDd])[A-Za-z]?"
    r"\s*([0-9]{1,3}(?:(\.|'| |\xc2?\xa0)[0-9]{3}(?:\5[0-9]{3})*)|[0-9]+|(?=,[0-9]))"
    r"(,[0-9]{0,2}(?![0-9.,]).*)",
    re.DOTALL,
)


class Lines(NamedTuple):
    """The parts of lines, column by column, as the pattern finds them."""

    dates: Column
    marks: Column
    units: Column
    fractions: Column
    codes: Column  # kind and the customer's reference
    banks: Column
    details: Column


def read_lines(written: RawBookings) -> Lines:
    """The parts of the lines; raises Unreadable, naming its place, for one that is none."""
    lines: Sequence[str] = written.lines
    found = _split(lines)
    if "" in found.dates:
        lines = [_tolerated(line) for line in lines]
        found = _split(lines)
    if "" in found.dates:
        at = found.dates.index("")
        line = tidy(written.lines[at].removeprefix("61:"))
        raise unreadable_value(line).as_unreadable(booking_at(written.starts[at]))
    return found


def _split(lines: Sequence[str]) -> Lines:
    return Lines(*zip(*LINES.findall(NUL.join([*lines, ""])), strict=True))


def _tolerated(line: str) -> str:
    """A line as SWIFT has it, where it can be told what it says."""
    match = TOLERATED.fullmatch(line)
    if match is None:
        return line
    value, entered, side, whole, _, rest = match.groups("")
    digits = "".join(filter(str.isdecimal, whole))
    return f"61:{value}{entered}{side.upper()}{digits or 0}{rest}"
