"""How operators let a restored database be its instance again, or a copy one of its own."""

import asyncio
from typing import Any

from core import builds, identity
from core.connecting import connected
from core.documents import BlobStore
from core.errors import Unavailable
from core.identity import Adoption
from core.restores import ADOPTION
from core.settings import Settings
from deploy.ops.instance import OPERATOR


def adopt(
    settings: Settings, *, as_copy: bool = False, anyway: bool = False, check: bool = False
) -> Adoption:
    """Adopt an instance, or only say what that would do."""
    blobs = BlobStore(settings.blob_url, settings.document_limit_bytes)

    async def run() -> Adoption:
        name = builds.session_name(builds.named(settings.build), "command")
        async with connected(settings.database_url, 1, name, backfills=()) as db:
            if missing := [each for each in await db.missing() if each != ADOPTION]:
                raise Unavailable(
                    f"The database lacks revision {', '.join(missing)}: run beleg migrate first."
                )
            try:
                if check:
                    return await identity.examine(db, blobs, as_copy=as_copy, anyway=anyway)
                return await identity.adopt(db, blobs, OPERATOR, as_copy=as_copy, anyway=anyway)
            finally:
                await blobs.close()

    return asyncio.run(run())


def described(adoption: Adoption) -> dict[str, Any]:
    """An adoption, for a pipeline."""
    return {
        "owed": adoption.owed,
        "restored": adoption.restored,
        "instance": str(adoption.instance) if adoption.named else None,
        "copy_of": adoption.copy_of and str(adoption.copy_of),
        "epoch": adoption.epoch,
        "store_claimed": adoption.claims,
        "webhooks_disabled": adoption.webhooks_disabled,
    }
