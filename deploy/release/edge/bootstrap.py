"""What an edge starts with, and never changes while it runs."""

from deploy.release.edge.settings import EdgeSettings


def bootstrap(settings: EdgeSettings) -> str:
    """The file that Envoy is started with."""
    raise NotImplementedError
