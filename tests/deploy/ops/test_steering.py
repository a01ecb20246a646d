"""What operators do from the command line, on a running instance."""

import asyncio
import json

import pytest
from click.testing import CliRunner, Result

from core import audit
from core.audit import EndUser
from core.clients import Scope
from core.ids import new_id
from deploy.ops.cli import main
from tests.builders import House


async def beleg(house: House, *words: str, **environ: str) -> Result:
    """Run a command on this instance."""
    env = {
        "BELEG_DATABASE_URL": house.settings.database_url,
        "BELEG_BLOB_URL": house.settings.blob_url,
        "BELEG_LOG_LEVEL": "ERROR",
        **environ,
    }
    return await asyncio.to_thread(CliRunner().invoke, main, words, env=env)


async def test_a_partner_is_taken_in_and_its_key_rotates_with_a_grace(house: House) -> None:
    made = await beleg(house, "client", "create", "Neu", "--scope", "applications:read", "--json")
    assert made.exit_code == 0, made.output
    created = json.loads(made.output.splitlines()[-1])
    old = house.caller(created["api_key"])
    assert (await old.get("/v2/applications")).status_code == 200
    listed = await beleg(house, "key", "list", created["client_id"])
    key_id = listed.output.split()[0]
    assert created["api_key"] not in listed.output
    fresh = await beleg(house, "client", "rotate", key_id, "--grace-hours", "1")
    new = house.caller(fresh.output.strip())
    for http in (old, new):
        assert (await http.get("/v2/applications")).status_code == 200
    unknown = await beleg(house, "client", "create", "Neu", "--scope", "everything")
    assert unknown.exit_code == 1
    assert "unknown scope everything" in unknown.output


async def test_what_would_be_of_no_use_is_not_made_and_what_is_not_there_not_listed(
    house: House,
) -> None:
    scope, password = ("--scope", "report:read"), ("--password", "vier ganz andere Worte")
    told = " ".join((await beleg(house, "client", "create", "--help")).output.split())
    assert [each for each in Scope if each not in told] == []
    for words, why in (
        (("client", "create", " ", *scope), "name: what people call the partner is needed"),
        (("client", "create", "Neu", *scope, "--expires", "2020-01-01"), "have ended already"),
        (("key", "list", str(new_id())), "There is no such client."),
        (("user", "create", "u@lender.test", "--name", "", *password), "name: what colleagues"),
        (("app", "kill", "iOS", "3.1.7"), "platform: small letters"),
    ):
        refused = await beleg(house, *words)
        assert refused.exit_code == 1, refused.output
        assert why in refused.output
    assert (await beleg(house, "versions", "usage", "--days", "0")).exit_code == 2


async def test_what_was_done_or_not_owed_is_said(house: House) -> None:
    for words, said in (
        (("app", "floor", "ios", "--minimum", "3.0", "--latest", "3.2"), "ios before 3.0 has to"),
        (("app", "kill", "ios", "3.1.7"), "ios 3.1.7 is refused from now on."),
        (("app", "kill", "ios", "3.1.7", "--revive"), "ios 3.1.7 may call again."),
        (("backfill", "plan"), "No backfill is owed."),
    ):
        done = await beleg(house, *words)
        assert (done.exit_code, said in done.output) == (0, True), done.output


async def test_a_partners_key_is_given_its_rules(house: House) -> None:
    rules = ("--network", "127.0.0.0/8", "--per-minute", "5", "--per-day", "50")
    test = ("--test", "--no-cases")
    app = ("--expires", "2999-01-01", "--openid-app", "makler-ios", "--json")
    scope = ("--scope", "report:read")
    made = await beleg(house, "client", "create", "Neu", *scope, *rules, *test, *app)
    assert made.exit_code == 0, made.output
    created = json.loads(made.output.splitlines()[-1])
    assert created["api_key"].startswith("beleg_test_")
    listed = await beleg(house, "key", "list", created["client_id"])
    assert "until 2999-01-01 00:00" in listed.output
    answer = await house.caller(created["api_key"]).get("/v2/applications")
    assert answer.status_code == 403
    assert answer.headers["ratelimit-policy"] == '"minute";q=5;w=60, "day";q=50;w=86400'
    assert house.api.dependencies is not None
    caller = await house.api.dependencies.callers.by_openid_app(
        "makler-ios", frozenset(), EndUser("https://login.example", "mia")
    )
    assert str(caller.client_id) == created["client_id"]
    for wrong in (("--per-day", "0"), ("--per-minute", "-1"), ("--network", "example.org")):
        refused = await beleg(house, "client", "create", "Neu", *scope, *wrong)
        assert refused.exit_code == 1, wrong


async def test_a_version_in_use_is_not_retired(house: House) -> None:
    partner = await house.partner("Mobile Makler")
    await partner.http.get("/v1/applications", headers={"App-Version": "ios/3.2.1"})
    await house.flush_usage()
    used = await beleg(house, "versions", "usage")
    assert "v1 listApplications 1 Mobile Makler ios/3.2.1" in used.output
    refused = await beleg(house, "versions", "retire", "v1")
    assert refused.exit_code == 1
    assert "Mobile Makler (ios/3.2.1)" in refused.output
    done = await beleg(house, "versions", "retire", "v1", "--anyway", "--reason", "agreed")
    assert done.exit_code == 0, done.output
    assert "retired" in (await beleg(house, "versions", "list")).output


async def test_who_sends_what_should_not_be_sent_is_shown(house: House) -> None:
    partner = await house.partner("Mobile Makler")
    for query in ("?x=1", "?y=1", ""):
        await partner.http.get(f"/v1/applications{query}")
    await house.flush_usage()
    shown = await beleg(house, "versions", "usage", "--irregular")
    (line,) = shown.output.splitlines()
    assert line.startswith("v1 listApplications unknown_parameter 2 Mobile Makler 20")


async def test_brownouts_are_listed_in_utc_and_taken_back_one_by_one(house: House) -> None:
    first = ("--from", "2027-12-01T09:00Z", "--until", "2027-12-01T10:00:00Z")
    second = ("--from", "2027-12-02", "--until", "2027-12-02 01:00:00")
    for window in (first, second):
        done = await beleg(house, "versions", "brownout", "v1", *window)
        assert done.exit_code == 0, done.output
        assert "--cancel takes it back" in done.output
    listed = await beleg(house, "versions", "list")
    assert listed.output.endswith(
        "v1: published 2024-03-01, deprecated 2026-06-01, sunset 2027-12-31, served\n"
        "  announced brownout: 2027-12-01T09:00:00Z until 2027-12-01T10:00:00Z\n"
        "  announced brownout: 2027-12-02T00:00:00Z until 2027-12-02T01:00:00Z\n"
    )
    for which in ((), ("--from", "2027-12-03")):
        unclear = await beleg(house, "versions", "brownout", "v1", "--cancel", *which)
        assert unclear.exit_code == 1
        assert "by its start, as --from: 2027-12-01T09:00:00Z/" in unclear.output
    named = ("--from", "2027-12-01T09:00:00")
    assert (await beleg(house, "versions", "brownout", "v1", "--cancel", *named)).exit_code == 0
    only = await beleg(house, "versions", "brownout", "v1", "--cancel")
    assert "2027-12-02T00:00:00Z/2027-12-02T01:00:00Z, is cancelled" in only.output
    assert "brownout" not in (await beleg(house, "versions", "list")).output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("brownout v9 --from 2027-12-01 --until 2027-12-02", "version: one of v2, v1"),
        ("retire v9", "version: one of v2, v1"),
        ("brownout v9 --cancel", "version: one of v2, v1"),
        ("retire v9 --cancel", "version: one of v2, v1"),
        ("brownout v1 --from 2026-01-01 --until 2026-01-02", "2026-01-02T00:00:00Z is past"),
        ("brownout v1 --from 2027-12-02 --until 2027-12-01", "ends after it starts"),
        ("brownout v1 --from 2027-12-01 --until 2027-12-01", "ends after it starts"),
        ("brownout v1 --from 2027-12-31 --until 2028-01-01", "before the sunset"),
        ("brownout v1 --from 2027-12-01T23:00 --until 2027-12-03", "is announced for then: 2027-"),
        ("brownout v1 --from 2027-12-01", "--from and --until"),
        ("brownout v1 --cancel --until 2027-12-01", "--cancel goes with --from and --reason"),
        ("retire v1 --cancel --anyway", "--cancel goes with --reason"),
    ],
)
async def test_what_makes_no_sense_of_a_versions_end_is_refused(
    house: House, words: str, why: str
) -> None:
    there = ("--from", "2027-12-02T00:00", "--until", "2027-12-02T01:00")
    assert (await beleg(house, "versions", "brownout", "v1", *there)).exit_code == 0
    insisting = ("--anyway", "--reason", "x") if "--until" in words and "--c" not in words else ()
    for more in ((), insisting):
        refused = await beleg(house, "versions", *words.split(), *more)
        assert refused.exit_code != 0
        assert why in refused.output
    listed = (await beleg(house, "versions", "list")).output
    assert listed.count("brownout") == 1
    assert "retired" not in listed


async def test_what_is_retired_is_not_retired_or_browned_out_again(house: House) -> None:
    assert (await beleg(house, "versions", "retire", "v1")).exit_code == 0
    again = await beleg(house, "versions", "retire", "v1", "--anyway", "--reason", "x")
    assert "v1 is retired already" in again.output
    window = ("--from", "2027-12-01", "--until", "2027-12-02")
    too_late = await beleg(house, "versions", "brownout", "v1", *window)
    assert "answers 410 already" in too_late.output
    assert (again.exit_code, too_late.exit_code) == (1, 1)


async def test_the_audit_log_is_verified(house: House) -> None:
    await house.partner()
    await house.seal()
    checked = await beleg(house, "audit", "verify")
    assert "sealed: 1, of them with a key: 0, not yet sealed: 0" in checked.output


@pytest.mark.unit
def test_every_logger_is_listed() -> None:
    printed = CliRunner().invoke(main, ["logtree"], env={})
    assert printed.exit_code == 0
    assert printed.output.startswith("root: level INFO")


async def test_a_webhook_is_found_and_switched_off_and_on(house: House) -> None:
    partner = await house.partner("Makler Nord")
    url = "https://hooks.partner.test/beleg?token=hush"
    hook = (await partner.http.post("/v2/webhooks", json={"url": url})).json()
    listed = await beleg(house, "webhook", "list")
    assert listed.output == f"{hook['id']} Makler Nord: v2, hooks.partner.test, enabled\n"
    off = await beleg(house, "webhook", "switch", hook["id"], "--off")
    assert (off.exit_code, off.output) == (0, f"{hook['id']} is told nothing.\n")
    assert (
        "partner.test, switched off (requested)" in (await beleg(house, "webhook", "list")).output
    )
    assert (await partner.get(f"/v2/webhooks/{hook['id']}"))["enabled"] is False
    assert (await beleg(house, "webhook", "switch", hook["id"], "--on")).exit_code == 0
    assert (await partner.get(f"/v2/webhooks/{hook['id']}"))["enabled"] is True
    unknown = await beleg(house, "webhook", "switch", str(partner.client_id), "--on")
    assert (unknown.exit_code, unknown.output) == (1, "Error: There is no such webhook.\n")
    done = [(each.action, each.actor_kind) for each in await audit.history(house.db, hook["id"])]
    assert done[1:] == [("webhook.changed", "operator")] * 2
