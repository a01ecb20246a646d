"""CAMT.052, .053 and .054: ISO 20022's statements, in XML."""

from core.formats.camt.reader import read, recognises

__all__ = ["read", "recognises"]
