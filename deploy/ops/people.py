"""Partners and people of a running instance, taken in from the command line."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from core import audit, clients, documents, users
from core.audit import Actor, ChainVerification
from core.clients import Caller
from core.db import Database, Tx, connected
from core.errors import Complaint, Invalid
from core.reading import Reader
from core.settings import Settings
from deploy.ops.sandbox import fill_sandbox
from deploy.ops.worker import parser_pool_of

T = TypeVar("T")
OPERATOR = Actor("operator", None)


def create_client(
    settings: Settings, name: str, scopes: tuple[str, ...], *, cases: bool = False, **rules: Any
) -> dict[str, Any]:
    """Take in a partner: its id, scopes and the one time that its key is shown.

    With `cases`, its sandbox is furnished with the made-up ones.
    """
    if cases and not settings.blob_url:
        variable = "BELEG_BLOB_URL"
        raise Invalid(Complaint(variable, f"{variable} is not set; cases have documents."))

    async def work(db: Database) -> dict[str, Any]:
        client_id, key = await db.write(
            lambda tx: clients.create(tx, OPERATOR, name, scopes, **rules)
        )
        said = {
            "client_id": str(client_id),
            "name": name,
            "scopes": sorted(set(scopes)),
            "api_key": key,
        }
        if cases:
            blobs = documents.Blobs(settings.blob_url, settings.document_limit_bytes)
            with parser_pool_of(settings) as parser_pool:
                reader = Reader(db, blobs, settings.required_months, parser_pool)
                who = Caller(client_id, name, client_id, frozenset(scopes))
                said["cases"] = await fill_sandbox(reader, who)
        return said

    return run(settings, work)


def create_user(
    settings: Settings, email: str, name: str, password: str, role: str, locale: str
) -> dict[str, Any]:
    """Take in a person who works at the lender."""

    async def work(tx: Tx) -> dict[str, Any]:
        person_id = await users.create(
            tx, OPERATOR, email, name, password, users.Role(role), locale
        )
        return {"user_id": str(person_id), "email": email, "role": role}

    return run(settings, lambda db: db.write(work))


def verify_audit(settings: Settings) -> ChainVerification:
    """Walk the whole audit log."""
    return run(settings, audit.verify)


def run(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do some work on the instance's database."""

    async def run() -> T:
        async with connected(settings.database_url, 1, "beleg") as db:
            await db.require_revisions()
            return await work(db)

    return asyncio.run(run())
