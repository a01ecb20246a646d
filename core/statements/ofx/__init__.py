"""OFX and QFX: what accounting programs exchange."""

from core.statements.ofx.reader import read, recognises

__all__ = ["read", "recognises"]
