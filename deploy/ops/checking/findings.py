"""What was found of one thing, and what an operator does about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy.ops.checking.budget import Budget


class State(StrEnum):
    """Whether it works: as it is, with something to look at, or not at all."""

    OK = "ok"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing stands; `advice` is what to do, and `owed` says that a step is still due."""

    about: str
    state: State
    detail: str
    advice: str = ""
    owed: bool = False

    @property
    def line(self) -> str:
        """The finding as a person reads it."""
        return f"{self.state:10} {self.about}: {self.detail}" + (
            f" {self.advice}" if self.advice else ""
        )


def ok(about: str, detail: str) -> Finding:
    """It works as it is."""
    return Finding(about, State.OK, detail)


def attention(about: str, detail: str, advice: str, *, owed: bool = False) -> Finding:
    """It works, and somebody should look at it."""
    return Finding(about, State.ATTENTION, detail, advice, owed)


def wrong(about: str, detail: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(about, State.WRONG, detail, advice)


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, and the connections that the instance needs."""

    findings: tuple[Finding, ...]
    budget: Budget | None = None

    @property
    def exit_code(self) -> int:
        """1 where something is wrong, 3 where a step is owed, else 0."""
        if any(each.state is State.WRONG for each in self.findings):
            return 1
        return 3 if any(each.owed for each in self.findings) else 0

    @property
    def lines(self) -> list[str]:
        """The report as a person reads it: a line a finding, then the table of connections."""
        table = ["", *self.budget.lines] if self.budget else []
        return [*(each.line for each in self.findings), *table]

    def as_json(self) -> dict[str, Any]:
        """The report as a pipeline reads it."""
        return {
            "exit_code": self.exit_code,
            "findings": [
                {
                    "about": each.about,
                    "state": each.state.value,
                    "detail": each.detail,
                    "advice": each.advice,
                    "owed": each.owed,
                }
                for each in self.findings
            ],
            "connections": self.budget.as_json() if self.budget else None,
        }
