"""What makes no sense together, and what production refuses."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from core import database_address
from core.errors import Complaint, Invalid
from core.settings.model import Allowed, Environment, Settings, variable

DATABASES = ("database_url", "database_direct_url", "database_owner_url")
"""The settings that hold an address of the database."""
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?\Z")


def contradictions(settings: Settings) -> Iterator[Complaint]:
    """What makes no sense together, or would let production run on a demo's."""
    for name in DATABASES:
        if url := getattr(settings, name):
            try:
                address = database_address.parse(url, variable(name))
            except Invalid as refusal:
                yield from refusal.complaints
                continue
            if not (address.is_verified or settings.allows(Allowed.UNVERIFIED_POSTGRESQL)):
                why = "production checks whose server it is: add sslmode=verify-full"
                yield _refused(name, why, Allowed.UNVERIFIED_POSTGRESQL)
    for each in settings.cors_origins.split():
        if not _ORIGIN.match(each):
            why = f"{each} is no origin; one is written https://app.example"
            yield _complaint("cors_origins", why)
    if settings.oidc_issuer and not settings.oidc_audience:
        yield _complaint("oidc_audience", "expected with BELEG_OIDC_ISSUER: whom tokens are for")
    if settings.env is Environment.PRODUCTION:
        if settings.demo:
            yield _complaint("demo", "production does not run on demo secrets")
        if not settings.cookie_secure:
            yield _complaint("cookie_secure", "production sends its session cookie over https only")
    if settings.webhook_allow_private and not settings.allows(Allowed.PRIVATE_WEBHOOKS):
        why = "production sends webhooks to public addresses only"
        yield _refused("webhook_allow_private", why, Allowed.PRIVATE_WEBHOOKS)
    issuer = urlsplit(settings.oidc_issuer)
    if issuer.scheme == "http" and not settings.allows(Allowed.HTTP_ISSUER):
        why = "production takes tokens of an https:// issuer only"
        yield _refused("oidc_issuer", why, Allowed.HTTP_ISSUER)
    if any(map(_is_overheard, settings.audit_anchors.split())) and not settings.allows(
        Allowed.HTTP_ANCHORS
    ):
        why = "production sends anchors by https:// only, else whoever is between may change them"
        yield _refused("audit_anchors", why, Allowed.HTTP_ANCHORS)
    if _is_overheard(settings.otlp_endpoint) and not settings.allows(Allowed.HTTP_TRACES):
        why = "production sends traces by https:// only, or to this machine"
        yield _refused("otlp_endpoint", why, Allowed.HTTP_TRACES)
    if not (_valkey_verified(settings.valkey_url) or settings.allows(Allowed.UNVERIFIED_VALKEY)):
        why = "production checks whose server it is: valkeys://…?ssl_check_hostname=true"
        yield _refused("valkey_url", why, Allowed.UNVERIFIED_VALKEY)


def _is_overheard(url: str) -> bool:
    """Whether what is sent there goes over a network as it is."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not database_address.is_near(parts.hostname or "")


def _valkey_verified(url: str) -> bool:
    """Whether it is Valkey that answers there, or it is on this machine, or there is none."""
    parts = urlsplit(url)
    if not url or database_address.is_near(parts.hostname or ""):
        return True
    given = parse_qs(parts.query)
    checked = given.get("ssl_cert_reqs", ["required"]) == ["required"]
    named = given.get("ssl_check_hostname", ["false"])[0].lower() in ("true", "1", "yes")
    return parts.scheme in ("valkeys", "rediss") and checked and named


def _refused(field: str, why: str, name: Allowed) -> Complaint:
    return _complaint(field, f"{why}, or BELEG_PRODUCTION_ALLOWS={name}")


def _complaint(field: str, why: str) -> Complaint:
    return Complaint(variable(field), f"{variable(field)}: {why}")
