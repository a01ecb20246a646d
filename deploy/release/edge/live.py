"""An edge that is told by files: written beside, renamed, and read back until they are live."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from core.errors import Unavailable
from deploy.release.edge.counting import FILTER, counted
from deploy.release.edge.files import CDS, dynamic, write
from deploy.release.edge.parts import discovery, version_of
from deploy.release.edge.replicas import Replica, SummedCounters, found
from deploy.release.edge.routes import API, WEB
from deploy.release.model import Addresses, Counters, Routing, Slot

SECONDS = 15.0
LOOK_SECONDS = 0.02
PUBLISHED_LOOK_SECONDS = 0.5
"""How often it is looked where files take their time to arrive."""
REJECTIONS = "update_rejected"

Complaint = Callable[[Replica], Awaitable[str | None]]
Step = Callable[[], Awaitable[object]]


class Rejected(Unavailable):
    """Envoy does not take a file, and goes on as before."""


class FileEdge:
    """Envoy, told by files in a folder and asked at its admin address.

    `admins` may lead to several Envoys on the same files: something is live once all of them say
    so. Where they read another folder, `publish` brings them the files, and `fetch` brings those
    that they have.
    """

    def __init__(
        self,
        folder: Path,
        *admins: str,
        seconds: float = SECONDS,
        fetch: Step | None = None,
        publish: Step | None = None,
    ) -> None:
        self._folder = folder
        self._admins = admins
        self._seconds = seconds
        self._fetch, self._publish = fetch, publish
        self._summed = SummedCounters()

    async def apply(self, routing: Routing, addresses: Mapping[Slot, Addresses]) -> None:
        """Send everybody where this says, and return once that is live.

        Clusters come before the routes that lead to them, and go after them. Raises Conflict where
        somebody would be sent to an empty slot, Unavailable saying why Envoy does not do it or that
        nobody is ready there; then everybody goes where they went before.
        """
        wanted = dynamic(routing, addresses)
        if self._fetch:
            self._folder.mkdir(parents=True, exist_ok=True)
            await self._fetch()
        async with self._asking() as http:
            await self._replace(http, CDS, self._with_old(wanted[CDS]))
            await self._await(http, _nobody_ready(routing))
            for name in (API, WEB):
                await self._replace(http, f"rds-{name}.yaml", wanted[f"rds-{name}.yaml"])
            await self._replace(http, CDS, wanted[CDS])

    async def counters(self) -> Mapping[str, Counters]:
        """What was counted since Envoy started, by cluster: `api-blue`, `web-green`, …."""
        async with self._asking() as http:
            told = {
                each.place: counted((await each.ask("/stats/prometheus", filter=FILTER)).text)
                for each in await found(http, self._admins)
            }
        only = told.get(self._admins[0]) if len(self._admins) == 1 else None
        return only if only is not None else self._summed.add(told)

    def _asking(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=10, trust_env=False)

    def _with_old(self, text: str) -> str:
        """The clusters that are wanted, and those to which today's routes may still lead."""
        listed = json.loads(text)["resources"]
        wanted = {each["name"] for each in listed}
        old = json.loads(self._written(CDS) or '{"resources": []}')["resources"]
        return discovery([*listed, *(each for each in old if each["name"] not in wanted)])

    def _written(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_text()
        except FileNotFoundError:
            return None

    async def _replace(self, http: httpx.AsyncClient, name: str, text: str) -> None:
        """Write a file and return once it is live; otherwise the old one is put back."""
        before = self._written(name)
        rejections = {
            each.place: await _rejections(each, name) for each in await found(http, self._admins)
        }
        try:
            await self._write(name, text)
            await self._await(http, _not_live(name, text, rejections))
        except Unavailable:
            if before is not None:
                with suppress(Unavailable):  # what is wrong was said already
                    await self._write(name, before)
            raise

    async def _write(self, name: str, text: str) -> None:
        write(self._folder, {name: text})
        if self._publish:
            await self._publish()

    async def _await(self, http: httpx.AsyncClient, complaint: Complaint) -> None:
        """Return once no Envoy has a complaint; raises Unavailable with the last one."""
        deadline = time.monotonic() + self._seconds
        while (said := await self._complaint(http, complaint)) is not None:
            if time.monotonic() > deadline:
                raise Unavailable(f"{said} (after {self._seconds:g} s)")
            await asyncio.sleep(PUBLISHED_LOOK_SECONDS if self._publish else LOOK_SECONDS)

    async def _complaint(self, http: httpx.AsyncClient, complaint: Complaint) -> str | None:
        """The first that one of them has; one of several may just be going."""
        replicas = await found(http, self._admins)
        for each in replicas:
            try:
                said = await complaint(each)
            except Rejected:
                raise
            except Unavailable as problem:
                if len(replicas) == 1:
                    raise
                said = problem.detail
            if said is not None:
                return f"{each.place}: {said}" if len(replicas) > 1 else said
        return None


async def _rejections(replica: Replica, name: str) -> int:
    """How often Envoy has refused this file since it started."""
    kind = name.partition(".")[0].removeprefix("rds-")
    counter = "cluster_manager.cds" if name == CDS else f"http.{kind}.rds.{kind}"
    filtered = f"^{counter}.{REJECTIONS}$"
    stats = (await replica.ask("/stats", format="json", filter=filtered)).json()
    return sum(int(each.get("value", 0)) for each in stats["stats"])


def _not_live(name: str, text: str, rejections: Mapping[str, int]) -> Complaint:
    """What keeps Envoy from doing exactly what a file says; raises Rejected where it will not."""
    version, of_clusters = version_of(text), name == CDS
    names = {each["name"] for each in json.loads(text)["resources"]}

    async def complaint(replica: Replica) -> str | None:
        configs = (await replica.ask("/config_dump")).json()["configs"]
        said = (
            _clusters(configs, version, names) if of_clusters else _routes(configs, version, names)
        )
        if said and await _rejections(replica, name) > rejections.get(replica.place, 0):
            raise Rejected(f"Envoy rejects {name} and goes on as before; its log says why.")
        return said

    return complaint


def _clusters(configs: list[Any], version: str, names: set[str]) -> str | None:
    dump = _dump(configs, "ClustersConfigDump")
    if dump.get("version_info") != version:
        return "Envoy has not read which clusters there are (cds.yaml)."
    if missing := names - {e["cluster"]["name"] for e in dump.get("dynamic_active_clusters", ())}:
        return f"Envoy still waits for {', '.join(sorted(missing))} to say how they are."
    return None


def _routes(configs: list[Any], version: str, names: set[str]) -> str | None:
    dump = _dump(configs, "RoutesConfigDump")
    for each in dump.get("dynamic_route_configs", ()):
        if each["route_config"]["name"] in names and each["version_info"] == version:
            return None
    return f"Envoy has not read who goes where (rds-{', '.join(names)}.yaml)."


def _dump(configs: list[Any], kind: str) -> Any:
    return next((each for each in configs if each["@type"].endswith(f".{kind}")), {})


def _nobody_ready(routing: Routing) -> Complaint:
    """Where somebody is to be sent though nobody there says that it is ready."""
    slots = {routing.serving, routing.candidate, routing.baseline} - {None}
    wanted = {f"{part}-{slot}" for part in (API, WEB) for slot in slots}

    async def complaint(replica: Replica) -> str | None:
        clusters = (await replica.ask("/clusters", format="json")).json()["cluster_statuses"]
        for each in clusters:
            states = [host["health_status"] for host in each.get("host_statuses", ())]
            if each["name"] in wanted and all(map(_ailing, states)):
                return f"Nobody in {each['name']} says at /readyz that it is ready."
        return None

    return complaint


def _ailing(status: Mapping[str, Any]) -> bool:
    return bool(status.get("failed_active_health_check") or status.get("pending_active_hc"))
