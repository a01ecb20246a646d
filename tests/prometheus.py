"""A real Prometheus: the machine's own, else installed by apt."""

from tests import apt

PROMETHEUS, PROMTOOL, AMTOOL = ("prometheus",), ("promtool",), ("amtool",)


def program(names: tuple[str, ...]) -> str:
    """The path of one of its programs."""
    path = apt.locate(names)
    assert path, "make prometheus"
    return path


if __name__ == "__main__":
    apt.provide(PROMTOOL, ("prometheus",))
    apt.provide(AMTOOL, ("prometheus-alertmanager",))
