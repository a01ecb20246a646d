"""What releases would measure of partners that differ among themselves."""

import random

from deploy.release.arms import Arm, quantiles, shares
from deploy.release.outcomes import Measure


class Partner:
    """Hands in as much, and as well, as partners do: some much more, some much worse."""

    def __init__(self, chance: random.Random, share: float) -> None:
        self._chance = chance
        self.rows = chance.choice((5, 10, 20, 20, 40, 80))
        self._share = chance.betavariate(8 * share, 8 * (1 - share))
        self._slow = chance.lognormvariate(3, 0.5)

    def hits(self) -> list[bool]:
        """Of each document, whether it is unreadable."""
        return [self._chance.random() < self._share for _ in range(self.rows)]

    def seconds(self) -> list[float]:
        """Of each document, how long its answer took."""
        return [self._slow * self._chance.lognormvariate(0, 0.7) for _ in range(self.rows)]


def released(chance: random.Random, b: float, a: float) -> dict[str, Measure]:
    """What a release measures: 25 partners were sent to B, 40 others to A, by their hashes."""
    arms: dict[str, list[Arm]] = {"share": [], "median": [], "p90": []}
    for number, rate in ((25, b), (40, a)):
        partners = [Partner(chance, rate) for _ in range(number)]
        arms["share"].append(shares((p, hit) for p in partners for hit in p.hits()))
        took = [(p, seconds) for p in partners for seconds in p.seconds()]
        arms["median"].append(quantiles(took, 0.5))
        arms["p90"].append(quantiles(took, 0.9))
    return {name: Measure(name, "share", 1, *both) for name, both in arms.items()}
