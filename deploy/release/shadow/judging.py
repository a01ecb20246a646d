"""What of one request counts: noise cancelled, races waited out, only what persists told.

A is asked before and after B. Where A says the same both times, nothing has changed meanwhile and
B must say it too. Where it does not, that is either noise (it never says this twice in the same
way) or a change of the data between, and then the request is asked again.
"""

from collections import Counter
from dataclasses import dataclass

from deploy.release.shadow.answers import AnswerOutcome, ShadowAnswer
from deploy.release.shadow.comparison import Difference, DifferenceKind, differences

ALWAYS = 0.9
ENOUGH = 10
Key = tuple[str, DifferenceKind]


@dataclass(frozen=True, slots=True)
class Sandwich:
    """A request asked three times: A, B, and A again."""

    method: str
    before: ShadowAnswer
    b: ShadowAnswer
    after: ShadowAnswer

    @property
    def throttled(self) -> bool:
        """Whether a side counted it against a limit."""
        return any(
            each.outcome is AnswerOutcome.THROTTLED for each in (self.before, self.b, self.after)
        )

    @property
    def unanswered(self) -> bool:
        """Whether A itself did not answer."""
        return bool(self.before.problem or self.after.problem)


class Noise:
    """What of a route A never says twice in the same way."""

    def __init__(self) -> None:
        self._asked = 0
        self._differed: Counter[str] = Counter()

    def note(self, paths: frozenset[str]) -> None:
        """Where A differed from itself, this time."""
        self._asked += 1
        self._differed.update(paths)

    def always(self) -> frozenset[str]:
        """The paths that differ nearly each time, once that was seen often enough."""
        if self._asked < ENOUGH:
            return frozenset()
        most = self._asked * ALWAYS
        return frozenset(path for path, count in self._differed.items() if count >= most)


@dataclass(frozen=True, slots=True)
class SandwichFindings:
    """What one sandwich says: what differs that is no noise, what was cancelled, is it certain."""

    found: tuple[Difference, ...]
    cancelled: frozenset[str]
    settled: bool


def judge(sandwich: Sandwich, noise: Noise) -> SandwichFindings:
    """What differs between A and B, and not between A and A."""
    own = differences(sandwich.method, sandwich.before, sandwich.after)
    paths = frozenset(each.path for each in own)
    found = differences(sandwich.method, sandwich.before, sandwich.b)
    noise.note(paths)
    known = paths | noise.always()
    rest = tuple(each for each in found if each.path not in known)
    cancelled = frozenset(each.path for each in found if each.path in known)
    return SandwichFindings(rest, cancelled, settled=paths <= noise.always())
