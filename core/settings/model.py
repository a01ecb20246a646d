"""Every setting: its default, its bounds, and what it means to an operator."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.keys import KeyRing

PREFIX = "BELEG_"


class Environment(StrEnum):
    """Where this instance stands; production refuses what is only fit for trying things out."""

    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"


class Allowed(StrEnum):
    """What production refuses unless it is allowed by this name."""

    PRIVATE_WEBHOOKS = "private-webhooks"
    HTTP_ISSUER = "http-issuer"
    UNVERIFIED_POSTGRESQL = "unverified-postgresql"
    UNVERIFIED_VALKEY = "unverified-valkey"
    PUBLIC_METRICS = "public-metrics"
    HTTP_ANCHORS = "http-anchors"
    HTTP_TRACES = "http-traces"


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def _setting(default: Any, meaning: str, *, secret: bool = False, **bounds: Any) -> Any:
    """A field of Settings: its default and what it means to an operator."""
    return Field(default, description=meaning, repr=not secret, **bounds)


def _of_scheme(*schemes: str) -> AfterValidator:
    """An address with a host, by one of these schemes; or none at all."""

    def check(url: str) -> str:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError where it is no number
        if url and (parts.scheme not in schemes or not parts.hostname):
            raise ValueError(url)
        return url

    return AfterValidator(check)


def _blobs(url: str) -> str:
    parts = urlsplit(url)
    if url and not (
        parts.path if parts.scheme == "file" else parts.scheme == "s3" and parts.netloc
    ):
        raise ValueError(url)
    return url


def _keys(text: str) -> str:
    KeyRing.parse(text)  # raises ValueError, which says nothing of what was written
    return text


def _allowed(text: str) -> str:
    for each in text.split():
        Allowed(each)
    return text


def _anchors(text: str) -> str:
    for each in text.split():
        parts = urlsplit(each)
        sound = {"file": parts.path, "http": parts.hostname, "https": parts.hostname}
        if each != "log" and not sound.get(parts.scheme):
            raise ValueError(each)
    return text


_WebUrl = Annotated[str, _of_scheme("https", "http")]
_Keys = Annotated[str, AfterValidator(_keys)]
_KEYS = "NAME:BASE64 of 32 bytes, apart by white space; the newest, which is used, first"
_LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """What an operator may set, each as `BELEG_` and the name in capitals."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    env: Environment = _setting(Environment.DEVELOPMENT, "development, test, staging or production")
    database_url: str = _setting(
        "", "PostgreSQL 15 or newer, postgresql://user:password@host:port/name", secret=True
    )
    database_direct_url: str = _setting(
        "",
        "PostgreSQL itself, where BELEG_DATABASE_URL is a pooler in transaction mode: for what"
        " listens, for the queue and for migrations",
        secret=True,
    )
    database_owner_url: str = _setting(
        "",
        "PostgreSQL itself as the role that owns the tables, for `beleg migrate` alone; all else"
        " then works as BELEG_DATABASE_URL's role, which cannot change what is on record",
        secret=True,
    )
    blob_url: Annotated[str, AfterValidator(_blobs)] = _setting(
        "", "where documents lie: a folder (file:///…) or s3://bucket/prefix"
    )
    database_connections: int = _setting(
        8, "connections a process keeps to PostgreSQL, 1 to 1000", ge=1, le=1000
    )
    document_limit_bytes: int = _setting(50 * 1024 * 1024, "largest document taken, in bytes", ge=1)
    application_documents: int = _setting(
        5_000, "documents that an application may have, 1 or more", ge=1
    )
    application_bytes: int = _setting(
        20 * 1024**3, "bytes that an application's documents may have together, 1 or more", ge=1
    )
    application_bookings: int = _setting(
        500_000, "bookings that an application's documents may have together, 1 or more", ge=1
    )
    client_documents: int = _setting(
        5_000_000, "documents that all applications of a client may have, 1 or more", ge=1
    )
    client_bytes: int = _setting(
        10 * 1024**4, "bytes that all documents of a client may have together, 1 or more", ge=1
    )
    body_limit_bytes: int = _setting(1024 * 1024, "largest JSON body taken, in bytes", ge=1)
    request_seconds: int = _setting(
        30,
        "how long a request may take to be answered, its body's way in not counted, in seconds,"
        " 1 to 3600",
        ge=1,
        le=3600,
    )
    head_limit_bytes: int = _setting(
        64 * 1024,
        "largest head of a request taken, its line and headers, in bytes, 16 KiB or more",
        ge=16 * 1024,
    )
    header_limit: int = _setting(256, "headers taken with a request, 32 to 10000", ge=32, le=10_000)
    head_seconds: int = _setting(
        15,
        "how long the head of a request may take to come in, in seconds, 1 to 3600",
        ge=1,
        le=3600,
    )
    body_bytes_per_second: int = _setting(
        1024,
        "the pace below which a body that comes, or an answer that is read, is hung up on, in bytes"
        " a second over a minute, 1 or more",
        ge=1,
    )
    connection_limit: int = _setting(
        5000, "connections that a process has open to its callers, 100 to 1000000", ge=100, le=10**6
    )
    log_level: _LogLevel = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    cookie_secure: bool = _setting(
        True, "send the session cookie over https only; false is for plain http on loopback"
    )
    session_hours: int = _setting(
        12, "how long an underwriter stays signed in, 1 hour to 8784 (a year)", ge=1, le=8784
    )
    valkey_url: Annotated[str, _of_scheme("valkey", "valkeys", "redis", "rediss")] = _setting(
        "",
        "Valkey that several processes share their rate limits in, valkey://host:port/0",
        secret=True,
    )
    oidc_issuer: _WebUrl = _setting(
        "", "OpenID provider whose access tokens are taken, by its issuer"
    )
    oidc_audience: str = _setting("", "the audience that those tokens must be meant for")
    cors_origins: str = _setting(
        "", "origins whose web pages may call the API, https://app.example, separated by spaces"
    )
    webhook_allow_private: bool = _setting(
        False, "let webhooks point to addresses that are not public, for receivers inside"
    )
    secret_keys: _Keys = _setting(
        "", f"keys that partners' webhook secrets are sealed with: {_KEYS}", secret=True
    )
    audit_keys: _Keys = _setting(
        "", f"keys that the audit log is sealed with: {_KEYS}", secret=True
    )
    audit_anchors: Annotated[str, AfterValidator(_anchors)] = _setting(
        "",
        "where the worker says outside the database how far the audit log is sealed: file:///…,"
        " log, https://…, apart by spaces",
        secret=True,
    )
    audit_anchor_seconds: int = _setting(
        60, "how often at most it says so, in seconds, 1 to 86400", ge=1, le=86_400
    )
    audit_unsealed_seconds: int = _setting(
        30,
        "how long an audit entry may wait for a transaction that began before it, until it is"
        " sealed all the same, in seconds, 1 to 3600",
        ge=1,
        le=3600,
    )
    production_allows: Annotated[str, AfterValidator(_allowed)] = _setting(
        "",
        "what production would refuse and this instance may, by name, apart by spaces:"
        f" {', '.join(Allowed)}",
    )
    required_months: int = _setting(
        12, "whole months that statements must cover without a gap, 1 to 120", ge=1, le=120
    )
    reading_seconds: int = _setting(
        600, "how long reading one document may take, in seconds, 1 to 86400", ge=1, le=86_400
    )
    reading_memory_bytes: int = _setting(
        1024 * 1024 * 1024,
        "how much memory reading one document may take, in bytes, 64 MiB or more",
        ge=64 * 1024 * 1024,
    )
    reading_unconfined: str = _setting(
        "",
        "what production may read strangers' files without being kept from, by the names that"
        " `beleg check` says, separated by spaces, such as `files`",
        pattern=r"^([a-z]+( [a-z]+)*)?$",
    )
    build: str = _setting(
        "",
        "what tells this build from others of its version, such as its commit: up to 40 letters and"
        " digits; by default a digest of its code",
        pattern=r"^[A-Za-z0-9.]{0,40}$",
    )
    instance: str = _setting(
        "",
        "what this instance is called, as in fleet.toml: up to 63 small letters, digits, `.`, `_`"
        " and `-`; every log line and measurement says it",
        pattern=r"^([a-z0-9][a-z0-9._-]{0,62})?$",
    )
    trusted_hops: int = _setting(
        0,
        "proxies of ours between a caller and this process, 0 to 10: so many are believed",
        ge=0,
        le=10,
    )
    shadow: bool = _setting(
        False, "a process that the differ asks: counts nothing, limits nobody, writes nothing"
    )
    otlp_endpoint: _WebUrl = _setting(
        "", "where traces are sent, https://host:4318; nowhere if empty"
    )
    backfills: bool = _setting(
        True, "let the worker run backfills; false leaves them to `beleg backfill run`"
    )
    demo: bool = _setting(False, "this instance carries the demo lender and its known secrets")

    @property
    def direct_url(self) -> str:
        """The address for what needs a session of its own."""
        return self.database_direct_url or self.database_url

    @property
    def owner_url(self) -> str:
        """The address for what changes the database's shape."""
        return self.database_owner_url or self.direct_url

    @property
    def says_environment(self) -> bool:
        """Whether it was said where this instance stands."""
        return "env" in self.model_fields_set

    def allows(self, what: Allowed) -> bool:
        """Whether this may be although it is fit for trying things out only."""
        return self.env is not Environment.PRODUCTION or what in self.production_allows.split()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given: `load` reads the environment, nobody else does."""
        return (init_settings,)


def local_blobs(folder: Path) -> str:
    """The blob address of a local folder."""
    return folder.resolve().as_uri()
