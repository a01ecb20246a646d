"""What an operator sets is taken or refused at start, by its name and what it means."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import settings
from core.errors import Invalid
from core.settings import FROM_FILE, Environment, Settings, described, load, variable

pytestmark = pytest.mark.unit

SECRET = "sEcr3t"
WRONG = {
    "BELEG_ENV": "prod",
    "BELEG_DATABASE_URL": f"mysql://u:{SECRET}@db/beleg",
    "BELEG_DATABASE_DIRECT_URL": f"postgresql://u:{SECRET}@db:five/beleg",
    "BELEG_DATABASE_OWNER_URL": f"postgresql://u:{SECRET}@db:five/beleg",
    "BELEG_BLOB_URL": "ftp://store/documents",
    "BELEG_DATABASE_CONNECTIONS": "0",
    "BELEG_DOCUMENT_LIMIT_BYTES": "50MB",
    "BELEG_APPLICATION_DOCUMENTS": "0",
    "BELEG_APPLICATION_BYTES": "20GB",
    "BELEG_APPLICATION_BOOKINGS": "0",
    "BELEG_CLIENT_DOCUMENTS": "many",
    "BELEG_CLIENT_BYTES": "0",
    "BELEG_BODY_LIMIT_BYTES": "-1",
    "BELEG_REQUEST_SECONDS": "0",
    "BELEG_HEAD_LIMIT_BYTES": "1024",
    "BELEG_HEADER_LIMIT": "3",
    "BELEG_HEAD_SECONDS": "0",
    "BELEG_BODY_BYTES_PER_SECOND": "0",
    "BELEG_CONNECTION_LIMIT": "1",
    "BELEG_LOG_LEVEL": "loud",
    "BELEG_COOKIE_SECURE": "perhaps",
    "BELEG_SESSION_HOURS": "0",
    "BELEG_VALKEY_URL": f"http://:{SECRET}@cache:6379",
    "BELEG_OIDC_ISSUER": "login.example",
    "BELEG_CORS_ORIGINS": "https://app.example/page",
    "BELEG_WEBHOOK_ALLOW_PRIVATE": "2",
    "BELEG_SECRET_KEYS": f"2026:{SECRET}",
    "BELEG_AUDIT_KEYS": SECRET,
    "BELEG_AUDIT_ANCHORS": "ftp://store/anchors",
    "BELEG_AUDIT_ANCHOR_SECONDS": "0",
    "BELEG_AUDIT_UNSEALED_SECONDS": "0",
    "BELEG_PRODUCTION_ALLOWS": "everything",
    "BELEG_REQUIRED_MONTHS": "a year",
    "BELEG_READING_SECONDS": "0",
    "BELEG_READING_MEMORY_BYTES": "1024",
    "BELEG_READING_UNCONFINED": "files,network",
    "BELEG_BUILD": "feature/x",
    "BELEG_INSTANCE": "Bank A",
    "BELEG_TRUSTED_HOPS": "-1",
    "BELEG_SHADOW": "dark",
    "BELEG_OTLP_ENDPOINT": "collector:4318",
    "BELEG_BACKFILLS": "later",
    "BELEG_DEMO": "maybe",
}
ANYTHING = {"BELEG_OIDC_AUDIENCE"}
"""What has no wrong value of its own."""
TYPED = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


def test_every_setting_has_a_value_that_is_tried_as_wrong() -> None:
    assert {name for name, *_ in described()} == WRONG.keys() | ANYTHING


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_refused_by_name_and_without_what_was_secret_in_it(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        load({name: WRONG[name]})
    assert refused.value.detail.startswith(f"{name}: ")
    assert SECRET not in refused.value.detail
    assert [each.pointer for each in refused.value.complaints] == [name]


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = {name: value for name, value in WRONG.items() if "DATABASE" not in name}
    del wrong["BELEG_CORS_ORIGINS"]  # as the databases: looked at once the others make sense
    with pytest.raises(Invalid) as refused:
        load(wrong)
    assert {each.pointer for each in refused.value.complaints} == wrong.keys()


@given(st.sampled_from([name for name, *_ in described()]), TYPED)
def test_whatever_is_typed_is_taken_or_refused_by_name(name: str, text: str) -> None:
    refused = ""
    try:
        load({name: text})
    except Invalid as refusal:
        refused = refusal.detail
    assert not refused or name in refused


@pytest.mark.parametrize("name", [each for each, *_ in described()])
def test_an_empty_variable_is_not_set(name: str) -> None:
    assert load({name: ""}) == Settings()


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    url = f"postgresql://u:{SECRET}@db/beleg"
    file = tmp_path / "url"
    file.write_text(f"{url}\n")
    found = load({f"BELEG_DATABASE_URL{FROM_FILE}": str(file)})
    assert found.database_url == url
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "no text"),
        (b"a" * 70_000, "large"),
    ],
)
def test_a_file_that_says_nothing_is_refused_by_its_name(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=why) as refused:
        load({f"BELEG_DATABASE_URL{FROM_FILE}": str(file)})
    assert str(file) in refused.value.detail


def test_a_setting_is_not_said_twice(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://db/beleg")
    both = {"BELEG_DATABASE_URL": "postgresql://db/beleg", "BELEG_DATABASE_URL_FILE": str(file)}
    with pytest.raises(Invalid, match="one of them says it"):
        load(both)
    assert load(settings.without(both, "BELEG_DATABASE_URL")) == Settings()


def test_production_refuses_what_is_fit_for_trying_things_out_only() -> None:
    with pytest.raises(Invalid) as refused:
        load({"BELEG_ENV": "production", "BELEG_DEMO": "yes", "BELEG_COOKIE_SECURE": "no"})
    named = {each.pointer for each in refused.value.complaints}
    assert named == {"BELEG_DEMO", "BELEG_COOKIE_SECURE"}
    assert load({"BELEG_ENV": "production"}).env is Environment.PRODUCTION


LAX = {
    "private-webhooks": {"BELEG_WEBHOOK_ALLOW_PRIVATE": "true"},
    "http-issuer": {
        "BELEG_OIDC_ISSUER": "http://login.example",
        "BELEG_OIDC_AUDIENCE": "beleg",
    },
    "unverified-postgresql": {
        f"BELEG_DATABASE_{name}": "postgresql://u@db.example/beleg?sslmode=require"
        for name in ("URL", "DIRECT_URL", "OWNER_URL")
    },
    "unverified-valkey": {"BELEG_VALKEY_URL": "valkeys://cache.example:6379"},
    "http-anchors": {"BELEG_AUDIT_ANCHORS": "log https://a.example/ http://b.example/"},
    "http-traces": {"BELEG_OTLP_ENDPOINT": "http://collector.example:4318"},
}
"""What production refuses, by the name that allows it."""


@pytest.mark.parametrize("name", LAX)
def test_production_refuses_what_is_lax_unless_it_is_allowed_by_name(name: str) -> None:
    production = {"BELEG_ENV": "production", **LAX[name]}
    with pytest.raises(Invalid, match=f"BELEG_PRODUCTION_ALLOWS={name}") as refused:
        load(production)
    assert {each.pointer for each in refused.value.complaints} == LAX[name].keys() - {
        "BELEG_OIDC_AUDIENCE"
    }
    others = " ".join(each for each in LAX if each != name)
    with pytest.raises(Invalid):
        load({**production, "BELEG_PRODUCTION_ALLOWS": others})
    assert load({**production, "BELEG_PRODUCTION_ALLOWS": f"{others} {name}"})
    for elsewhere in ("development", "test", "staging"):
        assert load({**LAX[name], "BELEG_ENV": elsewhere})


@pytest.mark.parametrize(
    "sound",
    [
        {"BELEG_DATABASE_URL": "postgresql://u@127.0.0.1/beleg"},
        {"BELEG_DATABASE_URL": "postgresql:///beleg?host=/run/postgresql"},
        {"BELEG_DATABASE_URL": "postgresql://u@db.example/beleg?sslrootcert=system"},
        {"BELEG_VALKEY_URL": "valkey://localhost:6379/0"},
        {"BELEG_VALKEY_URL": "valkeys://cache.example:6379/0?ssl_check_hostname=true"},
        {"BELEG_AUDIT_ANCHORS": "log file:///anchors http://localhost:9000/ https://a.example/"},
        {"BELEG_OTLP_ENDPOINT": "http://[::1]:4318"},
        {"BELEG_OTLP_ENDPOINT": "https://collector.example:4318"},
    ],
)
def test_production_takes_what_is_checked_or_on_this_machine(sound: dict[str, str]) -> None:
    assert load({"BELEG_ENV": "production", **sound}).env is Environment.PRODUCTION


def test_a_provider_goes_with_the_audience_of_its_tokens() -> None:
    with pytest.raises(Invalid, match="BELEG_OIDC_AUDIENCE"):
        load({"BELEG_OIDC_ISSUER": "https://login.example"})


def test_nobody_but_load_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELEG_REQUIRED_MONTHS", "3")
    monkeypatch.setenv("REQUIRED_MONTHS", "4")
    assert Settings().required_months == 12
    assert load().required_months == 3
    assert variable("required_months") == "BELEG_REQUIRED_MONTHS"
