"""How operators take in partners and steer their keys."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core import applications, clients, documents
from core.audit import EndUser
from core.clients import ApiKey, Caller
from core.db import Database
from core.documents import Holdings
from core.errors import Complaint, Invalid, NotFound
from core.identity import require_identity
from core.settings import Settings
from deploy.ops.instance import OPERATOR, run


@dataclass(frozen=True, slots=True)
class DocumentShare:
    """How many documents and bytes a client has, of those that it may have."""

    client_id: UUID
    name: str
    held: Holdings
    allowed: Holdings

    @property
    def used(self) -> float:
        """The share that is used up, of documents or bytes, whichever is more used."""
        return max(
            self.held.documents / self.allowed.documents, self.held.bytes / self.allowed.bytes
        )


def create(
    settings: Settings, name: str, scopes: tuple[str, ...], *, cases: bool = False, **rules: Any
) -> dict[str, Any]:
    """Take in a partner: its id, scopes and the one time that its key is shown.

    With `cases`, its sandbox is filled with the made-up ones.
    """
    if cases and not settings.blob_url:
        variable = "BELEG_BLOB_URL"
        raise Invalid(Complaint(variable, f"{variable} is not set; cases have documents."))

    async def work(db: Database) -> dict[str, Any]:
        client_id, key = await db.write(
            lambda tx: clients.create(tx, OPERATOR, name, scopes, **rules)
        )
        created: dict[str, Any] = {
            "client_id": str(client_id),
            "name": name,
            "scopes": sorted(set(scopes)),
            "api_key": key,
        }
        if cases:
            caller = Caller(client_id, name, client_id, frozenset(scopes))
            created["cases"] = await _fill_sandbox(settings, db, caller)
        return created

    return run(settings, work)


def keys(settings: Settings, client_id: UUID) -> list[ApiKey]:
    """A client's keys, as far as they may be shown; raises NotFound where there is no client."""
    found = run(settings, lambda db: clients.keys_of(db, client_id))
    if not found:  # a client has had one from its first day
        raise NotFound("client")
    return found


def key_as_json(key: ApiKey) -> dict[str, Any]:
    """A key as a pipeline reads it."""
    return {
        "key_id": str(key.id),
        "key": key.masked,
        "scopes": list(key.scopes),
        "networks": list(key.networks),
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
    }


def document_shares(settings: Settings) -> list[DocumentShare]:
    """What each client has of documents, and may have; whoever has most of that first."""
    allowed = documents.Quotas.of(settings).client

    async def work(db: Database) -> list[DocumentShare]:
        held, none = await documents.holdings_by_client(db), documents.Holdings(0, 0)
        shares = [
            DocumentShare(each, partner.name, held.get(each, none), allowed)
            for each, partner in (await clients.partners(db)).items()
        ]
        return sorted(shares, key=lambda share: share.used, reverse=True)

    return run(settings, work)


def set_app_networks(settings: Settings, client_id: UUID, networks: tuple[str, ...]) -> None:
    """Say from where tokens of a partner's app count."""
    run(
        settings,
        lambda db: db.write(lambda tx: clients.set_app_networks(tx, OPERATOR, client_id, networks)),
    )


def assign(settings: Settings, application_id: UUID, subject: str) -> None:
    """Give an application to a person at the configured OpenID provider."""
    if not settings.oidc_issuer:
        raise Invalid(Complaint("BELEG_OIDC_ISSUER", "BELEG_OIDC_ISSUER is not set."))
    person = EndUser(settings.oidc_issuer, subject)
    run(
        settings,
        lambda db: db.write(lambda tx: applications.assign(tx, OPERATOR, application_id, person)),
    )


def rotate_key(settings: Settings, key_id: UUID, grace_hours: float) -> str:
    """A new key in place of an old one; both work until the grace has passed."""
    grace = timedelta(hours=grace_hours)
    return run(
        settings, lambda db: db.write(lambda tx: clients.rotate(tx, OPERATOR, key_id, grace))
    )


def everyone(settings: Settings) -> list[dict[str, Any]]:
    """Every client."""
    return [
        {
            "client_id": str(each.id),
            "name": each.name,
            "test": each.test,
            "disabled": each.disabled,
            "created_at": each.created_at.isoformat(),
        }
        for each in run(settings, clients.list_all)
    ]


def disable(settings: Settings, client_id: UUID) -> dict[str, Any]:
    """Take no call of a client any more."""
    run(settings, lambda db: db.write(lambda tx: clients.disable(tx, OPERATOR, client_id)))
    return {"client_id": str(client_id), "state": "disabled"}


def enable(settings: Settings, client_id: UUID) -> dict[str, Any]:
    """Take calls of a client again."""
    run(settings, lambda db: db.write(lambda tx: clients.enable(tx, OPERATOR, client_id)))
    return {"client_id": str(client_id), "state": "enabled"}


def revoke_key(settings: Settings, key_id: UUID) -> dict[str, Any]:
    """End a key at once, and the access tokens that were got by it."""
    run(settings, lambda db: db.write(lambda tx: clients.revoke(tx, OPERATOR, key_id)))
    return {"key_id": str(key_id), "state": "revoked"}


async def _fill_sandbox(settings: Settings, db: Database, caller: Caller) -> list[str]:
    from core.reading import DocumentReader  # which take longer than all that the others need
    from deploy.ops.sandbox import fill_sandbox
    from deploy.ops.worker import parser_pool_of

    blobs = documents.BlobStore(settings.blob_url, settings.document_limit_bytes)
    try:
        await require_identity(db, blobs)
        with parser_pool_of(settings) as parser_pool:
            reader = DocumentReader(db, blobs, settings.required_months, parser_pool)
            return await fill_sandbox(reader, caller)
    finally:
        await blobs.close()
