"""Isolation: strangers' files are parsed and drawn in confined processes that can harm nothing."""

from core.isolation.pool import Limits, ParserPool

__all__ = ["Limits", "ParserPool"]
