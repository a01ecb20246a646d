"""PostgreSQL's address as operators have it, read once: what is taken, and what is refused by name.

It imports no driver. What the driver would send to the server unread, or leave aside in silence, is
told apart here; no complaint shows a password.
"""

import ipaddress
import shlex
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from core.errors import Complaint, Invalid

SCHEMES = ("postgres", "postgresql")
TIMEOUT_SECONDS = 10.0
SEVERAL_TIMEOUT_SECONDS = 3.0  # the next host is asked soon
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_WRITABLE = ("any", "primary", "read-write")
# The driver knows them by itself.
_DRIVERS = {
    *("user", "password", "passfile", "dbname", "database", "service", "krbsrvname", "gsslib"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslnegotiation"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
}
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_ROOT = Path("~/.postgresql/root.crt")
# They change nothing here: our sessions bear a name of their own, keep their sockets alive, and
# find out for themselves what stands between.
_NEEDLESS = {
    *("application_name", "fallback_application_name", "client_encoding", "pgbouncer"),
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
    *("tcp_user_timeout", "gssencmode", "sslcompression", "sslsni"),
}


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where PostgreSQL is, on one host or several, and how to connect to it."""

    dsn: str
    hosts: tuple[tuple[str, int], ...]
    """Empty where the environment or a service file names them."""
    seconds: float
    """How long connecting to one of the hosts may take."""
    only_writable: bool
    """Whether a host that takes no writes is passed over."""
    server_settings: dict[str, str]
    system_certificates: bool
    """Whether it is checked against the machine's own authorities (`sslrootcert=system`)."""

    @property
    def is_verified(self) -> bool:
        """Whether it is checked whose server answers, or it is on this machine."""
        near = bool(self.hosts) and all(is_near(host) for host, _ in self.hosts)
        return near or "sslmode=verify-full" in self.dsn


def is_near(host: str) -> bool:
    """Whether a host is this machine, so that nobody listens between."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.startswith("/") or host == "localhost"


def parse(url: str, name: str = "BELEG_DATABASE_URL") -> DatabaseAddress:
    """An address as it is written; raises Invalid with one sentence that shows no password."""
    try:
        return _parse(url)
    except ValueError as problem:
        raise Invalid(Complaint(name, f"{name}: {problem}.")) from None


def _parse(url: str) -> DatabaseAddress:
    parts = _split(url)
    given = _query(parts.query)
    hosts = tuple(_hosts(parts.netloc.rpartition("@")[2], given.pop("host", ""), given))
    timeout = given.pop("connect_timeout", "")
    usual = SEVERAL_TIMEOUT_SECONDS if len(hosts) > 1 else TIMEOUT_SECONDS
    target = _target(given.pop("target_session_attrs", ""), hosts)
    settings = dict(_options(given.pop("options", "")))
    for each in [each for each in given if each in _NEEDLESS]:
        del given[each]
    system = given.get("sslrootcert") == "system"
    if system:
        given |= {"sslmode": given.get("sslmode", "verify-full")}
        if given["sslmode"] != "verify-full":
            raise ValueError("sslrootcert=system goes with sslmode=verify-full")
        del given["sslrootcert"]
    _require_known(given, system)
    auth = parts.netloc.rpartition("@")[0]
    netloc = f"{auth}@" if auth else ""
    dsn = f"postgresql://{netloc}{parts.path}{'?' if given else ''}{urlencode(given)}"
    return DatabaseAddress(dsn, hosts, _seconds(timeout) or usual, target, settings, system)


def _split(url: str) -> SplitResult:
    scheme, colon, rest = url.partition("://")
    if not colon or scheme.partition("+")[0] not in SCHEMES:
        raise ValueError("it begins with postgresql:// or postgres://")
    authority = rest.partition("/")[0]
    if "#" in rest:
        raise ValueError("a # in a password is written %23")
    if authority.partition("?")[0].count("@") > 1:
        raise ValueError("an @ in a name or password is written %40")
    if "@" in rest.partition("/")[2].partition("?")[0]:
        raise ValueError("a / in a password is written %2F")
    if "?" in authority and "@" in authority.partition("?")[2]:
        raise ValueError("a ? in a password is written %3F")
    return urlsplit(f"postgresql://{rest}")


def _query(text: str) -> dict[str, str]:
    try:
        given = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))
    except ValueError:
        raise ValueError("what stands after the ? is name=value, joined by &") from None
    if "ssl" in given:  # as other drivers have it
        said = given.pop("ssl")
        given.setdefault("sslmode", {"true": "require", "false": "disable"}.get(said, said))
    return given


def _hosts(authority: str, host: str, given: dict[str, str]) -> Iterator[tuple[str, int]]:
    ports = [each for each in given.pop("port", "").split(",") if each]
    named = [each for each in (authority or host).split(",") if each]
    if len(ports) > 1 and len(ports) != len(named):
        raise ValueError("it names as many ports as hosts, or one")
    for at, each in enumerate(named):
        spec = unquote(each)
        default = (ports[at] if len(ports) > 1 else ports[0]) if ports else "5432"
        if spec.startswith("/"):
            name, port = spec, default
        elif spec.startswith("["):
            name, _, tail = spec[1:].partition("]")
            port = tail.removeprefix(":") or default
        else:
            name, _, port = spec.partition(":")
            port = port or default
        if not name or not port.isdigit() or not 0 < int(port) < 65_536:
            raise ValueError(
                "a port is a number from 1 to 65535, and a : or @ in a password is written %3A, %40"
            )
        if not name.startswith("/"):
            _require_name(name)
        yield name, int(port)


def _require_name(host: str) -> None:
    try:
        host.encode("idna")
    except UnicodeError:
        raise ValueError("a host is a name of parts between dots, each of 1 to 63") from None


def _target(said: str, hosts: tuple[tuple[str, int], ...]) -> bool:
    """Whether only a server that takes writes will do: of several hosts, that one is meant."""
    if said and said not in _WRITABLE:
        raise ValueError(
            f"target_session_attrs={said} is refused, for Beleg writes; say read-write"
        )
    return said in ("primary", "read-write") or (not said and len(hosts) > 1)


def _seconds(text: str) -> float:
    if text and not text.isdigit():
        raise ValueError("connect_timeout is a whole number of seconds")
    return float(text or 0)


def _options(text: str) -> Iterator[tuple[str, str]]:
    """What `options=-c name=value` sets on the server."""
    words = iter(shlex.split(text))
    for word in words:
        if word == "-c":
            word = next(words, "")
        elif word.startswith(("-c", "--")):
            word = word[2:]
        else:
            word = ""
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise ValueError("options are written -c name=value, as often as needed")
        yield name.replace("-", "_"), value


def _require_known(given: dict[str, str], system: bool) -> None:
    if given.get("channel_binding") in ("prefer", "disable", ""):
        del given["channel_binding"]
    elif "channel_binding" in given:
        raise ValueError("channel_binding=require is not supported; sslmode=verify-full protects")
    if given.get("load_balance_hosts") == "disable":
        del given["load_balance_hosts"]
    for each in given:
        if each not in _DRIVERS:
            raise ValueError(
                f"{each} is no parameter that is taken here; a server's setting goes as"
                f" options=-c%20{each}%3Dvalue"
            )
    mode = given.get("sslmode", "prefer")
    if mode not in _SSL_MODES:
        raise ValueError(f"sslmode is one of {', '.join(_SSL_MODES)}")
    for each in _FILES:
        if (path := given.get(each)) and not Path(path).is_file():
            raise ValueError(f"{each} names no file that can be read: {path}")
    verified = mode.startswith("verify") and not system
    if verified and "sslrootcert" not in given and not _ROOT.expanduser().is_file():
        raise ValueError(f"sslmode={mode} needs sslrootcert=FILE, or sslrootcert=system")
    _require_certificates(given)


def _require_certificates(given: dict[str, str]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if root := given.get("sslrootcert"):
            context.load_verify_locations(root)
    except (OSError, ssl.SSLError):
        raise ValueError("sslrootcert names a file without certificates in PEM") from None
    try:
        if certificate := given.get("sslcert"):
            password = given.get("sslpassword", "")
            context.load_cert_chain(certificate, given.get("sslkey"), lambda: password)
    except (OSError, ssl.SSLError):
        raise ValueError("sslcert and sslkey are no certificate and its key in PEM") from None
