"""What holds of a parser whatever the bytes: it reads them, or says why not."""

import importlib
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from core.documents import Recognised
from core.errors import Unreadable
from core.money import LARGEST
from core.statements.model import Item, Transaction

Read = Callable[[BinaryIO], Iterable[Item]]


def parser(name: str) -> Read:
    """The parser of this name: that of a format, or the one that tells formats apart."""
    read: Read = importlib.import_module(f"core.formats.{name}").read
    return read


def check(read: Read, data: bytes) -> None:
    """Fail unless what is said stands within the file and has an amount that can be kept."""
    try:
        for item in read(BytesIO(data)):
            if isinstance(item, Transaction):
                assert 0 <= item.evidence.start < item.evidence.end <= len(data)
                assert abs(item.amount) <= LARGEST
            if isinstance(item, Recognised):
                for fact in item.facts:
                    start, end = fact.origin.bytes
                    assert fact.origin.attachment or 0 <= start < end <= len(data)
                    assert fact.amount is None or abs(fact.amount.minor) <= LARGEST
    except Unreadable:
        pass
