"""How operators let a restored database be its instance again, or a copy one of its own."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core import builds, identity
from core.connecting import connected
from core.documents import BlobStore
from core.errors import Conflict, Unavailable
from core.identity import Adoption
from core.restores import ADOPTION
from core.settings import Settings
from deploy.ops.instance import OPERATOR


def adopt(
    settings: Settings, *, as_copy: bool = False, anyway: bool = False, check: bool = False
) -> Adoption:
    """Adopt an instance, or only say what that would do."""
    _require_folder(settings.blob_url)
    blobs = BlobStore(settings.blob_url, settings.document_limit_bytes)

    async def run() -> Adoption:
        name = builds.session_name(builds.named(settings.build), "command")
        async with connected(settings.owner_url, 1, name, backfills=()) as db:
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


def _require_folder(blob_url: str) -> None:
    """Refuse a folder that is not there: it would be made, and taken for the instance's store."""
    parts = urlsplit(blob_url)
    if parts.scheme == "file" and not Path(unquote(parts.path)).is_dir():
        raise Conflict(
            f"The folder of documents, {unquote(parts.path)}, is not there: is its disk? A new"
            " one is for an operator to make."
        )


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
