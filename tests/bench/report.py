"""What was measured, as tables for people and as JSON for machines."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.rounds import Estimate, Turn, Turns, compare, middle


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beside what it is compared with and what it is to reach."""

    figure: str
    ours: str
    other: str
    ratio: str
    target: str
    met: bool


def at_least(figure: str, turns: Turns, ours: str, other: str, target: float) -> Iterator[Finding]:
    """How many times as fast a side is as another: by CPU per request, and by requests a second."""
    mine, theirs = middle(turns[ours]), middle(turns[other])
    by_cpu = compare(turns, other, ours, lambda turn: turn.cpu)
    by_speed = compare(turns, ours, other, lambda turn: turn.per_second)
    for name, ratio, shown in (("CPU/request", by_cpu, _cpu), ("requests/s", by_speed, _speed)):
        yield Finding(
            f"{figure}, {name}",
            shown(mine),
            shown(theirs),
            f"{ratio.middle:.2f} ×",
            f"{target:g} ×",
            ratio.middle >= target,
        )


def _cpu(turn: Turn) -> str:
    return f"{turn.cpu:,.0f} µs"


def _speed(turn: Turn) -> str:
    return f"{turn.per_second:,.0f}"


def within(figure: str, turns: Turns, one: str, other: str, percent: float) -> Finding:
    """Whether a side costs at most so much more CPU than another, as far as this can tell."""
    mine, theirs = (f"{middle(turns[name]).cpu:,.1f} µs" for name in (one, other))
    found = compare(turns, one, other, lambda turn: turn.cpu)
    met = (found.low - 1) * 100 <= percent
    return Finding(figure, mine, theirs, difference(found), f"interval reaches {percent:g} %", met)


def times(figure: str, ratio: float, target: float) -> Finding:
    """How many times as fast we are."""
    return Finding(figure, "", "", f"{ratio:.2f} ×", f"{target:g} ×", ratio >= target)


def at_most(figure: str, value: float, unit: str, target: float) -> Finding:
    """Whether a figure stays below its target."""
    return Finding(
        figure, f"{value:,.1f} {unit}", "", "", f"at most {target:g} {unit}", value <= target
    )


def difference(ratio: Estimate) -> str:
    """A ratio as a difference, with its 95 % interval."""
    middle, low, high = (
        f"{(each - 1) * 100:+.1f}" for each in (ratio.middle, ratio.low, ratio.high)
    )
    return f"{middle} % [{low}, {high}]"


def print_turns(title: str, turns: Turns) -> None:
    """The medians of each side of a case, and how far the first differs from itself."""
    print(f"\n{title}, medians of {len(next(iter(turns.values())))} rounds")
    rows = [["", "requests/s", "p50 ms", "p99 ms", "CPU µs", "PostgreSQL's"]]
    rows += [[name, *_cells(middle(each))] for name, each in turns.items()]
    _print_table(rows)
    first, *others = turns
    for again in others:
        if again.startswith(first):
            same = compare(turns, again, first, lambda turn: turn.cpu)
            print(f"A against A, CPU/request: {difference(same)}")


def print_findings(findings: Sequence[Finding]) -> None:
    """Every figure beside its target."""
    print()
    rows = [["figure", "ours", "other", "ratio", "target", "met"]]
    for each in findings:
        *shown, met = (getattr(each, name) for name in Finding.__slots__)
        rows.append([*shown, "yes" if met else "NO"])
    _print_table(rows)


def as_json(findings: Sequence[Finding], turns: dict[str, Turns]) -> dict[str, Any]:
    """Everything that was measured."""
    return {
        "findings": [asdict(each) for each in findings],
        "turns": {
            case: {side: [asdict(turn) for turn in each] for side, each in sides.items()}
            for case, sides in turns.items()
        },
    }


def _cells(turn: Turn) -> list[str]:
    return [
        f"{turn.per_second:,.0f}",
        f"{turn.p50:.2f}",
        f"{turn.p99:.2f}",
        f"{turn.cpu:,.0f}",
        f"{turn.database_cpu:,.0f}",
    ]


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip(), flush=True)
