"""Every setting in one place; only composition roots read the environment, once."""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

from core import database_address
from core.errors import Complaint, Invalid

_BUILD = re.compile(r"[A-Za-z0-9.]{0,40}\Z")
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?\Z")


class Environment(StrEnum):
    """Where this instance stands; production refuses what is only fit for trying things out."""

    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"


def setting(default: Any, meaning: str, *, secret: bool = False) -> Any:
    """A field of Settings: its default and what it means to an operator."""
    return field(default=default, metadata={"meaning": meaning, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set, each as `BELEG_` and the name in capitals."""

    env: Environment = setting(Environment.DEVELOPMENT, "development, test, staging or production")
    database_url: str = setting(
        "", "PostgreSQL 15 or newer, postgresql://user:password@host:port/name", secret=True
    )
    database_direct_url: str = setting(
        "",
        "PostgreSQL itself, where BELEG_DATABASE_URL is a pooler in transaction mode: for what"
        " listens, for the queue and for migrations",
        secret=True,
    )
    blob_url: str = setting("", "where documents lie: a folder (file:///…) or s3://bucket/prefix")
    database_connections: int = setting(8, "connections a process keeps to PostgreSQL")
    document_limit_bytes: int = setting(50 * 1024 * 1024, "largest document taken, in bytes")
    body_limit_bytes: int = setting(1024 * 1024, "largest JSON body taken, in bytes")
    log_level: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    cookie_secure: bool = setting(
        True, "send the session cookie over https only; false is for plain http on loopback"
    )
    session_hours: int = setting(12, "how long an underwriter stays signed in")
    valkey_url: str = setting(
        "", "Valkey that several processes share their rate limits in, valkey://host:port/0"
    )
    oidc_issuer: str = setting("", "OpenID provider whose access tokens are taken, by its issuer")
    oidc_audience: str = setting("", "the audience that those tokens must be meant for")
    cors_origins: str = setting(
        "", "origins whose web pages may call the API, https://app.example, separated by spaces"
    )
    webhook_allow_private: bool = setting(
        False, "let webhooks point to addresses that are not public, for receivers inside"
    )
    required_months: int = setting(12, "whole months that statements must cover without a gap")
    reading_seconds: int = setting(600, "how long reading one document may take, in seconds")
    reading_memory_bytes: int = setting(
        1024 * 1024 * 1024, "how much memory reading one document may take, in bytes"
    )
    build: str = setting(
        "",
        "what tells this build from others of its version, such as its commit: up to 40 letters and"
        " digits; by default a digest of its code",
    )
    instance: str = setting(
        "", "what this instance is called, as in fleet.toml; every log line and measurement says it"
    )
    trusted_hops: int = setting(
        0, "proxies of ours between a caller and this process; so many addresses are believed"
    )
    shadow: bool = setting(
        False, "a process that the differ asks: counts nothing, limits nobody, writes nothing"
    )
    otlp_endpoint: str = setting("", "where traces are sent, https://host:4318; nowhere if empty")
    backfills: bool = setting(
        True, "let the worker run backfills; false leaves them to `beleg backfill run`"
    )
    demo: bool = setting(False, "this instance carries the demo lender and its known secrets")

    @property
    def direct_url(self) -> str:
        """The address for what needs a session of its own."""
        return self.database_direct_url or self.database_url


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings as the environment says; raises Invalid naming each variable that makes no sense."""
    hints, values, complaints = get_type_hints(Settings), {}, []
    for each in fields(Settings):
        name = f"BELEG_{each.name.upper()}"
        if name not in environ:
            continue
        try:
            values[each.name] = _parse(hints[each.name], environ[name])
        except ValueError:
            complaints.append(Complaint(name, f"{name}: expected {each.metadata['meaning']}"))
    if complaints:
        raise Invalid(*complaints)
    return checked(Settings(**values))


def _parse(kind: type, text: str) -> Any:
    if kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if text.lower() not in words:
            raise ValueError(text)
        return words[text.lower()]
    return kind(text)


def checked(settings: Settings) -> Settings:
    """The same settings, unless they make no sense or production would run on a demo's."""
    complaints = [
        Complaint(
            "BELEG_CORS_ORIGINS",
            f"BELEG_CORS_ORIGINS: {each} is no origin; one is written https://app.example",
        )
        for each in settings.cors_origins.split()
        if not _ORIGIN.match(each)
    ]
    if not _BUILD.match(settings.build):
        complaints.append(
            Complaint("BELEG_BUILD", "BELEG_BUILD: up to 40 letters and digits, such as a commit")
        )
    for name in ("database_url", "database_direct_url"):
        if url := getattr(settings, name):
            try:
                database_address.parse(url, f"BELEG_{name.upper()}")
            except Invalid as refusal:
                complaints += refusal.complaints
    if settings.env is Environment.PRODUCTION:
        if settings.demo:
            complaints.append(
                Complaint("BELEG_DEMO", "BELEG_DEMO: production does not run on demo secrets")
            )
        if not settings.cookie_secure:
            complaints.append(
                Complaint(
                    "BELEG_COOKIE_SECURE",
                    "BELEG_COOKIE_SECURE: production sends its session cookie over https only",
                )
            )
    if complaints:
        raise Invalid(*complaints)
    return settings


def described() -> list[tuple[str, str, str]]:
    """Each setting's variable, default and meaning, as `beleg settings` prints them."""
    rows = []
    for each in fields(Settings):
        default = "" if each.default is MISSING else str(each.default)
        rows.append((f"BELEG_{each.name.upper()}", default, each.metadata["meaning"]))
    return rows


def local_blobs(folder: Path) -> str:
    """The blob address of a local folder."""
    return folder.resolve().as_uri()
