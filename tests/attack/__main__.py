"""How old clients could be broken, and which of the contract's own tests would notice.

    python -m tests.attack [NAME ...] [--list] [--quick] [--jobs N] [--keep FOLDER]

Each break is planted in a copy of the source, and the tests of `tests/contracts` and
`tests/public_api/contract` run there until one fails. A name is any part of a break's own.
"""

import argparse
import os
import queue
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from tests.attack.breaks import Break
from tests.attack.table import BREAKS
from tests.attack.trials import Bed, Trial, Verdict, bed


def main() -> None:
    """Try what was asked for; fails where anything is noticed by nobody, without a reason."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("name", nargs="*", help="only breaks whose names have this in them")
    arguments.add_argument("--list", action="store_true", help="say what there is, and do nothing")
    arguments.add_argument("--quick", action="store_true", help="without the longest tests")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    arguments.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what tests printed")
    given = arguments.parse_args()
    chosen = [
        each for each in BREAKS if not given.name or any(it in each.name for it in given.name)
    ]
    if given.list:
        for each in chosen:
            print(f"{each.name}\n    noticed by {each.notices}")
        return
    if not chosen:
        raise SystemExit("There is no such break.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended from outside."))
    started = perf_counter()
    trials = attack(chosen, given.jobs, given.keep, quick=given.quick)
    print(summary(chosen, trials, perf_counter() - started))
    sys.exit(any(unexcused(each, trial) for each, trial in zip(chosen, trials, strict=True)))


def attack(chosen: Sequence[Break], jobs: int, keep: Path | None, *, quick: bool) -> list[Trial]:
    """Try each break, so many at a time, and print how it fared; not where tests are red as is."""
    beds: queue.SimpleQueue[Bed] = queue.SimpleQueue()
    made: list[Bed] = []

    def attempt(number: int) -> Trial:
        free = beds.get()
        try:
            trial = free.attempt(chosen[number])
        finally:
            beds.put(free)
        print(line(chosen[number], trial), flush=True)
        if keep:
            (keep / f"{number + 1:02}.txt").write_text(f"{chosen[number].name}\n{trial.output}")
        return trial

    with ExitStack() as stack, ThreadPoolExecutor(jobs) as pool:
        for _ in range(min(jobs, len(chosen))):
            made.append(stack.enter_context(bed(quick=quick)))
            beds.put(made[-1])
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
        green = pool.submit(require_green, beds)
        trials = [pool.submit(attempt, number) for number in range(len(chosen))]
        try:
            green.result()
            return [each.result() for each in trials]
        except BaseException:  # also at Ctrl-C
            for each in trials:
                each.cancel()
            for busy in made:
                busy.stop()
            raise


def require_green(beds: "queue.SimpleQueue[Bed]") -> None:
    """Raise unless the contract's tests pass on the source as it is."""
    free = beds.get()
    trial = free.as_is()
    beds.put(free)
    if trial.verdict is not Verdict.NOT_CAUGHT:
        raise SystemExit(f"{trial.output}\nWithout any break {trial.by} fails: nothing was tried.")
    print(f"As it is, every test of the contract passes ({trial.seconds:.0f} s).", flush=True)


def line(tried: Break, trial: Trial) -> str:
    """One line of the table."""
    if trial.verdict is Verdict.CAUGHT:
        told = f"caught by {shown(trial.by)}"
    elif trial.verdict is Verdict.NOT_CAUGHT and tried.exception:
        told = f"not caught, {tried.exception}"
        if tried.measured:
            told += f", which finds {len(trial.slower)} budgets exceeded"
    else:
        told = f"{trial.verdict} {trial.by}".rstrip()
    if trial.lucky:
        told += f", and by luck by {', '.join(map(shown, trial.lucky))}"
    return f"{tried.name} → {told} ({trial.seconds:.0f} s)"


def shown(nodeid: str) -> str:
    """A test by the name of its file and its own."""
    file, _, name = nodeid.partition("::")
    return f"{Path(file).name}::{name}"


def unexcused(tried: Break, trial: Trial) -> bool:
    """Whether this should have been noticed and was not, or was no break at all."""
    if trial.verdict is Verdict.CAUGHT:
        return False
    if tried.measured and not trial.slower:
        return True
    return trial.verdict is Verdict.INVALID or not tried.exception


def summary(chosen: Sequence[Break], trials: Sequence[Trial], seconds: float) -> str:
    """How many were caught, and each that was not."""
    count = {verdict: sum(each.verdict is verdict for each in trials) for verdict in Verdict}
    excused = sum(
        trial.verdict is Verdict.NOT_CAUGHT and bool(each.exception)
        for each, trial in zip(chosen, trials, strict=True)
    )
    lines = [
        f"\n{len(chosen)} breaks in {seconds / 60:.1f} minutes: {count[Verdict.CAUGHT]} caught,"
        f" {count[Verdict.NOT_CAUGHT]} not ({excused} with a reason),"
        f" {count[Verdict.INVALID]} invalid."
    ]
    lines += [
        f"  {each.name}: {trial.verdict} {trial.by}\n    noticed by {each.notices}"
        for each, trial in zip(chosen, trials, strict=True)
        if unexcused(each, trial)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
