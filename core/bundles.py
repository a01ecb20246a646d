"""The files of web apps, old and new, in the instance's store: any build can serve another's.

Each web app puts there what it consists of when it starts. A browser that has had a page open since
the build before asks for files of that build, whoever answers now. A file's name changes with what
is in it, so that none is ever written twice; `web/builds` says which build needs which.
"""

import asyncio
import re
import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import obstore
import orjson
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore

from core.documents import StoreLocation
from core.errors import Unavailable

FILES, BUILDS = "web/files", "web/builds"
LARGEST = 8 * 1024 * 1024
LOOK_SECONDS = 5.0
"""How often at most it is looked whether a file that nobody knew has come."""
YOUNG = timedelta(days=1)
"""What was written since may belong to a web app that is just starting."""
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}\Z")


class _Bundle(NamedTuple):
    build: str = ""
    files: tuple[str, ...] = ()


class BundleStore:
    """The files of all builds' web apps."""

    def __init__(self, url: str) -> None:
        self._location = StoreLocation(url)
        self._names: frozenset[str] = frozenset()
        self._looking = asyncio.Lock()
        self._looked_at = -LOOK_SECONDS

    @property
    def _store(self) -> ObjectStore:
        return self._location.open()

    async def publish(self, build: str, files: Mapping[str, bytes]) -> int:
        """Put there what is not there yet of a build's files; how many those were."""
        names = sorted(name for name, content in files.items() if _fits(name, content))
        # First what is needed: whoever sweeps meanwhile spares it.
        place = f"{BUILDS}/{sha256(build.encode()).hexdigest()[:32]}.json"
        bundle = orjson.dumps(_Bundle(build, tuple(names))._asdict())
        await obstore.put_async(self._store, place, bundle)
        there = {_last(path) for path, _ in await self._list(FILES)}
        for name in names:
            if name not in there:
                try:
                    path = f"{FILES}/{name}"
                    await obstore.put_async(self._store, path, files[name], mode="create")
                except AlreadyExistsError:
                    pass  # another process of this build was faster
        return len(set(names) - there)

    async def find(self, name: str) -> bytes | None:
        """A file of whichever build; None where no build that is known has it."""
        if not _NAME.match(name) or not await self._is_known(name):
            return None
        try:
            found = await obstore.get_async(self._store, f"{FILES}/{name}")
            if found.meta["size"] > LARGEST:
                return None
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as problem:
            raise Unavailable("The store of web apps' files is away; try again soon.") from problem

    async def sweep(self, kept: Collection[str], now: datetime) -> int:
        """Remove the files that none of these builds needs; how many."""
        needed, before = set[str](), now - YOUNG
        for path, written in await self._list(BUILDS):
            bundle = await self._bundle(path)
            if bundle.build in kept or written > before:
                needed.update(bundle.files)
            else:
                await obstore.delete_async(self._store, path)
        unneeded = [
            path
            for path, written in await self._list(FILES)
            if _last(path) not in needed and written < before
        ]
        for path in unneeded:
            await obstore.delete_async(self._store, path)
        return len(unneeded)

    async def _is_known(self, name: str) -> bool:
        """Whether a build needs it: guessing names does not cost the store a request each."""
        if name in self._names:
            return True
        async with self._looking:  # whoever asks meanwhile waits for what is found
            if time.monotonic() - self._looked_at >= LOOK_SECONDS:
                bundles = [await self._bundle(path) for path, _ in await self._list(BUILDS)]
                self._names = frozenset(name for each in bundles for name in each.files)
                self._looked_at = time.monotonic()
        return name in self._names

    async def _list(self, folder: str) -> list[tuple[str, datetime]]:
        listed = obstore.list(self._store, folder)
        return [(each["path"], each["last_modified"]) async for some in listed for each in some]

    async def _bundle(self, path: str) -> _Bundle:
        try:
            found = await obstore.get_async(self._store, path)
            said = orjson.loads(bytes(await found.bytes_async()))
            return _Bundle(said["build"], tuple(filter(_NAME.match, said["files"])))
        except (FileNotFoundError, orjson.JSONDecodeError):
            return _Bundle()  # swept, or not ours


def _fits(name: str, content: bytes) -> bool:
    return bool(_NAME.match(name)) and len(content) <= LARGEST


def _last(path: str) -> str:
    return path.rpartition("/")[2]
