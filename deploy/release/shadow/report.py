"""What a shadow has found, as people and pipelines read it: a page, Markdown, JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from deploy.release.shadow.comparison import DifferenceKind
from deploy.release.shadow.findings import Findings, Latencies, RouteFindings
from deploy.release.shadow.rules import IgnoreRule

NAME = "report"
SHARES = (50, 95, 99)
WORDS = {
    DifferenceKind.MISSING: "is missing in B",
    DifferenceKind.EXTRA: "is only in B",
    DifferenceKind.TYPE: "is of another type",
    DifferenceKind.VALUE: "has another value",
    DifferenceKind.ORDER: "is in another order",
    DifferenceKind.STATUS: "is another status",
    DifferenceKind.OUTCOME: "is taken otherwise",
    DifferenceKind.UNANSWERED: "is not answered by B",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A difference as it is told; `rule` is why it does not count, `expired` one that did."""

    route: str
    path: str
    kind: str
    count: int
    of: int
    first: str
    last: str
    samples: tuple[tuple[str, str], ...]
    rule: str = ""
    expired: str = ""

    def line(self) -> str:
        """In one line, masked."""
        what = WORDS.get(DifferenceKind(self.kind), self.kind)
        a, b = self.samples[0] if self.samples else ("", "")
        shown = f": {a or '(nothing)'} → {b or '(nothing)'}"
        expired = f"; the rule for it has expired: {self.expired}" if self.expired else ""
        return f"{self.route} {self.path} {what}{shown} ({self.count} of {self.of}){expired}"


@dataclass(frozen=True, slots=True)
class Line:
    """One route: how much of it was compared, and how both builds did."""

    route: str
    mirrored: int
    compared: int
    differing: int
    passed: Mapping[str, int]
    statuses: Mapping[str, int]
    noise: Mapping[str, int]
    new_fields: Mapping[str, int]
    milliseconds: Mapping[str, Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Report:
    """All of what was found, after the rules."""

    at: str
    since: str
    sides: Mapping[str, str]
    mirrored: int
    compared: int
    dropped: int
    too_large: int
    passed_over: int
    differences: tuple[Entry, ...]
    ignored: tuple[Entry, ...]
    unused_rules: tuple[str, ...]
    expired_rules: tuple[str, ...]
    uncovered: tuple[str, ...]
    new_in_b: Mapping[str, int]
    routes: tuple[Line, ...]

    @classmethod
    def of(
        cls, found: Findings, rules: Sequence[IgnoreRule], today: date | None = None
    ) -> "Report":
        """What these findings say under these rules."""
        now = datetime.now(UTC)
        day = today or now.date()
        entries = [_judged(each, rules, day) for each in _entries(found)]
        used = {each.rule or each.expired for each in entries}
        return cls(
            at=now.isoformat(timespec="seconds"),
            since=found.since,
            sides=found.sides,
            mirrored=found.mirrored,
            compared=found.compared,
            dropped=found.dropped,
            too_large=found.too_large,
            passed_over=found.passed_over,
            differences=tuple(each for each in entries if not each.rule),
            ignored=tuple(each for each in entries if each.rule),
            unused_rules=tuple(str(each) for each in rules if str(each) not in used),
            expired_rules=tuple(str(each) for each in rules if each.expires < day),
            uncovered=tuple(_uncovered(found)),
            new_in_b={
                each: found.routes[each].new_in_b if each in found.routes else 0
                for each in found.new_in_b
            },
            routes=tuple(_line(name, found.routes[name]) for name in sorted(found.routes)),
        )

    def lines(self) -> tuple[str, ...]:
        """What differs and counts, a line each, what was met most first."""
        return tuple(each.line() for each in self.differences)

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def write(report: Report, folder: Path) -> Path:
    """Write all three forms into a folder; the page's path."""
    from deploy.release.shadow.page import rendered  # whoever only counts needs no templates

    forms = {
        "html": rendered(report),
        "md": markdown(report),
        "json": json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n",
    }
    for suffix, text in forms.items():
        fresh = folder / f"{NAME}.{suffix}.new"
        fresh.write_text(text)
        fresh.replace(folder / f"{NAME}.{suffix}")
    return folder / f"{NAME}.html"


def markdown(report: Report) -> str:
    """The report for a terminal, a ticket, a pull request."""
    said = verdict(report)
    parts = [
        f"# Shadow: {said}",
        f"Since {report.since}: {report.mirrored:,} requests mirrored,"
        f" {report.compared:,} compared,"
        f" {report.dropped:,} dropped, {report.too_large:,} too large,"
        f" {report.passed_over:,} of no contract.",
        *_section("Differences", report.lines()),
        *_section("Ignored", (f"{each.line()}; rule: {each.rule}" for each in report.ignored)),
        *_section("Rules that have expired", report.expired_rules),
        *_section("Rules that nothing needs", report.unused_rules),
        *_section("New in B", (f"{name} ({count})" for name, count in report.new_in_b.items())),
        *_section("Never compared", report.uncovered),
        "## Routes",
        "| route | mirrored | compared | differ | A ms p50 / p95 / p99 | B ms p50 / p95 / p99 |\n"
        "|---|--:|--:|--:|---|---|\n" + "\n".join(_row(each) for each in report.routes),
        *_section("Noise cancelled", _noise(report.routes)),
    ]
    return "\n\n".join(parts) + "\n"


def verdict(report: Report) -> str:
    """In one line, what it comes down to."""
    if report.differences:
        number = len(report.differences)
        return f"{number} {'difference' if number == 1 else 'differences'}"
    return "no difference" if report.compared else "nothing was compared yet"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    listed = [f"- {each}" for each in lines]
    return [f"## {title}", "\n".join(listed)] if listed else []


def _row(line: Line) -> str:
    times = (" / ".join(shown(each) for each in line.milliseconds[side]) for side in ("A", "B"))
    cells = (line.route, line.mirrored, line.compared, line.differing, *times)
    return f"| {' | '.join(map(str, cells))} |"


def _noise(routes: Iterable[Line]) -> Iterable[str]:
    for line in routes:
        for path, count in line.noise.items():
            yield f"{line.route} {path} ({count} of {line.compared})"


def shown(milliseconds: float | None) -> str:
    """A time as people read it."""
    if milliseconds is None:
        return "-"
    return f"{milliseconds:.1f}" if milliseconds < 100 else f"{milliseconds:.0f}"


def _entries(found: Findings) -> list[Entry]:
    entries = [
        Entry(
            route,
            path,
            kind,
            each.count,
            findings.compared,
            each.first,
            each.last,
            tuple(each.samples),
        )
        for route, findings in found.routes.items()
        for (path, kind), each in findings.differences.items()
    ]
    return sorted(entries, key=lambda each: (-each.count, each.route, each.path, each.kind))


def _judged(entry: Entry, rules: Sequence[IgnoreRule], day: date) -> Entry:
    fitting = [each for each in rules if each.covers(entry.route, entry.path, entry.kind)]
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    for each in fitting:
        if each.expires >= day:
            return Entry(**{**values, "rule": str(each)})
    return Entry(**{**values, "expired": str(fitting[0])}) if fitting else entry


def _uncovered(found: Findings) -> Iterable[str]:
    """The operations of both builds of which no answer was compared, with the reason if known."""
    for each in found.operations:
        if each in found.new_in_b:
            continue
        seen = found.routes.get(each)
        if seen is None or not seen.mirrored:
            yield f"{each}: never mirrored"
        elif not seen.compared:
            yield f"{each}: {'; '.join(_passed(seen)) or 'not yet'}"


def _passed(route: RouteFindings) -> dict[str, int]:
    """Why requests were not compared, and how many each."""
    named = {
        "its data never stood still": route.unsettled,
        "429": route.throttled,
        "A did not answer": route.unanswered,
        "new in B": route.new_in_b,
        **route.not_asked,
    }
    return {name: count for name, count in named.items() if count}


def _line(name: str, route: RouteFindings) -> Line:
    return Line(
        name,
        route.mirrored,
        route.compared,
        route.differing,
        _passed(route),
        dict(route.statuses.most_common()),
        dict(route.noise.most_common()),
        dict(route.new_fields.most_common()),
        {"A": _percentiles(route.a), "B": _percentiles(route.b)},
    )


def _percentiles(latencies: Latencies) -> tuple[float | None, ...]:
    return tuple(latencies.percentile(each) for each in SHARES)
