"""How fast CAMT is read, with its byte ranges, against lxml passing the file and reading nothing.

    python -m tests.bench.camt [--entries N] [--rounds R]

All run in turn, each time in a process of its own, whose peak of memory is its own.
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


SIDES: dict[str, Callable[[Path], None]] = {"floor": floor, "every": every, "reader": reader}


def measure(side: str, path: Path) -> None:
    """Print the seconds that one pass takes and by how many KiB it raises the peak of memory."""
    before, start = peak(), time.perf_counter()
    SIDES[side](path)
    print(time.perf_counter() - start, peak() - before)


def peak() -> int:
    """The most memory this process has had so far, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def compare(path: Path, entries: int, rounds: int) -> tuple[float, float]:
    """Run all in turn and print entries per second, ratios and memory.

    Returns the share of the floor's speed that ours has, and by how many MiB it raises memory.
    """
    runs = []
    for turn in range(1, rounds + 1):
        run = {side: run_apart(side, path) for side in SIDES}
        runs.append(run)
        speeds = (f"{side} {entries / seconds:,.0f}/s" for side, (seconds, _) in run.items())
        print(f"round {turn}: {', '.join(speeds)}", flush=True)
    print(f"{entries:,} entries of {path.stat().st_size / entries:,.0f} bytes")
    for side in ("floor", "every"):
        ratios = [run[side][0] / run["reader"][0] for run in runs]
        spread = f"from {min(ratios):.2f} to {max(ratios):.2f}"
        print(f"reader ÷ {side}: median {median(ratios):.2f}, {spread}")
    memory = max(run["reader"][1] for run in runs) / 1024
    print(f"reader's memory: at most {memory:.1f} MiB more than before")
    return median(run["floor"][0] / run["reader"][0] for run in runs), memory


def measure_all(entries: int, rounds: int) -> tuple[float, float]:
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
