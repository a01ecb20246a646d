"""Fuzzing starts from files that do not fit into a reader's block, too; all of them are read."""

import pytest

from core.formats.camt.markup import BLOCK
from core.formats.csv.table import BLOCK as TABLE_BLOCK
from tests.fuzz.__main__ import LARGEST_BYTES
from tests.fuzz.check import check, parser
from tests.fuzz.seeds import BLOCKWISE, long


@pytest.mark.parametrize("name", BLOCKWISE)
def test_seeds_larger_than_a_readers_block_are_read_or_refused(name: str) -> None:
    seeds = list(long(name))
    block = TABLE_BLOCK if name == "csv" else BLOCK
    assert all(block < len(each) <= LARGEST_BYTES for each in seeds)
    assert seeds
    for each in seeds:
        check(parser(name), each)
