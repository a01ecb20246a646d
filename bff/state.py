"""What every request of the web app may use, opened once when the app starts."""

from typing import TypeAlias, TypedDict

from starlette.requests import Request

from bff.throttle import Throttle
from core.accesses import Accesses
from core.bundles import BundleStore
from core.db import Database
from core.documents import BlobStore, QuotaGuard
from core.settings import Settings


class State(TypedDict):
    """The lifespan's state."""

    settings: Settings
    db: Database
    blobs: BlobStore
    quotas: QuotaGuard
    accesses: Accesses
    bundles: BundleStore
    web_build: str
    error_reports: Throttle


Call: TypeAlias = Request[State]
