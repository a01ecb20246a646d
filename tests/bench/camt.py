"""How fast CAMT is read, with its byte ranges, against lxml walking the file and reading nothing.

    python -m tests.bench.camt [--entries N] [--rounds R]

Both run in turn, each time in a process of its own, so that neither warms the other's memory.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from lxml import etree

from core.statements import camt
from deploy.demo import large_camt053


def floor(path: Path) -> None:
    """lxml's own pass over the file: every element is seen and cleared, nothing is read."""
    for _, element in etree.iterparse(str(path)):
        element.clear()


def reader(path: Path) -> None:
    """Ours: statements and bookings, dropped as they come."""
    with path.open("rb") as source:
        for _ in camt.read(source):
            pass


SIDES: dict[str, Callable[[Path], None]] = {"floor": floor, "reader": reader}


def measure(side: str, path: Path) -> None:
    """Print the seconds that one pass takes and by how many KiB it raises the peak of memory."""
    before, start = peak(), time.perf_counter()
    SIDES[side](path)
    print(time.perf_counter() - start, peak() - before)


def peak() -> int:
    """The most memory this process has had so far, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def compare(path: Path, entries: int, rounds: int) -> None:
    """Run both in turn and print entries per second, their ratio and memory."""
    ratios, memory = [], 0
    for turn in range(1, rounds + 1):
        seconds = {}
        for side in SIDES:
            command = [sys.executable, "-m", "tests.bench.camt", "--side", side, str(path)]
            taken, kib = subprocess.run(command, check=True, stdout=-1, text=True).stdout.split()
            seconds[side] = float(taken)
            if side == "reader":
                memory = max(memory, int(kib))
        ratios.append(seconds["floor"] / seconds["reader"])
        speeds = ", ".join(f"{side} {entries / taken:,.0f}/s" for side, taken in seconds.items())
        print(f"round {turn}: {speeds}, ratio {ratios[-1]:.2f}")
    size = path.stat().st_size
    print(f"{entries:,} entries of {size / entries:,.0f} bytes")
    print(f"ratio: median {median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"memory: {memory / 1024:.1f} MiB more than before reading, at most")


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
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.xml"
        with path.open("wb") as file:
            file.writelines(large_camt053(given.entries))
        compare(path, given.entries, given.rounds)


if __name__ == "__main__":
    main()
