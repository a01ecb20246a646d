"""How operators check the log of who did what."""

from pathlib import Path

from core import audit
from core.audit import ChainVerification
from core.db import Tx
from core.keys import KeyRing
from core.settings import Settings
from deploy.ops import anchors
from deploy.ops.instance import OPERATOR, run

MOST_TOLD = 5
"""How many seals that have gone are told one by one."""


def verify(settings: Settings, file: Path | None = None) -> ChainVerification:
    """Walk the whole audit log, and hold it against what a file says of how far it was sealed."""
    heads = anchors.read(file, settings.instance) if file else []
    keys = KeyRing.parse(settings.audit_keys)
    return run(settings, lambda db: audit.verify(db, keys, heads))


def accept(settings: Settings, reason: str) -> None:
    """Note why seals have gone, as after a restore."""

    async def work(tx: Tx) -> None:
        audit.accept(tx, OPERATOR, reason)

    run(settings, lambda db: db.write(work))


def lines(found: ChainVerification) -> list[str]:
    """What was found, as a person reads it."""
    said = [
        f"sealed: {found.sealed}, of them with a key: {found.keyed},"
        f" not yet sealed: {found.unsealed}"
    ]
    return [*said, *(f"accepted: {each}" for each in found.accepted)]


def complaints(found: ChainVerification) -> list[str]:
    """What somebody has to explain."""
    said = []
    if found.broken_at is not None:
        said.append(f"the chain is broken at seal {found.broken_at}: {found.why}")
    if found.loose:
        said.append(
            f"the last {found.loose} seals were made without a key, so anybody can have made"
            " them: an older build's worker, or whoever rewrote the log"
        )
    said += [
        f"it was sealed up to {each.number} ({each.hash.hex()[:16]}…)"
        f"{f' at {each.at:%Y-%m-%d %H:%M:%S}' if each.at else ''}, and that seal is gone: the log"
        " was cut off or rewritten, or the database restored (`beleg audit accept --reason …`)"
        for each in found.missing[:MOST_TOLD]
    ]
    if (more := len(found.missing) - MOST_TOLD) > 0:
        said.append(f"and so are {more} more")
    return said
