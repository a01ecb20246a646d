"""A break tried: the contract's own tests run on a copy of the source that has it."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests import postgres, workers
from tests.attack import session
from tests.attack.breaks import Break
from tests.attack.copies import VERSIONS, Copy, changed
from tests.bench.budgets import EXCEEDED

CONTRACT = ("tests/contracts", "tests/public_api/contract")
# The web app's own promises are none to old clients, and want a browser.
NOT_OLD_CLIENTS = "tests/contracts/test_promises_bff.py"
LONGEST_SECONDS = 900.0
HUNG = "The tests did not come to an end."


class Verdict(StrEnum):
    """What a trial came to."""

    CAUGHT = "caught"
    NOT_CAUGHT = "NOT CAUGHT"
    INVALID = "INVALID"


@dataclass(frozen=True, slots=True)
class Trial:
    """How one break fared: the first test that failed, how long it took, what was printed."""

    verdict: Verdict
    by: str
    seconds: float
    output: str
    # Tests that failed with the break once and then, with it still there, passed.
    lucky: tuple[str, ...] = ()
    # The budgets of latency that the bench finds exceeded.
    slower: tuple[str, ...] = ()


class Bed:
    """A copy of the source and a PostgreSQL of its own, on which one break is tried at a time."""

    def __init__(self, folder: Path, server: str, *, quick: bool) -> None:
        self._copy = Copy(folder / "source")
        self._copy.require_own_code()
        self._findings = folder / "findings.json"
        self._server = server
        self._quick = quick
        self._template = self._migrated()
        self._process: subprocess.Popen[bytes] | None = None

    def _migrated(self) -> str:
        """A template of today's revisions, for all breaks but those that bring one of their own."""
        return asyncio.run(postgres.create_template(self._server))

    def as_is(self) -> Trial:
        """Run the contract's tests on the source as it is."""
        return self._run({workers.TEMPLATE: self._template}, CONTRACT)

    def attempt(self, planned: Break) -> Trial:
        """Run the contract's tests with this break in the source.

        A test that fails once and then not, with the break still there, was only lucky: the others
        run without it.
        """
        migrates = any(Path(it).parent == VERSIONS for it in changed(self._copy.folder, planned))
        environ = {session.REPLAY_FIRST: "1"} if migrates else {workers.TEMPLATE: self._template}
        lucky: list[str] = []
        started = perf_counter()
        with self._copy.planted(planned):
            while True:
                without = [f"--deselect={each}" for each in lucky]
                trial = self._run(environ, (*CONTRACT, *without), slow=planned.measured)
                if trial.verdict is not Verdict.CAUGHT:
                    break
                again = self._run(environ, (trial.by,))
                if again.verdict is Verdict.CAUGHT or again.output.startswith(HUNG):
                    break
                lucky.append(trial.by)
            slower = self._measure() if planned.measured else ()
        seconds = perf_counter() - started
        return replace(trial, lucky=tuple(lucky), seconds=seconds, slower=slower)

    def _measure(self) -> tuple[str, ...]:
        """The budgets of latency that the bench finds exceeded."""
        words = (sys.executable, "-m", "tests.bench", "--quick", "--latency")
        run = subprocess.run(
            words,
            cwd=self._copy.folder,
            env=dict(self._copy.environ()),
            capture_output=True,
            text=True,
            check=False,
        )
        return tuple(filter(None, run.stderr.partition(EXCEEDED)[2].strip().split("; ")))

    def _run(self, more: Mapping[str, str], tests: Sequence[str], *, slow: bool = False) -> Trial:
        environ = {
            **self._copy.environ(),
            workers.OPERATORS: self._server,
            session.FINDINGS: str(self._findings),
            **({session.QUICK: "1"} if self._quick else {}),
            **more,
        }
        self._findings.unlink(missing_ok=True)
        shutil.rmtree(self._copy.folder / ".hypothesis", ignore_errors=True)
        started = perf_counter()
        output = self._run_tests(environ, tests)
        return judged(self._findings, perf_counter() - started, output, slow=slow)

    def _run_tests(self, environ: Mapping[str, str], tests: Sequence[str]) -> str:
        """What pytest prints of these tests; it and all that it started end with this."""
        words = (sys.executable, "-m", "pytest", *tests, f"--ignore={NOT_OLD_CLIENTS}")
        options = ("-q", "--tb=short", "-p", "tests.attack.session", "-p", "no:cacheprovider")
        with subprocess.Popen(
            (*words, *options),
            cwd=self._copy.folder,
            env=dict(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as self._process:
            try:
                output, _ = self._process.communicate(timeout=LONGEST_SECONDS)
            except subprocess.TimeoutExpired:
                output = HUNG.encode()
            finally:
                self.stop()
        return output.decode(errors="replace")

    def stop(self) -> None:
        """End what is being run, with all that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def judged(findings: Path, seconds: float, output: str, *, slow: bool = False) -> Trial:
    """What a run came to, by what it found and, where it did not get so far, by what it printed.

    Of a break that makes all slow, a run without an end tells nothing.
    """
    found = json.loads(findings.read_text()) if findings.exists() else {}
    if not found.get("ran"):
        return Trial(Verdict.INVALID, "nothing could be run", seconds, output)
    failed, hung = found["failed"], output.startswith(HUNG) and not slow
    if found["control"] and 2 * found["control_failed"] > found["control"]:
        return Trial(Verdict.INVALID, "tests of anything fail", seconds, output)
    if failed or hung:
        by = failed[0] if failed else found["running"]
        return Trial(Verdict.CAUGHT, by, seconds, output)
    return Trial(Verdict.NOT_CAUGHT, "", seconds, output)


@contextmanager
def bed(*, quick: bool) -> Iterator[Bed]:
    """What breaks are tried on, for as long as the block lasts."""
    with TemporaryDirectory(prefix="beleg-attack-") as name, postgres.serving() as server:
        address = asyncio.run(postgres.address(server))
        yield Bed(Path(name), address, quick=quick)
