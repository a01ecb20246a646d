"""Two builds behind a real Envoy, and a real Prometheus that looks at all of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests import prometheus
from tests.ports import free_ports

ALERTS = Path(__file__).parents[2] / "deploy" / "alerts"
ENVOY = files("envoy") / "_bin" / "envoy"
Slots = Mapping[str, tuple[str, int]]
"""Where each cluster's part listens, and its share of what is asked."""


@asynccontextmanager
async def started(words: Sequence[object], log: Path, ready: str) -> AsyncIterator[None]:
    """A program that answers at this address, while the block lasts."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(*map(str, words), stdout=out, stderr=out)
    try:
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            while True:
                assert process.returncode is None, f"see {log}"
                try:
                    if (await http.get(ready)).status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def edge(folder: Path, api: Slots, web: Slots) -> AsyncIterator[tuple[str, str, str]]:
    """Where API and web app are reached through Envoy, and its own counters."""
    at_api, at_web, admin = free_ports(3)
    config = {
        "admin": {"address": _at(admin)},
        "static_resources": {
            "listeners": [_listener("api", at_api, api), _listener("web", at_web, web)],
            "clusters": [_cluster(name, url) for name, (url, _) in {**api, **web}.items()],
        },
    }
    file = folder / "envoy.json"
    file.write_text(json.dumps(config))
    words = (ENVOY, "-c", file, "--concurrency", "1", "--disable-hot-restart")
    async with started(words, folder / "envoy.log", f"http://127.0.0.1:{admin}/ready"):
        yield f"http://127.0.0.1:{at_api}", f"http://127.0.0.1:{at_web}", f"127.0.0.1:{admin}"


def _at(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def _listener(name: str, port: int, slots: Slots) -> dict[str, Any]:
    clusters = [{"name": each, "weight": weight} for each, (_, weight) in slots.items()]
    kind = "type.googleapis.com/envoy.extensions.filters"
    route = {
        "match": {"prefix": "/"},
        "route": {
            "weighted_clusters": {"clusters": clusters},
            "retry_policy": {"retry_on": "connect-failure", "num_retries": 1},
        },
    }
    manager = {
        "@type": f"{kind}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "route_config": {"virtual_hosts": [{"name": name, "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{kind}.http.router.v3.Router"},
            }
        ],
    }
    filters = [{"name": "envoy.http_connection_manager", "typed_config": manager}]
    return {"name": name, "address": _at(port), "filter_chains": [{"filters": filters}]}


def _cluster(name: str, url: str) -> dict[str, Any]:
    endpoint = {"endpoint": {"address": _at(int(url.rpartition(":")[2]))}}
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
    }


class Prometheus:
    """What it has seen."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=30)

    async def ask(self, path: str, **params: Any) -> Any:
        """The data of an answer; anything but a success fails."""
        answer = await self._http.get(f"/api/v1/{path}", params=params)
        said = answer.json()
        assert said["status"] == "success", (params, said)
        return said["data"]

    async def close(self) -> None:
        """Ask nothing more."""
        await self._http.aclose()


@asynccontextmanager
async def looking(folder: Path, parts: Sequence[str], admin: str) -> AsyncIterator[Prometheus]:
    """A Prometheus with our rules, that looks at these every second."""
    (port,) = free_ports(1)
    config = yaml.safe_load((ALERTS / "prometheus.example.yaml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "2s"}
    config["rule_files"] = [str(ALERTS / name) for name in config["rule_files"]]
    del config["alerting"]
    config["scrape_configs"][0]["static_configs"] = [{"targets": list(parts)}]
    config["scrape_configs"][1]["static_configs"] = [{"targets": [admin]}]
    file = folder / "prometheus.yaml"
    file.write_text(yaml.safe_dump(config))
    words = (
        prometheus.program(prometheus.PROMETHEUS),
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    url = f"http://127.0.0.1:{port}"
    async with started(words, folder / "prometheus.log", f"{url}/-/ready"):
        found = Prometheus(url)
        try:
            yield found
        finally:
            await found.close()
