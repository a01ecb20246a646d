"""Isolation: strangers' files are parsed and drawn in confined processes that can harm nothing."""

from core.isolation.limits import LIMITS_REACHED, Limits
from core.isolation.pool import ParserPool

__all__ = ["LIMITS_REACHED", "Limits", "ParserPool"]
