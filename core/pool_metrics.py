"""How busy the pools of this process are: they are asked when somebody looks, at no cost else."""

from collections import Counter
from collections.abc import Iterable

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from core.pool import POOLS


class PoolCollector:
    """Adds up the pools of one name: those of requests, and those of probes and the heart."""

    def collect(self) -> Iterable[Metric]:
        """One series for each name and state."""
        found: Counter[tuple[str, str]] = Counter()
        for pool in list(POOLS):
            for state, count in pool.state().items():
                found[pool.name, state] += count
        family = GaugeMetricFamily(
            "database_pool_connections",
            "Connections in use, kept idle, and all there may be; and how many wait for one",
            labels=["pool", "state"],
        )
        for labels, count in sorted(found.items()):
            family.add_metric(labels, count)
        yield family


REGISTRY.register(PoolCollector())
