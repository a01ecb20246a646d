"""An edge that is told by files: written beside, renamed, and read back until they are live."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from core.errors import Unavailable
from deploy.release.edge.counting import FILTER, counted
from deploy.release.edge.files import CDS, dynamic, write
from deploy.release.edge.parts import discovery, version_of
from deploy.release.edge.routes import API, WEB
from deploy.release.model import Addresses, Counters, Routing, Slot

SECONDS = 15.0
LOOK_SECONDS = 0.02
REJECTIONS = "update_rejected"

Complaint = Callable[[httpx.AsyncClient], Awaitable[str | None]]


class Rejected(Unavailable):
    """Envoy does not take a file, and goes on as before."""


class FileEdge:
    """Envoy, told by files in a folder and asked at its admin address."""

    def __init__(self, folder: Path, admin: str, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._admin = f"http://{admin}"
        self._seconds = seconds

    async def apply(self, routing: Routing, addresses: Mapping[Slot, Addresses]) -> None:
        """Send everybody where this says, and return once that is live.

        Clusters come before the routes that lead to them, and go after them. Raises Conflict where
        somebody would be sent to an empty slot, Unavailable saying why Envoy does not do it or that
        nobody is ready there; then everybody goes where they went before.
        """
        wanted = dynamic(routing, addresses)
        async with self._asking() as admin:
            await self._replace(admin, CDS, self._with_old(wanted[CDS]))
            await self._await(admin, _nobody_ready(routing))
            for name in (API, WEB):
                await self._replace(admin, f"rds-{name}.yaml", wanted[f"rds-{name}.yaml"])
            await self._replace(admin, CDS, wanted[CDS])

    async def counters(self) -> Mapping[str, Counters]:
        """What was counted since Envoy started, by cluster: `api-blue`, `web-green`, …."""
        async with self._asking() as admin:
            return counted((await _ask(admin, "/stats/prometheus", filter=FILTER)).text)

    def _asking(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._admin, timeout=10, trust_env=False)

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

    async def _replace(self, admin: httpx.AsyncClient, name: str, text: str) -> None:
        """Write a file and return once it is live; otherwise the old one is put back."""
        before, rejections = self._written(name), await _rejections(admin, name)
        write(self._folder, {name: text})
        try:
            await self._await(admin, _not_live(name, text, rejections))
        except Unavailable:
            if before is not None:
                write(self._folder, {name: before})
            raise

    async def _await(self, admin: httpx.AsyncClient, complaint: Complaint) -> None:
        """Return once there is no complaint; raises Unavailable with the last one."""
        deadline = time.monotonic() + self._seconds
        while (said := await complaint(admin)) is not None:
            if time.monotonic() > deadline:
                raise Unavailable(f"{said} (after {self._seconds:g} s)")
            await asyncio.sleep(LOOK_SECONDS)


async def _ask(admin: httpx.AsyncClient, path: str, **query: str) -> httpx.Response:
    try:
        answer = await admin.get(path, params=query)
        return answer.raise_for_status()
    except httpx.HTTPError as problem:
        where = f"{str(admin.base_url).rstrip('/')}/{path.lstrip('/')}"
        raise Unavailable(f"The edge does not answer at {where}: {problem}") from problem


async def _rejections(admin: httpx.AsyncClient, name: str) -> int:
    """How often Envoy has refused this file since it started."""
    kind = name.partition(".")[0].removeprefix("rds-")
    counter = "cluster_manager.cds" if name == CDS else f"http.{kind}.rds.{kind}"
    stats = (await _ask(admin, "/stats", format="json", filter=f"^{counter}.{REJECTIONS}$")).json()
    return sum(int(each.get("value", 0)) for each in stats["stats"])


def _not_live(name: str, text: str, rejections: int) -> Complaint:
    """What keeps Envoy from doing exactly what a file says; raises Rejected where it will not."""
    version, of_clusters = version_of(text), name == CDS
    names = {each["name"] for each in json.loads(text)["resources"]}

    async def complaint(admin: httpx.AsyncClient) -> str | None:
        configs = (await _ask(admin, "/config_dump")).json()["configs"]
        said = (
            _clusters(configs, version, names) if of_clusters else _routes(configs, version, names)
        )
        if said and await _rejections(admin, name) > rejections:
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

    async def complaint(admin: httpx.AsyncClient) -> str | None:
        clusters = (await _ask(admin, "/clusters", format="json")).json()["cluster_statuses"]
        for each in clusters:
            states = [host["health_status"] for host in each.get("host_statuses", ())]
            if each["name"] in wanted and all(map(_ailing, states)):
                return f"Nobody in {each['name']} says at /readyz that it is ready."
        return None

    return complaint


def _ailing(status: Mapping[str, Any]) -> bool:
    return bool(status.get("failed_active_health_check") or status.get("pending_active_hc"))
