"""What a test has sent that is taken and should not be, as it was counted."""

from datetime import UTC, datetime

from core import irregularities
from core.usage import UsageFilter
from tests.builders import House


async def counted(house: House) -> list[tuple[str, str, str, int]]:
    """What was counted until now: version, operation, word, calls."""
    await house.flush_usage()
    today = datetime.now(UTC).date()
    lines = await irregularities.busiest(house.db, UsageFilter(today, today), 1_000)
    return sorted(
        (each.version, each.operation, str(each.irregularity), each.calls) for each in lines
    )
