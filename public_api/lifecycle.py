"""How versions and apps stand right now: remembered for seconds, dropped by a notification."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from core import apps, lifecycle
from core.apps import NO_BUILDS, SupportedBuilds
from core.db import Database, listen
from core.lifecycle import Lifecycle
from public_api.refusals import UpgradeRequired, VersionGone

CACHED_SECONDS = 5.0
LONGEST_BUILD = 60
_APP = re.compile(r"([a-z]{2,20})[/ ](\d{1,6}(?:\.\d{1,6}){0,3})\b")
_PRODUCT = re.compile(r"[\x21-\x7e]+")


class LifecycleCache:
    """What operators have set for versions and apps."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._until = 0.0
        self.versions = Lifecycle()
        self.supported_builds: SupportedBuilds = NO_BUILDS

    async def refresh(self) -> None:
        """Look again, unless that was done a moment ago."""
        now = time.monotonic()
        if now < self._until:
            return
        self.versions, self.supported_builds = (
            await lifecycle.current(self._db),
            await apps.supported_builds(self._db),
        )
        self._until = now + CACHED_SECONDS

    async def stay_fresh(self, url: str) -> None:
        """Forget whenever something changes, for ever."""
        await listen(url, lifecycle.CHANNEL, self.forget)

    def require_served(self, version: str, sunset: datetime | None) -> None:
        """Raise VersionGone after the version's sunset or retirement, or in a brownout."""
        now = datetime.now(UTC)
        if version in self.versions.retired or (sunset and now > sunset):
            raise VersionGone.for_good(version)
        if self.versions.brownouts and self.versions.browned_out(version, now):
            raise VersionGone.in_brownout(version)

    def require_supported(self, build: str) -> None:
        """Raise UpgradeRequired for a build that was killed."""
        if self.supported_builds.killed:
            platform, _, number = build.partition("/")
            if (platform, number) in self.supported_builds.killed:
                raise UpgradeRequired("This build of the app is not served; update it.")

    def forget(self) -> None:
        """Look again at the next call."""
        self._until = 0.0


def build_of(headers: Mapping[str, str]) -> str:
    """The calling build, such as `ios/3.2.1`, by its App-Version or else its User-Agent."""
    agent = headers.get("user-agent", "")
    return _app(headers.get("app-version", "")) or _app(agent) or _product(agent)


@lru_cache(maxsize=1024)
def _app(header: str) -> str:
    match = _APP.search(header.lower())
    return f"{match.group(1)}/{match.group(2)}" if match else ""


@lru_cache(maxsize=1024)
def _product(agent: str) -> str:
    product = _PRODUCT.match(agent)
    return product.group()[:LONGEST_BUILD] if product else ""
