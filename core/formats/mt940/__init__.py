"""MT940 and MT942: SWIFT's statements."""

from core.formats.mt940.reader import read, recognises

__all__ = ["read", "recognises"]
