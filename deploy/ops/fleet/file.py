"""`fleet.toml`: every instance there is, how to reach it, and when its turn comes."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from core.connector import DIRECT_URL
from core.errors import Complaint, Invalid, NotFound
from core.settings import without
from deploy.ops.fleet.addresses import database_place, has_secret

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Wave = int | Name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FleetDefaults(_Strict):
    """How the fleet is gone through."""

    waves: tuple[Wave, ...] = ()
    wave: Wave | None = None
    parallel: int = Field(default=4, ge=1, le=100)
    halt_share: float = Field(default=0.1, ge=0, le=1)
    patience_seconds: float = Field(default=120, ge=0)
    timeout_seconds: float = Field(default=900, gt=0)
    connect_seconds: float = Field(default=10, gt=0)


class FleetInstance(_Strict):
    """One lender: its database, its blob store, the wave that it goes with."""

    name: Name
    url: str | None = None
    url_env: str | None = None
    url_file: Path | None = None
    blob_url: str | None = None
    release: Path | None = None
    """Its release.toml: its edge, and who starts its builds."""
    wave: Wave | None = None
    tags: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _has_one_address(self) -> "FleetInstance":
        given = [each for each in (self.url, self.url_env, self.url_file) if each is not None]
        if len(given) != 1:
            raise ValueError("exactly one of url_env, url_file and url says where its database is")
        if self.url is not None and has_secret(self.url):
            try:
                is_loopback = database_place(self.url).is_loopback
            except Invalid as refusal:
                raise ValueError(refusal.detail.rstrip(".")) from None
            if not is_loopback:
                raise ValueError("url: a password does not stand in this file: url_env or url_file")
        return self

    def where(self) -> str:
        """Which secret names its database, for people."""
        if self.url_env:
            return f"the variable {self.url_env}"
        return f"the file {self.url_file}" if self.url_file else "fleet.toml"


class _Document(_Strict):
    fleet: FleetDefaults = FleetDefaults()
    instance: tuple[FleetInstance, ...] = Field(min_length=1)


class Fleet:
    """All instances, in the order in which their waves come."""

    def __init__(self, file: Path, document: _Document, environ: Mapping[str, str]) -> None:
        self.file = file
        self.defaults = document.fleet
        self.instances = document.instance
        self._environ = environ

    @cached_property
    def waves(self) -> tuple[Wave, ...]:
        """The waves in their order; the first is the canary."""
        if self.defaults.waves:
            return self.defaults.waves
        return tuple(sorted({self.wave_of(each) for each in self.instances}, key=by_number))

    def wave_of(self, instance: FleetInstance) -> Wave:
        """The wave that an instance goes with."""
        wave = instance.wave if instance.wave is not None else self.defaults.wave
        return wave if wave is not None else self.waves[-1] if self.defaults.waves else 1

    def url(self, instance: FleetInstance) -> str:
        """The address of an instance's database; raises Invalid saying where it was looked for."""
        url = instance.url or self._environ.get(instance.url_env or "", "")
        if instance.url_file is not None:
            try:
                url = (self.file.parent / instance.url_file).read_text().strip()
            except OSError as problem:
                raise _no_url(instance, f"cannot be read: {problem.strerror}") from problem
        if not url:
            raise _no_url(instance, "is empty" if instance.url_file else "is not set")
        database_place(url, instance.where())
        return url

    def environ(self, instance: FleetInstance) -> dict[str, str]:
        """What a command on one instance finds in its environment: no other's secrets."""
        # What is set for one would lead the commands of all to its server, or its documents.
        own = ("BELEG_DATABASE_URL", DIRECT_URL, "BELEG_DATABASE_OWNER_URL", "BELEG_BLOB_URL")
        kept = without(self._environ, *own, *(each.url_env or "" for each in self.instances))
        blobs = {"BELEG_BLOB_URL": instance.blob_url} if instance.blob_url else {}
        return {**kept, **blobs, "BELEG_DATABASE_URL": self.url(instance)}

    def selected(self, only: Sequence[str]) -> tuple[FleetInstance, ...]:
        """The instances of these names, tags or waves, all where none is given."""
        chosen = {each.name for word in only for each in self._called(word)}
        return tuple(each for each in self.instances if not only or each.name in chosen)

    def _called(self, word: str) -> list[FleetInstance]:
        found = [
            each
            for each in self.instances
            if word in (each.name, *each.tags) or word == str(self.wave_of(each))
        ]
        if not found:
            raise NotFound(f"instance, tag or wave {word!r} in {self.file.name}")
        return found


def _no_url(instance: FleetInstance, why: str) -> Invalid:
    where = instance.where()
    return Invalid(Complaint(where, f"{where[0].upper()}{where[1:]} {why}"))


def by_number(wave: Wave) -> tuple[int, str]:
    """Waves by number."""
    return (wave, "") if isinstance(wave, int) else (0, wave)


def load(file: Path, environ: Mapping[str, str]) -> Fleet:
    """The fleet that a file tells of; raises Invalid with all that is wrong with it at once."""
    try:
        told = tomllib.loads(file.read_text())
    except FileNotFoundError as problem:
        example = "deploy/fleet.example.toml shows one"
        raise Invalid(Complaint(str(file), f"There is no {file}; {example}.")) from problem
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise Invalid(Complaint(str(file), f"{file} cannot be read: {problem}")) from problem
    complaints = []
    document = None
    try:
        document = _Document.model_validate(told)
    except ValidationError as problem:
        complaints = [_said(each, told) for each in problem.errors()]
    complaints += _doubled_names(told)
    if document is not None:
        complaints += _lost_waves(document)
    if complaints:
        raise Invalid(*(Complaint(each, f"{file.name}: {each}") for each in complaints))
    assert document is not None  # noqa: S101 - or it has complaints
    return Fleet(file, document, environ)


def _said(error: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    place = ""
    part, *rest = (*tuple[str | int, ...](error["loc"]), "")
    if part == "instance" and rest and isinstance(rest[0], int):
        place = f"instance {_name(told['instance'][rest[0]], rest[0])}"
        rest = rest[1:]
    elif part:
        place = str(part)
    words = [str(each) for each in rest if isinstance(each, int) or each not in ("", "int")]
    words = [each for each in words if not each.startswith(("function-", "constrained-"))]
    if error["type"] == "extra_forbidden":
        return f"{place}: there is no setting {words[-1] if words else place!r}"
    message = error["msg"].removeprefix("Value error, ")
    return ": ".join(each for each in (place, " ".join(words), message) if each)


def _name(entry: object, place: int) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return f"{name!r}" if isinstance(name, str) else f"number {place + 1}"


def _doubled_names(told: Mapping[str, Any]) -> list[str]:
    entries = told.get("instance")
    entries = entries if isinstance(entries, list) else []
    names = [each.get("name") for each in entries if isinstance(each, dict)]
    doubled = sorted({each for each in names if isinstance(each, str) and names.count(each) > 1})
    return [f"{each!r} names {names.count(each)} instances" for each in doubled]


def _lost_waves(document: _Document) -> list[str]:
    order = document.fleet.waves
    used = {each.name: each.wave for each in document.instance if each.wave is not None}
    if document.fleet.wave is not None:
        used["the default"] = document.fleet.wave
    if order:
        return [
            f"{name}: its wave {wave!r} is not among fleet.waves"
            for name, wave in used.items()
            if wave not in order
        ]
    return [
        f"{name}: its wave {wave!r} has a name, so fleet.waves has to tell the order"
        for name, wave in used.items()
        if isinstance(wave, str)
    ]
