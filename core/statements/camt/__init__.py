"""CAMT.052, .053 and .054: ISO 20022's statements, in XML."""

from core.statements.camt.reader import read

__all__ = ["read"]
