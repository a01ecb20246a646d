"""Isolation: strangers' files are parsed and drawn in confined processes that can harm nothing."""

from typing import TYPE_CHECKING

from core.face import later
from core.isolation.limits import LIMITS_REACHED, Limits

if TYPE_CHECKING:
    from core.isolation.pool import ParserPool
else:
    __getattr__ = later(__name__, "pool")

__all__ = ["LIMITS_REACHED", "Limits", "ParserPool"]
