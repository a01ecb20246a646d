"""What `beleg up` is to start, and how it says where all of it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.ops.logs import LogFile
from deploy.ops.relay import near

LOOPBACK = "127.0.0.1"
ANY = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the parts listen; the internal ports of API, web app and worker follow each other."""

    web: int
    api: int
    metrics: int

    def named(self, *, edge: bool) -> dict[str, tuple[int, ...]]:
        """Every port, by the option that sets it; behind an edge, three more follow."""
        internal = tuple(self.metrics + offset for offset in range(6 if edge else 3))
        return {"--web-port": (self.web,), "--api-port": (self.api,), "--metrics-port": internal}

    @property
    def behind(self) -> tuple[int, int, int]:
        """With an edge: where API and web app listen behind it, and where it is asked itself."""
        return self.metrics + 3, self.metrics + 4, self.metrics + 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: where data lies, where to listen, whether with the demo lender, on what."""

    data: Path
    host: str
    ports: Ports
    demo: bool
    database_url: str
    log_level: str
    edge: bool = False
    trusted_hops: int = 0
    certificate: tuple[Path, Path] | None = None

    @property
    def logs(self) -> Path:
        """The folder of the parts' logs."""
        return self.data / "logs"

    def log(self, part: str) -> LogFile:
        """The log of a part."""
        return LogFile(self.logs / f"{part}.log")

    @property
    def secrets(self) -> Path:
        """The file of the demo lender's secrets."""
        return self.data / "demo.json"

    def url(self, port: int, path: str = "") -> str:
        """The address of a port of ours, as seen from this machine."""
        host = "127.0.0.1" if self.host in ANY else self.host
        return f"{self._scheme(port)}://{f'[{host}]' if ':' in host else host}:{port}{path}"

    def _scheme(self, port: int) -> str:
        return "https" if self.certificate and port in (self.ports.web, self.ports.api) else "http"


def described(plan: Plan) -> dict[str, Any]:
    """Where everything is, and how to get into the demo lender."""
    metrics = plan.ports.metrics
    admin = f"http://{LOOPBACK}:{plan.ports.behind[2]}"
    behind = {"edge": admin, "release": str(plan.data / "release.toml")} if plan.edge else {}
    return {
        "web": plan.url(plan.ports.web),
        "api": plan.url(plan.ports.api),
        "metrics": {
            part: plan.url(metrics + offset) for offset, part in enumerate(("api", "bff", "worker"))
        },
        **behind,
        "logs": str(plan.logs),
        "demo": json.loads(plan.secrets.read_text()) if plan.demo else None,
    }


def banner(plan: Plan) -> str:
    """Where everything is, how to get in and how to end it, for a person."""
    where = described(plan)
    demo = where["demo"]
    lines = [
        ("Web app", where["web"]),
        (
            "Sign in",
            f"{demo['user']} with {demo['password']}"
            if demo
            else "as somebody whom `beleg user create` has made",
        ),
        ("API", where["api"]),
        ("Docs", f"{where['api']}/docs"),
    ]
    if demo:
        lines += [
            ("API key", demo["api_key"]),
            ("Test key", f"{demo.get('test_key', '-')}, to try out at {where['api']}/docs/try"),
        ]
    if plan.edge:
        release = near(plan.data / "release.toml")
        lines.append(("Release", f"beleg release start --file {release} --b FOLDER"))
    lines += [
        ("Data", near(plan.data)),
        ("Logs", f"{near(plan.logs)}, a file a part; warnings and errors appear here too"),
        ("Stop", "Ctrl-C; the next start finds the data again"),
    ]
    return "\n".join(["", "Beleg is running.", *(f"  {name:10}{text}" for name, text in lines), ""])
