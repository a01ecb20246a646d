"""Scans and photos of statements, handed in as pictures."""

from core.formats.image.reader import read, recognises

__all__ = ["read", "recognises"]
