"""What one side answered, and what that means for a request that may not be carried out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

from core.database_problems import SHADOW_WALL

_CODE = re.compile(r"[a-z/_-]{1,60}\Z")
SAFE = ("GET", "HEAD", "OPTIONS")
WALLS = (
    SHADOW_WALL.encode(),
    b"The database does not let us do what we must.",
    b"The database takes no writes just now; try again soon.",
)
"""How builds say that they would have written: this one, and those older than shadows."""


class AnswerOutcome(StrEnum):
    """How a side took a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    THROTTLED = "throttled"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class ShadowAnswer:
    """What a side said, as far as it was kept; `problem` where it said nothing at all."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    digest: bytes = b""
    """Of all of the body, of which only the beginning may be kept."""
    whole: bool = True
    problem: str = ""
    marked: bool = False
    """Whether the side knows that it is a shadow."""

    @property
    def at_the_wall(self) -> bool:
        """Whether it would have written, and was not let."""
        return self.status == 503 and any(each in self.body for each in WALLS)

    @property
    def outcome(self) -> AnswerOutcome:
        """How it took the request: who reaches the wall has accepted it."""
        if self.problem:
            return AnswerOutcome.UNANSWERED
        if self.status == 429:
            return AnswerOutcome.THROTTLED
        if self.at_the_wall or self.status < 400:
            return AnswerOutcome.ACCEPTED
        return AnswerOutcome.FAILED if self.status >= 500 else AnswerOutcome.REFUSED

    @property
    def code(self) -> str:
        """The problem's code for machines, in whichever version's words; empty if none."""
        try:
            said = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return ""
        if not isinstance(said, dict):
            return ""
        error = said.get("error")
        code = error.get("code") if isinstance(error, dict) else error or said.get("type")
        return code if isinstance(code, str) and _CODE.match(code) else ""

    def said(self) -> str:
        """The outcome in words."""
        if self.problem:
            return self.problem
        if self.outcome is AnswerOutcome.ACCEPTED:
            return str(AnswerOutcome.ACCEPTED)
        return f"{self.status} {self.code}".strip()
