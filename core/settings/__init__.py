"""Every setting in one place; only composition roots read the environment, once."""

from core.settings.contradictions import DATABASES
from core.settings.environment import FROM_FILE, described, load, without
from core.settings.model import (
    PREFIX,
    Allowed,
    Environment,
    Settings,
    local_blobs,
    variable,
)

__all__ = [
    "DATABASES",
    "FROM_FILE",
    "PREFIX",
    "Allowed",
    "Environment",
    "Settings",
    "described",
    "load",
    "local_blobs",
    "variable",
    "without",
]
