"""OFX and QFX: what accounting programs exchange."""

from core.formats.ofx.reader import read, recognises

__all__ = ["read", "recognises"]
