"""Lets the demo lender move in: an underwriter, partners, an app, a sandbox, made-up cases."""

import secrets
import sys
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import structlog
from click.termui import progressbar

from core import applications, apps, builds, clients, documents, users
from core.apps import Floor
from core.audit import SYSTEM
from core.clients import Caller, Scope
from core.connecting import connected
from core.db import Database
from core.decisions import DecisionOutcome, DecisionReason
from core.identity import require_identity
from core.pages import PageRequest
from core.reading import DocumentReader
from core.settings import Settings
from core.usage import CallCounter
from deploy.ops.cases import DemoCase, decide, hand_in_case
from deploy.ops.sandbox import fill_sandbox
from deploy.ops.worker import parser_pool_of
from public_api.app import VERSIONS

log = structlog.get_logger()

USER = "demo@beleg.example"
PARTNERS = ("Hansa Finanzmakler", "Elbkredit Plattform")
APP_PARTNER = "Kiezkredit App"
BUILDS = (("ios/3.2.1", 41), ("ios/2.9.0", 3), ("android/3.1.4", 27))
"""What is in the field of the partner's app, on the oldest version, and how often each called."""
FLOORS = (
    Floor("ios", "2.8", "3.2.1", None, None),
    Floor("android", "3.0", "3.2.0", None, None),
)
CASES = (
    DemoCase(11, 24, outcome=(DecisionOutcome.APPROVED, DecisionReason.SOUND_FIGURES)),
    DemoCase(2, 24, papers=True),
    DemoCase(3, 12),
    DemoCase(17, 24, outcome=(DecisionOutcome.DECLINED, DecisionReason.EXISTING_DEBT_TOO_HIGH)),
    DemoCase(5, 12, without=4),
    DemoCase(6, 24),
    DemoCase(7, 6),
    DemoCase(8, 24),
    DemoCase(9, 12, handed_in=False),
    DemoCase(10, 24),
)


async def seed(settings: Settings) -> dict[str, str]:
    """Move in, and return the secrets to get in with; cases that are there stay as they are."""
    password = secrets.token_urlsafe(12)
    blobs = documents.BlobStore(settings.blob_url, settings.document_limit_bytes)
    name = builds.session_name(builds.named(settings.build), "command")
    async with connected(settings.database_url, name=name) as db:
        await require_identity(db, blobs)
        callers, keys = [], []
        for name in PARTNERS:
            caller, key = await _partner(db, name)
            callers.append(caller)
            keys.append(key)
        with parser_pool_of(settings) as parser_pool:
            reader = DocumentReader(db, blobs, settings.required_months, parser_pool)
            cases = await _cases(reader, callers)
            tester, test_key = await _partner(db, f"{PARTNERS[0]} (sandbox)", test=True)
            await fill_sandbox(reader, tester)
        app_key = await app_in_the_field(db)
        person = await _person(db, password)
        for application_id, (outcome, reason) in cases.items():
            await decide(db, person, application_id, outcome, reason)
    return {
        "user": USER,
        "password": password,
        "api_key": keys[0],
        "app_key": app_key,
        "test_key": test_key,
    }


async def app_in_the_field(db: Database) -> str:
    """Take in a partner whose app still speaks the oldest version and has called today; its key."""
    caller, key = await _partner(db, APP_PARTNER)
    counts = CallCounter()
    for build, calls in BUILDS:
        for _ in range(calls):
            counts.note(caller.client_id, VERSIONS[-1].name, "listApplications", build)
    await db.write(counts.flush)
    for floor in FLOORS:
        await db.write(partial(apps.set_floor, actor=SYSTEM, floor=floor))
    return key


async def _partner(db: Database, name: str, *, test: bool = False) -> tuple[Caller, str]:
    scopes = list(Scope)
    client_id, key = await db.write(lambda tx: clients.create(tx, SYSTEM, name, scopes, test=test))
    return Caller(client_id, name, client_id, frozenset(scopes)), key


async def _person(db: Database, password: str) -> users.Person:
    role = users.Role.UNDERWRITER
    person_id = await db.write(
        lambda tx: users.create(tx, SYSTEM, USER, "Dana Muster", password, role)
    )
    return users.Person(person_id, USER, "Dana Muster", role, "en")


async def _cases(
    reader: DocumentReader, callers: Sequence[Caller]
) -> dict[UUID, tuple[DecisionOutcome, DecisionReason]]:
    """Hand in and read every case that is not there; those that are to be decided, and how."""
    inbox = await applications.inbox(
        reader.db, applications.InboxFilter(search="DEMO-"), PageRequest(1, 100)
    )
    known = {case.terms.external_reference for case, _ in inbox.cases}
    to_decide: dict[UUID, tuple[DecisionOutcome, DecisionReason]] = {}
    with progressbar(CASES, label="Reading the demo cases", file=sys.stderr) as cases:
        for number, case in enumerate(cases):
            log.info("demo_case", number=number + 1, of=len(CASES))
            if (reference := f"DEMO-{case.seed}") not in known:
                caller = callers[number % len(callers)]
                application_id = await hand_in_case(reader, caller, case, reference)
                if case.outcome:
                    to_decide[application_id] = case.outcome
    return to_decide
