"""What a rehearsal came to: for people as Markdown, for pipelines as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from deploy.release.rehearsal.results import Results, percentile

ALONE = "A alone"
NOISE_MILLISECONDS = 10.0
"""What a stretch may take longer than twice A alone, since two cores serve everybody."""
FEW = 200
"""A stretch with fewer answers says nothing about how slow the slowest were."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class PhaseReport:
    """A stretch of time."""

    name: str
    seconds: float
    requests: int
    failed: int
    p50: float
    p99: float
    pages: int
    pages_p99: float


@dataclass(frozen=True, slots=True)
class Promise:
    """What a release owes its users, and whether it was kept."""

    name: str
    kept: bool
    found: str


@dataclass
class RehearsalReport:
    """All of it."""

    a: str
    b: str
    phases: list[PhaseReport]
    state: str
    seconds: float
    acknowledged: int
    failures: list[str]
    lost: list[str]
    golden: int
    browser_visits: int | None
    steps: list[Mapping[str, Any]] = field(default_factory=list)
    shadow: Mapping[str, Any] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return all(each.kept for each in self.promises)

    @property
    def requests(self) -> int:
        """All that was asked while A served alone and ever after."""
        return sum(each.requests + each.pages for each in self.phases)

    def as_json(self) -> dict[str, Any]:
        """For a pipeline."""
        return {**asdict(self), "requests": self.requests, "kept": self.kept}

    def as_markdown(self) -> str:
        """For people."""
        lines = [
            *("# A rehearsed release", ""),
            f"From `{self.a}` to `{self.b}`: **{self.state}** after {self.seconds:.0f} s.",
            *("", "| Promise | | Found |", "|---|---|---|"),
            *(
                f"| {p.name} | {'kept' if p.kept else '**BROKEN**'} | {p.found} |"
                for p in self.promises
            ),
            *("", "## Stretches", ""),
            "| | seconds | API requests | failed | p50 ms | p99 ms | pages | pages p99 ms |",
            "|---|---|---|---|---|---|---|---|",
            *(
                f"| {p.name} | {p.seconds:.1f} | {p.requests} | {p.failed} | {p.p50:.1f} "
                f"| {p.p99:.1f} | {p.pages} | {p.pages_p99:.1f} |"
                for p in self.phases
            ),
            "",
            f"{self.golden} golden exchanges; "
            + (
                "no browser is installed."
                if self.browser_visits is None
                else f"{self.browser_visits} visits of a browser."
            ),
            *self._steps(),
            *self._shadow(),
            *_listed("Failures", self.failures),
            *_listed("Lost writes", self.lost),
        ]
        return "\n".join(lines) + "\n"

    def _steps(self) -> list[str]:
        lines = ["", "## Steps", ""]
        for each in self.steps:
            lines.append(f"- **{each['from']} → {each['to']}** ({each['verdict']}): {each['why']}")
        return lines if self.steps else []

    def _shadow(self) -> list[str]:
        if not self.shadow:
            return []
        found = self.shadow["differences"]
        said = f"{self.shadow['mirrored']} mirrored, {self.shadow['compared']} compared"
        return [
            *("", "## Shadow", "", f"{said}, {len(found)} differences."),
            *(f"- {each}" for each in found[:SHOWN]),
        ]


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"- … and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return ["", f"## {title}", "", *(f"- {each}" for each in lines[:SHOWN]), *more]


def phases_of(results: Results) -> list[PhaseReport]:
    """What each stretch came to; those of the same name are one."""
    names = list(dict.fromkeys(each.name for each in results.phases))
    found = []
    for name in names:
        same = [each for each in results.phases if each.name == name]
        latencies = [one for each in same for one in each.latencies]
        pages = [one for each in same for one in each.pages]
        found.append(
            PhaseReport(
                name,
                round(sum(each.seconds for each in same), 1),
                len(latencies),
                sum(len(each.failures) for each in same),
                round(percentile(latencies, 50), 1),
                round(percentile(latencies, 99), 1),
                len(pages),
                round(percentile(pages, 99), 1),
            )
        )
    return found


def judged(
    report: RehearsalReport, results: Results, requests: int, ended_as: str = "done"
) -> list[Promise]:
    """Every promise, and whether it was kept."""
    answered = report.requests
    return [
        Promise("the whole way", report.state == ended_as, f"the release is {report.state}"),
        Promise(
            f"0 failed of at least {requests:,} requests",
            not report.failures and answered >= requests,
            f"{len(report.failures)} failed of {answered:,}",
        ),
        Promise(
            "0 lost writes",
            not report.lost and report.acknowledged > 0,
            f"{len(report.lost)} lost of {report.acknowledged:,} acknowledged",
        ),
        _slowness("API", report, results, "latencies"),
        _slowness("web app", report, results, "pages"),
    ]


def _slowness(name: str, report: RehearsalReport, results: Results, of: str) -> Promise:
    """p99 at most twice that of A alone: over the whole way, and in each part but for noise."""
    alone: list[float] = []
    later: list[float] = []
    for each in results.phases:
        (alone if each.name == ALONE else later).extend(getattr(each, of))
    before, after = percentile(alone, 99), percentile(later, 99)
    p99 = {
        each.name: each.p99 if of == "latencies" else each.pages_p99
        for each in report.phases
        if each.name != ALONE and (each.requests if of == "latencies" else each.pages) >= FEW
    }
    slow = {key: one for key, one in p99.items() if one > 2 * before + NOISE_MILLISECONDS}
    said = f"{before:.1f} ms with A alone, {after:.1f} ms since"
    said += "".join(f"; {key}: {one:.1f} ms" for key, one in slow.items())
    return Promise(f"{name}: p99 at most twice", after <= 2 * before and not slow, said)
