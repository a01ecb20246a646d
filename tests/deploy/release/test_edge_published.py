"""An edge of several Envoys on files that are brought to them, as a cluster's kubelets do it."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from core.errors import Unavailable
from deploy.ops.logs import LogFile
from deploy.release.edge import EdgeSettings, FileEdge, bootstrap, initial, replicas
from deploy.release.edge.files import BOOTSTRAP
from deploy.release.edge.process import EnvoyProcess
from deploy.release.edge.replicas import SummedCounters
from deploy.release.model import Addresses, Counters, Routing, Slot
from tests.edges import Echo, serving
from tests.ports import free_ports

NAME = "beleg-edge-seen:9006"
TO_BLUE, TO_GREEN = Routing(Slot.BLUE), Routing(Slot.GREEN)


@dataclass
class Mount:
    """A ConfigMap in a Pod: names that lead through `..data`, which is exchanged whole."""

    folder: Path
    turn: int = 0
    files: dict[str, str] = field(default_factory=dict)

    def put(self, files: Mapping[str, str]) -> None:
        """What a kubelet does once it has heard of other content."""
        self.files |= files
        self.turn += 1
        fresh = self.folder / f"..{self.turn}"
        fresh.mkdir(parents=True)
        for name, text in self.files.items():
            (fresh / name).write_text(text)
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(Path("..data") / name)
        (self.folder / "..data_tmp").symlink_to(fresh.name)
        os.rename(self.folder / "..data_tmp", self.folder / "..data")


@dataclass
class Pod:
    """An Envoy whose administration nobody else reaches."""

    settings: EdgeSettings
    mount: Mount
    log: LogFile
    process: EnvoyProcess

    @property
    def seen(self) -> str:
        """Where it can be read how it is."""
        return f"127.0.0.1:{self.settings.seen_port}"

    async def start(self) -> None:
        """Return once it is ready."""
        admin = f"127.0.0.1:{self.settings.admin_port}"
        self.process = EnvoyProcess(self.settings.folder, admin, self.log)
        self.process.start()
        async with asyncio.timeout(60):
            while self.process.complaint() is not None:
                assert self.process.ended() is None, self.log.last(20)
                await asyncio.sleep(0.02)

    async def replace(self) -> None:
        """Another in its place, at another address."""
        self.kill()
        api, web, admin, seen = free_ports(4)
        self.settings = replace(
            self.settings, api_port=api, web_port=web, admin_port=admin, seen_port=seen
        )
        self.mount.put({BOOTSTRAP: bootstrap(self.settings)})
        await self.start()

    def kill(self) -> None:
        """As a node that goes."""
        self.process.process.kill()
        self.process.process.wait()

    async def asked(self, times: int = 1) -> str:
        """Which slot answers through it."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.settings.api_port}") as http:
            for _ in range(times):
                answer = await http.get("/v2/x")
        return str(answer.json()["slot"])


@dataclass
class Cluster:
    """Two Envoys, the folder that a release writes, and whether the second hears of it."""

    pods: list[Pod]
    folder: Path
    addresses: dict[Slot, Addresses]
    deaf: bool = False

    def edge(self, folder: Path, seconds: float = 60.0) -> FileEdge:
        """As a driver has it, with a folder of its own."""
        self.folder = folder
        return FileEdge(folder, NAME, seconds=seconds, fetch=self._fetch, publish=self._publish)

    async def addresses_of(self, place: str) -> list[str]:
        """What the cluster's names say."""
        assert place == NAME
        return [each.seen for each in self.pods]

    async def _fetch(self) -> None:
        for name, text in self.pods[0].mount.files.items():
            if name != BOOTSTRAP:  # each has its own here: they share a machine's ports
                (self.folder / name).write_text(text)

    async def _publish(self) -> None:
        files = {each.name: each.read_text() for each in self.folder.iterdir()}
        self.pods[0].mount.put(files)
        if not self.deaf:
            asyncio.get_running_loop().call_later(0.3, self.pods[1].mount.put, files)


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    """Both Envoys, everybody on blue."""
    async with AsyncExitStack() as stack:
        addresses = {}
        for slot in (Slot.BLUE, Slot.GREEN):
            echo = Echo(f"api-{slot}")
            await stack.enter_async_context(serving(echo, echo.port))
            addresses[slot] = Addresses((echo.place,), (echo.place,), (echo.place, echo.place))
        pods = []
        for n in range(2):
            api, web, admin, seen = free_ports(4)
            settings = EdgeSettings(
                folder / f"pod-{n}", api_port=api, web_port=web, admin_port=admin, seen_port=seen
            )
            mount = Mount(settings.folder)
            mount.put(initial(settings, TO_BLUE, {Slot.BLUE: addresses[Slot.BLUE]}))
            log = LogFile(folder / f"pod-{n}.log")
            pod = Pod(settings, mount, log, EnvoyProcess(settings.folder, "", log))
            await pod.start()
            stack.callback(pod.kill)
            pods.append(pod)
        yield Cluster(pods, folder, addresses)


async def test_a_step_is_live_once_every_envoy_has_its_files_and_nobody_can_do_more_than_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with cluster(tmp_path) as running:
        monkeypatch.setattr(replicas, "addresses", running.addresses_of)
        one, two = running.pods
        edge = running.edge(tmp_path / "driver")
        await edge.apply(TO_GREEN, running.addresses)
        assert [await one.asked(3), await two.asked(2)] == ["api-green", "api-green"]
        assert (await edge.counters())["api-green"].requests == 5

        async with httpx.AsyncClient(base_url=f"http://{one.seen}") as http:
            assert "envoy_cluster_" in (await http.get("/stats/prometheus")).text
            for method, path in (("POST", "/quitquitquit"), ("POST", "/stats"), ("GET", "/memory")):
                assert (await http.request(method, path)).status_code == 404, path

        await two.replace()
        assert await two.asked() == "api-green", "what it reads at its start is the last"
        assert (await edge.counters())["api-green"].requests == 6, "the others' and its own before"

        running.deaf = True
        late = running.edge(tmp_path / "another", seconds=1.0)  # knows nothing but what it fetches
        with pytest.raises(Unavailable, match=f"{two.seen}: Envoy has not read"):
            await late.apply(TO_BLUE, running.addresses)
        async with asyncio.timeout(60):  # one alone is sent nowhere else, once it has read so again
            while await one.asked() != "api-green":
                await asyncio.sleep(0.05)


@pytest.mark.unit
def test_what_replicas_counted_never_falls_and_counts_nothing_twice() -> None:
    summed = SummedCounters()

    def told(**requests: int) -> int:
        found = summed.add({n: {"api-blue": Counters(each)} for n, each in requests.items()})
        return found["api-blue"].requests

    assert told(a=10, b=5) == 15
    assert told(a=12) == 17, "one is away"
    assert told(a=12, b=7) == 19, "and back"
    assert told(a=1, b=7) == 20, "one began anew"
    assert told(a=1, b=7, c=4) == 24
