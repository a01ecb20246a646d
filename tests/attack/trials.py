"""A break tried: the contract's own tests run on a copy of the source that has it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests import postgres, workers
from tests.attack import session
from tests.attack.breaks import Break
from tests.attack.copies import VERSIONS, Copy, changed

CONTRACT = ("tests/contracts", "tests/public_api/contract")
# The web app's own promises are none to old clients, and want a browser.
NOT_OLD_CLIENTS = "tests/contracts/test_promises_bff.py"
LONGEST_SECONDS = 900.0
TAIL = 4_000


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


class Bed:
    """A copy of the source and a PostgreSQL of its own, on which one break is tried at a time."""

    def __init__(self, folder: Path, server: str) -> None:
        self._copy = Copy(folder / "source")
        self._copy.require_own_code()
        self._findings = folder / "findings.json"
        self._server = server
        self._template = self._migrated()

    def _migrated(self) -> str:
        """A template of today's revisions, for all breaks but those that bring one of their own."""
        import asyncio

        return asyncio.run(postgres.create_template(self._server))

    def attempt(self, planned: Break | None) -> Trial:
        """Run the contract's tests with this break in the source, or as it is."""
        if planned is None:
            return self._run({})
        migrates = any(Path(name).parent == VERSIONS for name in changed(self._copy.folder, planned))
        with self._copy.planted(planned):
            return self._run({session.REPLAY_FIRST: "1"} if migrates else {})

    def _run(self, more: Mapping[str, str]) -> Trial:
        environ = {
            **self._copy.environ(),
            workers.OPERATORS: self._server,
            session.FINDINGS: str(self._findings),
            **more,
        }
        if not more:
            environ[workers.TEMPLATE] = self._template
        self._findings.unlink(missing_ok=True)
        started = perf_counter()
        output = run_tests(self._copy.folder, environ)
        return judged(self._findings, perf_counter() - started, output)


def run_tests(folder: Path, environ: Mapping[str, str]) -> str:
    """What pytest prints of the contract's tests; it and all that it started end with this."""
    words = (sys.executable, "-m", "pytest", *CONTRACT, f"--ignore={NOT_OLD_CLIENTS}")
    options = ("-q", "--tb=short", "-p", "tests.attack.session", "-p", "no:cacheprovider")
    with subprocess.Popen(
        (*words, *options),
        cwd=folder,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            output = b"it hung\n"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return output.decode(errors="replace")


def judged(findings: Path, seconds: float, output: str) -> Trial:
    """What a run came to, by what it found and, where it did not get so far, by what it printed."""
    found = json.loads(findings.read_text()) if findings.exists() else {}
    if not found.get("ran"):
        return Trial(Verdict.INVALID, "nothing could be run", seconds, output)
    failed, through = found["failed"], "it hung" not in output
    if 2 * found["control_failed"] > found["control"]:
        return Trial(Verdict.INVALID, "tests of anything fail", seconds, output)
    if failed or not through:
        return Trial(Verdict.CAUGHT, shown(failed[0] if failed else found["running"]), seconds, output)
    return Trial(Verdict.NOT_CAUGHT, "", seconds, output)


def shown(nodeid: str) -> str:
    """A test by the name of its file and its own."""
    file, _, name = nodeid.partition("::")
    return f"{Path(file).name}::{name}"


@contextmanager
def bed() -> Iterator[Bed]:
    """What breaks are tried on, for as long as the block lasts."""
    with TemporaryDirectory(prefix="beleg-attack-") as name, postgres.serving() as server:
        import asyncio

        address = asyncio.run(postgres.address(server))
        yield Bed(Path(name), address)
