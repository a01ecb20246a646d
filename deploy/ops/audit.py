"""How operators check the log of who did what."""

from core import audit
from core.audit import ChainVerification
from core.settings import Settings
from deploy.ops.instance import run


def verify(settings: Settings) -> ChainVerification:
    """Walk the whole audit log."""
    return run(settings, audit.verify)
