"""How versions and apps stand right now: remembered for seconds, dropped by a notification."""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil

from core import apps, lifecycle
from core.apps import NO_BUILDS, SupportedBuilds
from core.connecting import listen
from core.db import Database
from core.lifecycle import Brownout, Lifecycle, VersionDates
from public_api.messages import Headers
from public_api.refusals import UpgradeRequired, VersionGone

CACHED_SECONDS = 5.0
LONGEST_BUILD = 60
MOST_ANNOUNCED = 20
"""How many brownouts the header names, so that it stays as short as servers and clients take."""
_APP = re.compile(r"([a-z]{2,20})[/ ](\d{1,6}(?:\.\d{1,6}){0,3})\b")
_PRODUCT = re.compile(r"[\x21-\x7e]+")


class LifecycleCache:
    """What operators have set for versions and apps.

    `announced` are the brownouts that are to come or running; `gone` are versions that are no
    longer served.
    """

    def __init__(self, db: Database, versions: Sequence[VersionDates]) -> None:
        self._db = db
        self._dates = tuple(versions)
        self._sunsets = {each.name: each.sunset for each in versions}
        self._until = 0.0
        self._changes = 0
        self.versions = Lifecycle(self._dates)
        self.announced: tuple[Brownout, ...] = ()
        self.gone: frozenset[str] = frozenset()
        self._announcements: Mapping[str, Headers] = {}
        self.supported_builds: SupportedBuilds = NO_BUILDS

    async def refresh(self) -> None:
        """Look again, unless that was done a moment ago."""
        while time.monotonic() >= self._until:
            changes = self._changes
            versions = await lifecycle.current(self._db, self._dates)
            builds = await apps.supported_builds(self._db)
            if changes == self._changes:  # else what was read may be from before the change
                self._keep(versions, builds)

    def _keep(self, versions: Lifecycle, builds: SupportedBuilds) -> None:
        self.versions, self.supported_builds = versions, builds
        now = datetime.now(UTC)
        self.announced = versions.announced(now)
        self.gone = frozenset(self._sunsets) - frozenset(versions.served(now))
        self._announcements = _announcements(self.announced)
        self._until = time.monotonic() + CACHED_SECONDS

    async def stay_fresh(self, url: str, session: str) -> None:
        """Forget whenever something changes, for ever, by a session of that name."""
        await listen(url, lifecycle.CHANNEL, self.forget, session)

    def announcement(self, version: str) -> Headers:
        """The header that tells a version's callers of its brownouts to come; mostly none."""
        return self._announcements.get(version, ())

    def require_served(self, version: str) -> None:
        """Raise VersionGone after the version's sunset or retirement, or in a brownout."""
        now, versions, sunset = datetime.now(UTC), self.versions, self._sunsets[version]
        if sunset and now > sunset:
            raise VersionGone.for_good(version)
        if version in versions.retired and version not in versions.served(now):
            raise VersionGone.for_good(version)
        if versions.brownouts and (back_at := versions.back_at(version, now)):
            raise VersionGone.in_brownout(version, ceil((back_at - now).total_seconds()))

    def require_supported(self, build: str) -> None:
        """Raise UpgradeRequired for a build that was killed."""
        if self.supported_builds.killed:
            platform, _, number = build.partition("/")
            if (platform, number) in self.supported_builds.killed:
                raise UpgradeRequired("This build of the app is not served; update it.")

    def forget(self) -> None:
        """Look again at the next call."""
        self._changes += 1
        self._until = 0.0


def _announcements(announced: Sequence[Brownout]) -> Mapping[str, Headers]:
    """The header of each version that has a brownout, naming its next ones."""
    return {
        version: (
            (
                "Beleg-Brownout",
                ", ".join([e.interval for e in announced if e.version == version][:MOST_ANNOUNCED]),
            ),
        )
        for version in {each.version for each in announced}
    }


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
