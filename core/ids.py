"""UUIDv7 (RFC 9562), ever increasing within a process, so that ordering by id is by time."""

import os
import time
from datetime import datetime
from uuid import UUID

_last = 0


def first_id(moment: datetime) -> UUID:
    """The least UUIDv7 of a moment: no id that was made before is as great."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def new_id() -> UUID:
    """A UUIDv7: milliseconds, then a 12-bit counter seeded by the clock, then randomness."""
    global _last
    now = time.time_ns()
    moment = (now // 1_000_000 << 12) | (now % 1_000_000 * 4096 // 1_000_000)
    _last = moment if moment > _last else _last + 1
    random = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    high = (_last >> 12 << 16) | 0x7000 | (_last & 0xFFF)
    return UUID(int=high << 64 | 0x8000_0000_0000_0000 | random)
