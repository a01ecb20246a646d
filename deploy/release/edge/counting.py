"""What an edge counted, out of Envoy's statistics as Prometheus reads them."""

import re
from collections import defaultdict

from deploy.release.model import Counters

FILTER = r"^cluster\.(api|web)-[a-z]+\.upstream_rq_(5xx|completed|retry|time)$"
_LINE = re.compile(r"envoy_cluster_upstream_rq_([a-z_]+)\{(.*)\} (\d+)\Z")
_LABEL = re.compile(r'([a-z_]+)="([^"]*)"')


def counted(text: str) -> dict[str, Counters]:
    """What was counted, by cluster.

    A try that failed and was made again counts as a failed request, though its caller saw none:
    what is judged is a build, and not what stands before it.
    """
    numbers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    within: dict[str, dict[float, int]] = defaultdict(dict)
    for line in text.splitlines():
        if not (match := _LINE.match(line)):
            continue
        kind, labels, number = match.group(1), dict(_LABEL.findall(match.group(2))), match.group(3)
        cluster = labels["envoy_cluster_name"]
        if kind != "time_bucket":
            numbers[cluster][kind] += int(number)
        elif labels["le"] != "+Inf":
            within[cluster][float(labels["le"])] = int(number)
    return {
        cluster: Counters(
            requests=found["completed"] + found["retry"],
            failed=found["xx"] + found["retry"],
            slower={bound: found["time_count"] - n for bound, n in within[cluster].items()},
            timed=found["time_count"],
        )
        for cluster, found in numbers.items()
    }
