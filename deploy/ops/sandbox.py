"""What a test client finds in its sandbox: made-up cases, one for each way a case may stand."""

import secrets

from core import users
from core.audit import SYSTEM
from core.clients import Caller
from core.db import Database
from core.decisions import DecisionOutcome, DecisionReason
from core.reading import DocumentReader
from deploy.ops.cases import DemoCase, decide, hand_in_case

CASES = {
    "SANDBOX-IN-REVIEW": DemoCase(42, 12),
    "SANDBOX-NEEDS-DOCUMENTS": DemoCase(51, 12, without=4),
    "SANDBOX-APPROVED": DemoCase(
        30, 12, outcome=(DecisionOutcome.APPROVED, DecisionReason.SOUND_FIGURES)
    ),
    "SANDBOX-DECLINED": DemoCase(
        18, 12, outcome=(DecisionOutcome.DECLINED, DecisionReason.RETURNED_PAYMENTS)
    ),
}
DECIDER = "sandbox@beleg.invalid"


async def fill_sandbox(reader: DocumentReader, caller: Caller) -> list[str]:
    """Put the cases into a test client's sandbox; the references to find them by."""
    person = await _decider(reader.db)
    for reference, case in CASES.items():
        application_id = await hand_in_case(reader, caller, case, reference)
        if case.outcome:
            await decide(reader.db, person, application_id, *case.outcome)
    return list(CASES)


async def _decider(db: Database) -> users.Person:
    """Who decides in sandboxes: nobody, since no one knows the password."""
    if person := await users.find_by_email(db, DECIDER):
        return person
    password, role = secrets.token_urlsafe(32), users.Role.UNDERWRITER
    person_id = await db.write(
        lambda tx: users.create(tx, SYSTEM, DECIDER, "Sandbox", password, role)
    )
    return users.Person(person_id, DECIDER, "Sandbox", role, "en")
