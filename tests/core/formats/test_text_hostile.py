"""Files that were cut, mixed up or made up are read, or refused for a reason; nothing else."""

import time
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.formats import csv, mt940, ofx, parsers
from deploy.demo import LAYOUTS, Account, Company
from deploy.demo import mt940 as render_mt940
from deploy.demo import ofx as render_ofx
from tests.core.test_oracle import company_of
from tests.fuzz.check import Read, check

MONTH = date(2025, 3, 1)
SIZE = 3000  # bytes of a file that is played with
RENDERERS: dict[str, Callable[[Company, Account, date, date], bytes]] = {
    "MT940": render_mt940,
    "OFX": render_ofx,
    **LAYOUTS,
}
PARSERS: dict[str, Read] = {
    "MT940": mt940.read,
    "OFX": ofx.read,
    "CSV": csv.read,
    "any": parsers.read,
}
Change = Callable[[bytes], bytes]


@cache
def rendered(name: str) -> bytes:
    """The beginning of a month's statement."""
    company = company_of(1)
    return RENDERERS[name](company, company.accounts[1], MONTH, MONTH)[:SIZE]


def changes() -> st.SearchStrategy[Change]:
    """Ways to spoil a file: cut it, lose, double or move a part, put something else in."""
    place = st.integers(0, SIZE)
    part = st.tuples(place, place).map(sorted)
    stuff = st.binary(max_size=8) | st.sampled_from(
        [b"\n:61:", b"\n:86:", b"\n-\n", b"?20", b"<STMTTRN>", b"</STMTTRN>", b'"', b";", b"\0",
         b"99999999999999999999", b",", b"\r", b"\xff\xfe", b"30.02.2025", b"250230"]
    )  # fmt: skip
    return st.one_of(
        place.map(lambda at: lambda file: file[:at]),
        part.map(lambda cut: lambda file: file[: cut[0]] + file[cut[1] :]),
        part.map(lambda cut: lambda file: file[: cut[1]] + file[cut[0] :]),
        st.tuples(place, stuff).map(
            lambda put: lambda file: file[: put[0]] + put[1] + file[put[0] :]
        ),
    )


def read_without_much_work(read: Read, file: bytes) -> None:
    """Read it within seconds of work, whatever else the machine does: each takes milliseconds."""
    began = time.process_time()
    check(read, file)
    assert time.process_time() - began < 10


@settings(max_examples=60, derandomize=True)
@given(made=st.lists(changes(), min_size=1, max_size=4))
@pytest.mark.parametrize("name", RENDERERS)
def test_a_spoilt_statement_harms_nothing(name: str, made: list[Change]) -> None:
    file = rendered(name)
    for change in made:
        file = change(file)
    read_without_much_work(parsers.read, file)
    read_without_much_work(PARSERS.get(name, csv.read), file)


@settings(max_examples=60, derandomize=True)
@given(head=st.sampled_from([b"", b":20:X\r\n:25:", b"<OFX><STMTRS>", b"Datum;Betrag\n"]),
       rest=st.binary(max_size=300))  # fmt: skip
@pytest.mark.parametrize("name", PARSERS)
def test_what_is_made_up_harms_nothing(name: str, head: bytes, rest: bytes) -> None:
    read_without_much_work(PARSERS[name], head + rest)
