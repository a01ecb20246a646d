"""Version 2: its operations, each with the words it is said in, and what it promises."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.money import EXPONENTS
from core.reports import SHOWN
from core.viewers import Visibility
from core.webhooks import MOST_SECRETS, RETENTION, ROTATION
from public_api.documentation import Documentation
from public_api.refusals import NARROWER
from public_api.schemas import JsonValue, shape
from public_api.v2 import deliveries, problems
from public_api.v2.glossary import MEANINGS, SAMPLES
from public_api.v2.operations import OPERATIONS
from public_api.v2.succession import SUCCESSION
from public_api.v2.wire import LARGEST_PAGE, USUAL_PAGE, Problem
from public_api.versions import Version


def _currencies_with(decimals: int) -> list[JsonValue]:
    """The currencies that have so many decimals, by their codes."""
    return [code for code, places in sorted(EXPONENTS.items()) if code and places == decimals]


V2 = Version(
    name="v2",
    title="Beleg public API, version 2",
    operations=OPERATIONS,
    problem=problems.problem,
    problem_schema=shape(Problem),
    problem_media_type=problems.MEDIA_TYPE,
    webhook_contract=deliveries.CONTRACT,
    visibility=Visibility.all(),
    published=datetime(2026, 6, 1, tzinfo=UTC),
    promises={
        "absent_null_empty": "absent is null; an empty text is refused",
        "currency_decimals": {
            **{str(places): _currencies_with(places) for places in (0, 3)},
            "others": 2,
        },
        "deliveries_kept_days": RETENTION // timedelta(days=1),
        "end_of_events": "none: next is always given",
        "end_of_list": "next is null",
        "enumerations": "extensible",
        "evidence_items": SHOWN,
        "ids": "UUID",
        "money": "a decimal text with all of its currency's decimals",
        "old_secret_signs_hours": ROTATION // timedelta(hours=1),
        "order": {
            "applications": "newest first",
            "deliveries": "newest first",
            "documents": "oldest first",
            "events": "oldest first, as they were committed",
            "statements": "by account, oldest first",
            "transactions": "oldest first",
            "webhooks": "oldest first",
        },
        "page_items": {"most": LARGEST_PAGE, "usual": USUAL_PAGE},
        "problems": {
            code: [problems.TABLE[kind][0], problems.kind_of(code)]
            for code, kind in {
                **{kind.code: kind for kind in problems.TABLE},
                **NARROWER,
            }.items()
        },
        "signing_secrets": MOST_SECRETS,
        "times": "RFC 3339, UTC with Z",
        "unknown_fields": "refused",
    },
    documentation=Documentation(
        texts=Path(__file__).parent / "text",
        meanings=MEANINGS,
        samples=SAMPLES,
        succession=SUCCESSION,
    ),
)
