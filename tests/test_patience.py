"""No test fails because a machine is busy: how fast it is is asked in `tests/bench` and `prove`."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

TESTS = Path(__file__).parent
ELSEWHERE = {"attack", "bench", "fuzz", "prove"}  # what measures, or runs alone
LEAST = 60.0
"""Seconds that tests wait for what is to come. What is to be missed is given less than one."""
BOUND = re.compile(
    r"(?:asyncio\.timeout\(|monotonic\(\) \+ |(?:wait_for|eventually)\(.*, |\.wait\("
    r"|(?<!-)\btimeout=|\b(?:seconds: float = |SECONDS = ))(\d+(?:\.\d+)?)(?=[),\n ])"
)
TIMED = re.compile(r"assert .*(?:(?:perf_counter|monotonic|\.time)\(\) - \w+|\btook) <")


def hasty(source: str) -> list[str]:
    """The lines that a busy machine may break."""
    return [
        line.strip()
        for line in source.splitlines(keepends=True)
        if TIMED.search(line) or any(1 <= float(each) < LEAST for each in BOUND.findall(line))
    ]


def test_what_a_test_waits_for_may_take_a_minute_and_none_is_timed() -> None:
    found = [
        f"{file.relative_to(TESTS.parent)}: {line}"
        for file in sorted(TESTS.rglob("*.py"))
        if file != Path(__file__) and not ELSEWHERE & set(file.relative_to(TESTS).parts)
        for line in hasty(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "async with asyncio.timeout(20):",
        "deadline = time.monotonic() + 5",
        "await eventually(lambda: _is_ready(worker), 10)",
        "assert face.wait(10) == 0",
        "httpx.get(place, timeout=20)",
        "SECONDS = 20.0",
        "assert time.perf_counter() - began < 2",
        "assert SECONDS <= took < SECONDS + 5",
    ],
)
def test_a_line_that_a_busy_machine_breaks_is_found(line: str) -> None:
    assert hasty(f"{line}\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "async with asyncio.timeout(60):",
        "async with asyncio.timeout(0.05):  # is missed",
        "assert time.process_time() - began < 10",
        "url = f'{place}?connect_timeout=1'",
    ],
)
def test_one_that_it_does_not_break_is_none(line: str) -> None:
    assert hasty(f"{line}\n") == []
