"""`release.toml`: where an instance's edge is, and who starts and ends its builds."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic import model_validator as checked_whole

from core.errors import Complaint, Invalid
from deploy.release.model import Part, Slot

Place = Annotated[
    str, StringConstraints(pattern=r"^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$")
]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Command = Annotated[tuple[str, ...], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _several(told: Any) -> Any:
    """One place is a list of one."""
    return (told,) if isinstance(told, str) else told


Places = Annotated[tuple[Place, ...], BeforeValidator(_several), Field(min_length=1)]


class EdgeConfig(_Strict):
    """Envoy: the folder of its files, and where its administration is asked.

    Where Envoy reads other files than these, `publish` brings it what was written, and `fetch`
    writes what it has; in both, `{folder}` is the folder.
    """

    folder: Path
    admin: Places
    """A name may stand for several Envoys: something is live once all say that it is."""
    fetch: Command | None = None
    publish: Command | None = None
    seconds: float = Field(default=15.0, gt=0, le=3600)
    """How long it may take until Envoy does what is written."""


class LocalConfig(_Strict):
    """This machine: where slots, builds and logs are kept, and from which port on parts listen."""

    data: Path = Path(".")
    host: str = "127.0.0.1"
    first_port: int = Field(default=8100, ge=1024, le=65_000)
    drain_seconds: float = Field(default=1.0, ge=0, le=600)
    ready_seconds: float = Field(default=120.0, gt=0, le=3600)
    repository: Path | None = None
    """Where git refs are looked up; by default the repository that this build stands in."""


class SlotHooks(_Strict):
    """Commands that start and end a build elsewhere, and the addresses that it then has.

    In the commands, `{build}` is the build, `{slot}` the slot and `{parts}` its parts: `api,bff`.
    """

    start: Command
    stop: Command
    api: tuple[Place, ...] = ()
    bff: tuple[Place, ...] = ()
    health: Mapping[Part, tuple[Place, ...]] = Field(default_factory=dict)


class HooksConfig(_Strict):
    """Compose, a cluster, or whatever else runs the builds."""

    command: Command
    """Runs one of a build's own commands; the words are added to it."""
    seconds: float = Field(default=600.0, gt=0, le=7200)
    """How long a command may take, and how long a slot may take to be ready."""
    slots: Mapping[Slot, SlotHooks]


class DifferConfig(_Strict):
    """What compares answers, where it does not run on this machine.

    In the commands, `{attempt}` names the release's present attempt, `{a}` and `{b}` are where the
    shadows' APIs listen.
    """

    address: Place
    """Where the edge mirrors to."""
    findings: Place
    """Where it is asked what it has found: its `--findings-port`."""
    start: Command
    stop: Command


class ReleaseConfig(_Strict):
    """All of it; paths are taken from where the file lies."""

    edge: EdgeConfig
    platform: Literal["local", "hooks"] = "local"
    local: LocalConfig = LocalConfig()
    hooks: HooksConfig | None = None
    differ: DifferConfig | None = None
    environment: Mapping[Variable, str] = Field(default_factory=dict)
    """Set for every command and part; stands over what the caller's environment says."""
    plan: Mapping[str, Any] = Field(default_factory=dict)
    """Thresholds and times that `beleg release start` takes where it is told none."""

    @checked_whole(mode="after")
    def _has_its_platform(self) -> "ReleaseConfig":
        if (self.platform == "hooks") != (self.hooks is not None):
            raise ValueError('[hooks] and platform = "hooks" go together')
        if (self.edge.fetch is None) != (self.edge.publish is None):
            raise ValueError("edge.fetch and edge.publish go together")
        return self

    def environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        """What a build's commands and parts find set."""
        return {**environ, **self.environment}


def load(file: Path) -> ReleaseConfig:
    """What a file says; raises Invalid with all that is wrong with it at once."""
    try:
        told = tomllib.loads(file.read_text())
    except FileNotFoundError as problem:
        where = "`beleg up --edge` writes one, deploy/release.example.toml shows one"
        raise Invalid(Complaint(str(file), f"There is no {file}; {where}")) from problem
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise Invalid(Complaint(str(file), f"{file} cannot be read: {problem}")) from problem
    try:
        return _placed(ReleaseConfig.model_validate(told), file.resolve().parent)
    except ValidationError as problem:
        complaints = [_said(each) for each in problem.errors()]
        raise Invalid(*(Complaint(file.name, f"{file.name}: {each}") for each in complaints)) from (
            problem
        )


def _placed(config: ReleaseConfig, folder: Path) -> ReleaseConfig:
    """The same with every path as seen from anywhere."""
    edge = config.edge.model_copy(update={"folder": folder / config.edge.folder})
    local = config.local.model_copy(update={"data": (folder / config.local.data).resolve()})
    if local.repository is not None:
        local = local.model_copy(update={"repository": (folder / local.repository).resolve()})
    return config.model_copy(update={"edge": edge, "local": local})


def _said(error: Any) -> str:
    """One thing that is wrong, for people: where it stands, and what is expected there."""
    place = ".".join(str(each) for each in error["loc"] if not isinstance(each, int))
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return f"{place} is missing"
    if kind == "extra_forbidden":
        return f"{place} is nothing that can be set here"
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch" and ":[0-9]" in context["pattern"]:
        return f"{place}: expected host:port, not {error['input']!r}"
    return f"{place}: {error['msg'][0].lower()}{error['msg'][1:]}, not {error['input']!r}"
