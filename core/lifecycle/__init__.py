"""The lives of published versions as operators steer them: brownouts and retirement.

What a version promised (its dates) is in the version itself; this is what may come before.
"""

from core.lifecycle.commands import (
    QUIET_DAYS,
    announce_brownout,
    cancel_brownout,
    cancel_retirement,
    retire,
)
from core.lifecycle.model import NOTICE_DAYS, Brownout, Lifecycle, VersionDates, moment
from core.lifecycle.store import CHANNEL, current

__all__ = [
    "CHANNEL",
    "NOTICE_DAYS",
    "QUIET_DAYS",
    "Brownout",
    "Lifecycle",
    "VersionDates",
    "announce_brownout",
    "cancel_brownout",
    "cancel_retirement",
    "current",
    "moment",
    "retire",
]
