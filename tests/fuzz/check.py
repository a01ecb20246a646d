"""What holds of a parser whatever the bytes: it reads them, or says why not."""

import importlib
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from core.errors import Unreadable
from core.money import LARGEST
from core.statements.model import Item, Transaction

Read = Callable[[BinaryIO], Iterable[Item]]


def parser(name: str) -> Read:
    """The parser of this name in `core.statements`."""
    read: Read = importlib.import_module(f"core.statements.{name}").read
    return read


def check(read: Read, data: bytes) -> None:
    """Fail unless each booking stands within the file and has an amount that can be kept."""
    try:
        for item in read(BytesIO(data)):
            if isinstance(item, Transaction):
                assert 0 <= item.evidence.start < item.evidence.end <= len(data)
                assert abs(item.amount) <= LARGEST
    except Unreadable:
        pass
