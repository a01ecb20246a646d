"""The history of what was published: a line a publication, each sealed over the one before.

A line is the day, the SHA-256 of the document, and the SHA-256 of the seal before with both. So a
document that was rewritten by hand is told from one that was published, without asking git, and
no line can be changed or taken out without making all after it anew.
"""

import hashlib
from datetime import date

FIRST = "0" * 64


def added(history: str, document: bytes, on: date) -> str:
    """The history with one more publication."""
    digest = _digest(document)
    return f"{history}{on} {digest} {_seal(_last(history)[1], str(on), digest)}\n"


def fault(history: str, document: bytes) -> str | None:
    """Why the document is not what was published last; None where it is."""
    seal = FIRST
    for number, line in enumerate(history.splitlines(), 1):
        day, _, rest = line.partition(" ")
        digest, _, sealed = rest.partition(" ")
        seal = _seal(seal, day, digest)
        if sealed != seal:
            return f"line {number} of its history does not follow from the one before"
    if _last(history)[0] != _digest(document):
        return "the document is not the one that was published last"
    return None


def _last(history: str) -> tuple[str, str]:
    """The digest and the seal of the last publication."""
    if not history:
        return "", FIRST
    _, digest, seal = history.splitlines()[-1].split(" ")
    return digest, seal


def _seal(before: str, day: str, digest: str) -> str:
    return _digest(f"{before} {day} {digest}".encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
