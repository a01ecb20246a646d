"""Many databases, one command: who is broken holds up nobody else, and nobody is forgotten."""

import asyncio
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from core.errors import Invalid
from deploy.ops.fleet.addresses import blob_place, database_place, share_blobs
from deploy.ops.fleet.doubles import by_file
from deploy.ops.fleet.file import FleetInstance, load
from deploy.ops.fleet.remedies import failure, last_words
from deploy.ops.fleet.runs import build_revisions
from deploy.ops.fleet.waves import Outcome, Result, in_waves
from tests.fleets import (
    FleetFolder,
    before,
    execute,
    is_migrated,
    kill_at,
    lock_held,
    migrators,
    with_password,
)
from tests.ports import free_ports

TEN = {
    **{"canary": 1, "b1": 2, "b2": 2, "b3": 2, "b4": 2, "b5": 2},
    **{"c1": 3, "c2": 3, "c3": 3, "c4": 3},
}


@pytest.fixture(scope="module")
def older(server: str) -> Iterator[str]:
    """A database as the build before has it."""
    name = before(server)
    yield name
    execute(server, f"ALTER DATABASE {name} IS_TEMPLATE false", f"DROP DATABASE {name}")


@pytest.fixture
def fleet(server: str, older: str, tmp_path: Path) -> Iterator[FleetFolder]:
    """A fleet without any line yet."""
    made = FleetFolder(server, older, tmp_path, {"connect_seconds": 5})
    yield made
    made.drop()


@contextmanager
def tunnel(to: tuple[str, int]) -> Iterator[int]:
    """Another way to a server: what is sent to this port goes there."""
    (port,) = free_ports(1)

    async def pump(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                into.write(data)
        finally:
            into.close()

    async def relay(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        reader, writer = await asyncio.open_connection(*to)
        await asyncio.gather(pump(source, writer), pump(reader, into), return_exceptions=True)

    async def listen() -> None:
        async with await asyncio.start_server(relay, "127.0.0.1", port):
            listening.set()
            await asyncio.to_thread(ended.wait)

    listening, ended = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(listen()))
    thread.start()
    listening.wait()
    try:
        yield port
    finally:
        ended.set()
        thread.join()


@pytest.mark.long
def test_broken_ones_halt_their_wave_and_once_mended_all_go_on(fleet: FleetFolder) -> None:
    fleet.settings |= {"parallel": 3, "halt_share": 0.5, "patience_seconds": 3}
    urls = {name: fleet.add(name, wave) for name, wave in TEN.items()}
    fleet.database("left_behind")
    execute(urls["b1"], "CREATE TABLE live_build (ours bool)")
    fleet.lines["b2"]["url"] = with_password(urls["b2"], "wrong")
    fleet.write()
    with lock_held(urls["b3"]):
        told = fleet.result("migrate", code=1)
    found = {each["name"]: each for each in told["instances"]}
    results = {name: found[name]["result"] for name in TEN}
    failed, done = dict.fromkeys(("b1", "b2", "b3"), "failed"), dict.fromkeys(("b4", "b5"), "done")
    last = {name: "not begun" for name, wave in TEN.items() if wave == 3}
    assert results == {"canary": "done", **failed, **done, **last}
    assert told["halted"].startswith("wave 2: 3 of 5 failed")
    assert 'relation "live_build" already exists' in found["b1"]["why"]
    assert "rename" in found["b1"]["remedy"]
    assert "password authentication failed" in found["b2"]["why"]
    assert "fleet.toml" in found["b2"]["remedy"]
    assert "lock" in found["b3"]["why"] or "took longer" in found["b3"]["why"]
    assert "end that session" in found["b3"]["remedy"]
    assert f"{fleet.prefix}_left_behind" in told["forgotten"]
    assert not is_migrated(fleet, "c1")
    execute(urls["b1"], "DROP TABLE live_build")
    fleet.lines["b2"]["url"] = urls["b2"]
    fleet.write()
    again = fleet.results("migrate")
    assert {name for name, result in again.items() if result == "skipped"} == {"canary", *done}
    assert all(is_migrated(fleet, name) for name in TEN)


@pytest.mark.long
def test_a_command_that_is_killed_leaves_nothing_running_and_is_resumed(
    fleet: FleetFolder,
) -> None:
    fleet.settings |= {"parallel": 2}
    for number in range(4):
        fleet.add(f"i{number}", 1 if number == 0 else 2)
    fleet.write()
    kill_at(fleet, "started", 3)
    deadline = time.monotonic() + 60
    while left := [each for each in migrators(fleet.server) if each.startswith(fleet.prefix)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    migrated = {name for name in fleet.lines if is_migrated(fleet, name)}
    assert "i0" in migrated
    assert len(migrated) < 4
    again = fleet.results("migrate")
    assert {name for name, result in again.items() if result == "skipped"} == migrated
    assert all(is_migrated(fleet, name) for name in fleet.lines)


def test_a_canary_that_fails_keeps_all_others_from_being_begun(fleet: FleetFolder) -> None:
    fleet.settings |= {"waves": ["canary", "rest"], "wave": "rest", "halt_share": 1.0}
    execute(fleet.add("first", "canary"), "CREATE TABLE live_build (ours bool)")
    fleet.add("second", "rest")
    fleet.write()
    assert fleet.results("migrate", code=1) == {"first": "failed", "second": "not begun"}
    assert not is_migrated(fleet, "second")


def test_status_shows_each_however_broken_the_others_are(fleet: FleetFolder) -> None:
    fleet.add("plain", 1)
    gone = urlsplit(fleet.add("gone", 1))
    fleet.lines["gone"]["url"] = gone._replace(netloc="someone@127.0.0.1:1").geturl()
    fleet.add("no_secret", 1)
    del fleet.lines["no_secret"]["url"]
    fleet.lines["no_secret"]["url_env"] = "BELEG_NOT_SET_ANYWHERE"
    newer = fleet.add("newer", 2)
    execute(newer, "INSERT INTO applied_revision (revision) VALUES ('9999')")
    fleet.write()
    told = fleet.result("status", code=1)
    found = {each["name"]: each for each in told["instances"]}
    assert (found["plain"]["state"], found["plain"]["reachable"]) == ("behind", True)
    assert set(found["plain"]["missing"]) == build_revisions().expands - fleet.applied("plain")
    assert "not reachable" in found["gone"]["why"]
    assert found["no_secret"]["why"] == "The variable BELEG_NOT_SET_ANYWHERE is not set"
    assert found["newer"]["newer"] == ["9999"]
    text = fleet.run("status", code=1)
    assert all(f"\n{name}" in text for name in fleet.lines)


def test_status_ends_with_3_where_something_is_owed_and_names_what_has_drifted(
    fleet: FleetFolder, template: str
) -> None:
    url = fleet.add("one", 1, template)
    fleet.write()
    execute(url, "ALTER TABLE application DROP COLUMN delete_reason")
    (found,) = fleet.result("status", "--check", code=3)["instances"]
    assert "column application.delete_reason is missing" in found["drift"]
    assert found["missing"] == []


def test_a_backfill_that_was_cancelled_is_owed_and_a_process_that_ended_is_not_live(
    fleet: FleetFolder, template: str
) -> None:
    url = fleet.add("one", 1, template)
    fleet.write()
    execute(
        url,
        "UPDATE backfill SET state = 'cancelled' WHERE name = '0014_iso_parts'",
        """INSERT INTO live_build VALUES (gen_random_uuid(), 'api', '0.2.0', '{}', '{}',
            now(), now(), now()),
            (gen_random_uuid(), 'worker', '0.2.0', '{}', '{}', now(), now(), NULL)""",
    )
    (found,) = fleet.result("status", "--check", code=3)["instances"]
    assert (found["state"], found["live"]) == ("backfill halted", {"0.2.0": 1})
    fleet.run("backfill", "status", "--check", code=3)


def test_a_backfill_that_its_database_was_never_told_of_is_owed(
    fleet: FleetFolder, template: str
) -> None:
    execute(fleet.add("one", 1, template), "DELETE FROM backfill WHERE name = '0014_iso_parts'")
    fleet.write()
    (found,) = fleet.result("status", "--check", code=3)["instances"]
    assert found["state"] == "backfilling"
    assert "0014_iso_parts not begun: `beleg fleet migrate`" in fleet.run("status")
    (told,) = json.loads(fleet.run("backfill", "status", "--check", "--json", code=3))
    (row,) = (each for each in told["backfills"] if each["name"] == "0014_iso_parts")
    assert row["state"] == "not begun"
    assert fleet.results("migrate") == {"one": "done"}
    (found,) = fleet.result("status")["instances"]
    assert found["state"] == "ready"
    fleet.run("backfill", "status", "--check")


def test_a_backfill_goes_on_where_it_was_stopped_though_the_canary_has_done_it(
    fleet: FleetFolder, template: str
) -> None:
    fleet.add("canary", 1, template)
    execute(
        fleet.add("stopped", 2, template),
        "UPDATE backfill SET state = 'paused' WHERE name = '0014_iso_parts'",
    )
    fleet.write()
    assert fleet.results("backfill", "resume", "0014_iso_parts") == {
        "canary": "skipped",
        "stopped": "done",
    }
    assert fleet.results("backfill", "pause", "0014_iso_parts") == {
        "canary": "skipped",
        "stopped": "done",
    }


def test_a_name_a_tag_or_a_wave_may_be_chosen(fleet: FleetFolder, template: str) -> None:
    for name, wave, tags in (("a", 1, ["eu"]), ("b", 2, ["eu"]), ("c", 3, [])):
        fleet.add(name, wave, template, tags=tags)
    fleet.write()
    assert fleet.results("migrate", "--only", "3", "--only", "b") == {
        "b": "skipped",
        "c": "skipped",
    }
    found = fleet.result("status", "--only", "eu")["instances"]
    assert [(each["name"], each["state"]) for each in found] == [("a", "ready"), ("b", "ready")]
    assert "nobody" in fleet.run("migrate", "--only", "nobody", code=1)


def test_two_lines_for_one_database_are_refused_before_anything_runs(fleet: FleetFolder) -> None:
    first, port = fleet.add("first", 1), urlsplit(fleet.server).port
    assert port is not None
    fleet.lines["second"] = {"name": "second", "wave": 1, "url": f"{first}?ssl=disable"}
    fleet.write()
    assert "first and second share the database's URL" in fleet.run("migrate", code=1)
    with tunnel(("127.0.0.1", port)) as other_port:
        fleet.lines["second"]["url"] = first.replace(f":{port}/", f":{other_port}/")
        fleet.write()
        said = fleet.run("migrate", code=1)
    assert "first and second share the database, by different URLs" in said
    assert not is_migrated(fleet, "first")


def test_a_copy_with_the_identity_of_another_is_refused_by_name(fleet: FleetFolder) -> None:
    identity = uuid4()
    for name in ("original", "copy"):
        url = fleet.add(name, 1)
        execute(
            url,
            "CREATE TABLE instance_identity (id uuid, epoch bigint DEFAULT 0)",
            f"INSERT INTO instance_identity VALUES ('{identity}')",
        )
    fleet.write()
    said = fleet.run("migrate", code=1)
    assert "original and copy share an identity" in said
    assert "beleg adopt --as-copy" in said


def test_blob_stores_that_overlap_are_refused(fleet: FleetFolder) -> None:
    fleet.add("first", 1, blob_url="s3://Documents/lenders/")
    fleet.add("second", 1, blob_url="s3://documents/lenders/second")
    fleet.write()
    assert "first and second share the blob store" in fleet.run("migrate", code=1)
    assert "share the blob store" in fleet.result("migrate", code=1)["refused"]


def test_two_commands_at_once_are_one_too_many(fleet: FleetFolder) -> None:
    url = fleet.add("one", 1)
    fleet.settings |= {"timeout_seconds": 60}
    fleet.write()
    with lock_held(url), subprocess.Popen(fleet.words("migrate"), stderr=subprocess.PIPE) as first:
        while not fleet.journal:
            time.sleep(0.01)
        assert f"process {first.pid}" in fleet.run("migrate", code=1)
        first.terminate()
        _, said = first.communicate()
    assert b"Run it again to go on" in said
    assert first.returncode == 1


@pytest.mark.unit
def test_all_that_is_wrong_with_the_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "fleet.toml"
    file.write_text(
        """
        [fleet]
        parallel = 0
        halt = 1
        [[instance]]
        name = "Ä"
        url_env = "X"
        [[instance]]
        name = "two"
        url_env = "X"
        url_file = "x"
        [[instance]]
        name = "two"
        url = "postgresql://me:secret@db.example/x"
        [[instance]]
        name = "four"
        url_env = "X"
        region = "eu"
        """
    )
    with pytest.raises(Invalid) as refused:
        load(file, {})
    said = [each.detail for each in refused.value.complaints]
    for sign in (
        "fleet: parallel: Input should be greater",
        "fleet: there is no setting 'halt'",
        "instance 'Ä': name",
        "instance 'two': exactly one of",
        "instance 'two': url: a password does not stand in this file",
        "instance 'four': there is no setting 'region'",
        "'two' names 2 instances",
    ):
        assert any(sign in each for each in said), (sign, said)


@pytest.mark.unit
def test_an_address_that_no_command_would_take_is_refused_by_where_it_stands(
    tmp_path: Path,
) -> None:
    (tmp_path / "fleet.toml").write_text(
        """
        [[instance]]
        name = "one"
        url = "postgresql://db/x?colour=red"
        [[instance]]
        name = "two"
        url_env = "A_URL"
        """
    )
    fleet = load(tmp_path / "fleet.toml", {"A_URL": "mysql://me:secret@db/x"})
    one, two = fleet.instances
    with pytest.raises(Invalid, match=r"fleet\.toml: colour is no parameter"):
        fleet.url(one)
    with pytest.raises(Invalid, match="the variable A_URL: it begins with postg") as refused:
        fleet.url(two)
    assert by_file(fleet) == []
    assert "secret" not in refused.value.detail
    told = failure(refused.value.detail, two)
    assert told.remedy == "give the database's URL in the variable A_URL"


@pytest.mark.unit
def test_a_command_on_one_instance_finds_no_secret_of_another(tmp_path: Path) -> None:
    (tmp_path / "b.url").write_text("postgresql://b/b\n")
    (tmp_path / "fleet.toml").write_text(
        """
        [[instance]]
        name = "a"
        url_env = "A_URL"
        blob_url = "s3://a"
        [[instance]]
        name = "b"
        url_file = "b.url"
        """
    )
    environ = {"A_URL": "postgresql://a/a", "BELEG_DATABASE_DIRECT_URL": "postgresql://a/a"}
    environ["BELEG_BLOB_URL"] = "s3://whose"
    fleet = load(tmp_path / "fleet.toml", environ | {"PATH": "/bin"})
    a, b = fleet.instances
    assert fleet.environ(b) == {"PATH": "/bin", "BELEG_DATABASE_URL": "postgresql://b/b"}
    assert fleet.environ(a)["BELEG_DATABASE_URL"] == "postgresql://a/a"
    assert fleet.environ(a)["BELEG_BLOB_URL"] == "s3://a"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql://a:x@db/lender", "postgres://b@DB:5432/lender", True),
        ("postgresql://localhost/x", "postgresql://127.0.0.1:5432/x", True),
        ("postgresql://[::1]:5432/x", "postgresql:///x?host=localhost", True),
        ("postgresql://a/x?sslmode=require&user=u", "postgresql://a/x?user=v", True),
        ("postgresql://a,b/x?target_session_attrs=read-write", "postgresql://b/x", True),
        ("postgresql://u@a", "postgresql://a/u", True),
        ("postgresql+asyncpg://u@a/x", "postgresql://a/x", True),
        ("postgresql:///x?service=one", "postgresql:///x?service=two", False),
        ("postgresql://a/x", "postgresql://a/y", False),
        ("postgresql://a:5432/x", "postgresql://a:6432/x", False),
    ],
)
def test_urls_that_lead_to_the_same_database_are_told(one: str, other: str, same: bool) -> None:
    both = database_place(one).places() & database_place(other).places()
    assert bool(both) is same


@pytest.mark.unit
@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("s3://bucket/a", "s3://BUCKET/a/", True),
        ("s3://bucket", "s3://bucket/a", True),
        ("s3://bucket/a", "s3://bucket/ab", False),
        ("file:///srv/a", "file:///srv/x/../a", True),
        ("file:///srv/a", "file:///srv/b", False),
    ],
)
def test_blob_stores_within_each_other_are_told(one: str, other: str, shared: bool) -> None:
    assert share_blobs(blob_place(one), blob_place(other)) is shared
    assert share_blobs(blob_place(other), blob_place(one)) is shared


@pytest.mark.unit
@pytest.mark.parametrize(
    ("said", "why", "remedy"),
    [
        ("...\nError: The database lacks it.\n", "The database lacks it", "--only lender"),
        (
            "...\nError: This revision is not safe:\n0101_x: locks: it waits\n    Instead: y.\n",
            "This revision is not safe: 0101_x: locks: it waits Instead: y",
            "wait, run it again",
        ),
        (
            'asyncpg.exceptions.DiskFullError: could not extend file "base/5/2": No space left on'
            " device\n",
            'could not extend file "base/5/2": No space left on device',
            "make room",
        ),
        (
            "sqlalchemy.exc.ProgrammingError: (sqlalchemy.dialects.postgresql.asyncpg."
            "ProgrammingError) <class 'asyncpg.exceptions.DuplicateTableError'>: relation \"a\""
            " already exists\n[SQL: CREATE TABLE a]\n(Background on this error)\n",
            'relation "a" already exists',
            "rename",
        ),
        ("", "it said nothing", "--only lender"),
    ],
)
def test_a_failure_is_told_in_a_line_with_what_to_do(
    said: str, why: str, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / "fleet.toml").write_text('[[instance]]\nname = "lender"\nurl_env = "A"\n')
    (instance,) = load(tmp_path / "fleet.toml", {}).instances
    told = failure(last_words(said), instance)
    assert told.why == why
    assert remedy in told.remedy


@pytest.mark.unit
@pytest.mark.parametrize(
    ("broken", "begun", "halted"),
    [
        (set(), 21, None),
        ({0}, 1, "wave 1: 1 of 1 failed"),
        ({1}, 21, None),
        ({1, 2}, 3, "wave 2: 2 of 10 failed"),
        ({11, 12, 13}, 13, "wave 3: 2 of 10 failed"),
    ],
)
async def test_a_wave_halts_once_too_many_of_it_have_failed(
    broken: set[int], begun: int, halted: str | None, tmp_path: Path
) -> None:
    lines = ["[fleet]", "parallel = 1"]
    for number in range(21):
        lines += ["[[instance]]", f'name = "i{number}"', f'url_env = "U{number}"']
        lines.append(f"wave = {1 + (number + 9) // 10}")
    (tmp_path / "fleet.toml").write_text("\n".join(lines))
    fleet = load(tmp_path / "fleet.toml", {})
    names: list[str] = []

    async def work(instance: FleetInstance) -> Outcome:
        names.append(instance.name)
        await asyncio.sleep(0)
        result = Result.FAILED if int(instance.name[1:]) in broken else Result.DONE
        return Outcome(instance.name, fleet.wave_of(instance), result)

    run = await in_waves(fleet, fleet.instances, work)
    assert (run.halted or "").partition(",")[0] == (halted or "")
    assert names == [f"i{number}" for number in range(begun)]
    results = [each.result for each in run.outcomes]
    assert results.count(Result.NOT_BEGUN) == 21 - begun
