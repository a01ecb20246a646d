"""A plugin for pytest: contract tests in the order in which they tell most, ended once one fails.

A few tests that hardly any break concerns go first, and all of them run: where most of them fail,
the break has merely stopped everything. What was found is written as JSON to the file that
`BELEG_ATTACK_FINDINGS` names.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest

CONTROL = (
    "tests/contracts/test_promises_shared.py::test_a_key_begins_by_what_it_is_for",
    "tests/contracts/test_promises_shared.py::test_what_machines_ask_is_on_a_port_of_its_own",
    "tests/contracts/test_promises_sizes.py::test_a_document_may_have_fifty_mebibytes_unless_set_otherwise",
    "tests/contracts/test_promises_v1.py::test_a_page_has_fifty_and_at_most_two_hundred",
    "tests/contracts/test_promises_v2.py::test_a_problem_is_of_a_stable_type",
)
"""Needs: imports, a database, a server process, v1 and v2."""
ORDER = (
    "tests/contracts/test_exchanges.py",
    "tests/contracts/test_promises",
    "tests/contracts/test_round_trip.py",
    "tests/contracts/",
    "tests/public_api/contract/",
    "tests/contracts/test_client.py",
    "tests/contracts/test_replay.py",
    "tests/contracts/test_schemathesis.py",
)
"""Beginnings of tests' names, the fast and telling ones first; the longest that fits counts."""
QUICK = "BELEG_ATTACK_QUICK"
"""Leave out what takes longest, and of a replay all but rows of the first and the last age."""
REPLAY = "test_every_exchange_holds_after_every_revision["
REPLAY_FIRST = "BELEG_ATTACK_REPLAY_FIRST"
FINDINGS = "BELEG_ATTACK_FINDINGS"


class Findings:
    """What a run has come to so far; kept on disk, should the run be ended from outside."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._control = 0
        self._session: pytest.Session
        self.found: dict[str, Any] = {
            "control": 0,
            "control_failed": 0,
            "running": "",
            "ran": 0,
            "failed": [],
        }

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """The order of this table, after every other wish."""
        self._session = session
        if os.environ.get(QUICK):
            items[:] = quick(items)
        items.sort(key=lambda item: rank(item.nodeid))
        self._control = sum(item.nodeid in CONTROL for item in items)
        self.found["control"] = self._control

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Keep which test is running."""
        self.found["running"] = nodeid
        self._write()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep each test that fails, once."""
        failed: list[str] = self.found["failed"]
        if report.failed and report.nodeid not in failed:
            failed.append(report.nodeid)
            self.found["control_failed"] += report.nodeid in CONTROL
        self._write()

    def pytest_runtest_logfinish(self) -> None:
        """End the run once a test has failed and the control set is through."""
        self.found["ran"] += 1
        if self.found["failed"] and self.found["ran"] >= self._control:
            self._session.shouldfail = "a test has noticed"
        self._write()

    def _write(self) -> None:
        self._file.write_text(json.dumps(self.found))


def rank(nodeid: str) -> int:
    """Where a test stands in the order."""
    if nodeid in CONTROL:
        return -2
    beginning = max((each for each in ORDER if nodeid.startswith(each)), key=len, default="")
    if "test_replay" in beginning and os.environ.get(REPLAY_FIRST):
        return -1
    return ORDER.index(beginning) if beginning else len(ORDER)


def quick(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests without those that take longest."""
    replays = [each.nodeid for each in items if REPLAY in each.nodeid][1:-1]
    return [
        each
        for each in items
        if each.get_closest_marker("long") is None and each.nodeid not in replays
    ]


def pytest_configure(config: pytest.Config) -> None:
    """Take part in the run; of an example that fails no smaller one is looked for."""
    phases = set(hypothesis.Phase) - {hypothesis.Phase.shrink, hypothesis.Phase.explain}
    hypothesis.settings.register_profile(
        "attack", hypothesis.settings.get_profile("beleg"), phases=tuple(phases)
    )
    hypothesis.settings.load_profile("attack")
    config.pluginmanager.register(Findings(Path(os.environ[FINDINGS])), "attack-findings")
