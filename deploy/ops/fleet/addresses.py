"""When two addresses lead to the same place: of databases, and of blob stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from core.database_address import parse

PORT = 5432
LOOPBACK = ("", "localhost", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1")
SECRETS = ("password", "sslpassword", "passfile")


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """What of a database's URL says where it is: its servers, and its name on them."""

    servers: frozenset[tuple[str, str]]
    database: str

    @property
    def is_loopback(self) -> bool:
        """Whether all of it is on this machine."""
        return all(host == "localhost" or host.startswith("/") for host, _ in self.servers)

    def places(self) -> frozenset[tuple[str, str, str]]:
        """Each place that the URL may lead to."""
        return frozenset((host, port, self.database) for host, port in self.servers)


def database_place(url: str, name: str = "url") -> DatabasePlace:
    """Where a URL leads, whatever the order of its parameters; raises Invalid if nowhere."""
    address = parse(url, name)
    parts = urlsplit(address.dsn)
    query = dict(parse_qsl(parts.query))
    elsewhere = f"service {query['service']}" if "service" in query else "localhost"
    hosts = address.hosts or ((elsewhere, PORT),)
    servers = frozenset((_known_host(host), str(port)) for host, port in hosts)
    return DatabasePlace(servers, _database(unquote(parts.path.lstrip("/")), query, address.dsn))


def has_secret(url: str) -> bool:
    """Whether a URL carries a password."""
    parts = urlsplit(url)
    user, _, _ = parts.netloc.rpartition("@")
    return ":" in user or any(each in parse_qs(parts.query) for each in SECRETS)


def other_database(url: str, name: str) -> str:
    """The URL of another database on the same server, for the same role."""
    parts = urlsplit(url)
    kept = [
        each for each in parts.query.split("&") if not each.startswith(("dbname=", "database="))
    ]
    return parts._replace(path=f"/{name}", query="&".join(kept)).geturl()


def _database(path: str, query: Mapping[str, str], url: str) -> str:
    return (
        path
        or query.get("dbname", "")
        or query.get("database", "")
        or query.get("user", "")
        or unquote(urlsplit(url).username or "")
    )


def _known_host(host: str) -> str:
    folded = host.lower().rstrip(".")
    return "localhost" if folded in LOOPBACK or folded.startswith("127.") else folded


def blob_place(url: str) -> str:
    """Where a blob store's URL leads, as a path that those of others may lie beneath."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return f"file:{Path(unquote(parts.path)).resolve()}/"
    path = "/".join(each for each in unquote(parts.path).split("/") if each)
    return f"{parts.scheme}:{parts.netloc.lower()}/{path}{'/' if path else ''}"


def share_blobs(one: str, other: str) -> bool:
    """Whether two places of blobs are the same, or one lies within the other."""
    return one.startswith(other) or other.startswith(one)
