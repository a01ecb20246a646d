"""How far the audit log is sealed is known outside, so that no end of it goes unnoticed."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import asyncpg

from core import audit, backlog, telemetry
from core.audit import SYSTEM
from core.db import Tx
from core.ids import new_id
from core.keys import KeyRing
from core.query import Query
from deploy.ops import anchors
from deploy.ops.anchors import Anchors
from deploy.ops.sealing import Sealer
from tests.builders import House
from tests.receiver import receiving

KEYS = f"2026-02:{'B' * 43}= 2026-01:{'A' * 43}="
OLD_KEYS = f"2026-01:{'A' * 43}="
RING = KeyRing.parse(KEYS)


async def note(house: House, count: int) -> None:
    """Leave so many entries."""
    for number in range(count):

        async def work(tx: Tx, number: int = number) -> None:
            audit.record(tx, SYSTEM, "test.done", "test", new_id(), {"number": number})

        await house.db.write(work)


async def sealed(house: House, by: Sealer) -> None:
    """Let it seal until all is sealed: transactions of other tests hold it back for a moment."""
    async with asyncio.timeout(60):
        while True:
            await by.seal(house.db)
            if not (await audit.verify(house.db, RING)).unsealed:
                return
            await asyncio.sleep(0.05)


def sealer(house: House, **settings: object) -> Sealer:
    said = {"audit_keys": KEYS, "audit_anchor_seconds": 0, **settings}
    return Sealer(house.settings.model_copy(update=said))


async def as_owner(house: House, *statements: str) -> None:
    """Do it as the role that owns the tables, triggers off."""
    owner = await asyncpg.connect(house.settings.database_url)
    for table in ("audit_entry", "audit_seal"):
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    for each in statements:
        await owner.execute(each)
    await owner.close()


CUT = (
    "DELETE FROM audit_seal WHERE number > 3",
    "DELETE FROM audit_entry WHERE id NOT IN (SELECT entry_id FROM audit_seal)",
)


def verify(house: House, *words: str) -> subprocess.CompletedProcess[str]:
    """`beleg audit verify`, as an operator runs it."""
    return subprocess.run(
        (sys.executable, "-m", "deploy.ops.cli", "audit", *words),
        env={
            **os.environ,
            "BELEG_DATABASE_URL": house.settings.database_url,
            "BELEG_AUDIT_KEYS": KEYS,
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_an_end_that_was_cut_off_is_noticed_by_anchors_alone(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "anchors"
    await note(house, 5)
    await sealed(house, sealer(house, audit_anchors=f"{file.as_uri()} log"))
    sound = await asyncio.to_thread(verify, house, "verify", "--anchors", str(file))
    assert sound.returncode == 0, sound.stderr
    await as_owner(house, *CUT)
    assert (await audit.verify(house.db, RING)).holds, "nothing in the database tells"
    found = await asyncio.to_thread(verify, house, "verify", "--anchors", str(file))
    assert found.returncode == 1
    assert "cut off or rewritten" in found.stderr
    await asyncio.to_thread(verify, house, "accept", "--reason", "restored on Tuesday")
    await sealed(house, sealer(house))
    found = await asyncio.to_thread(verify, house, "verify", "--anchors", str(file), "--json")
    assert found.returncode == 0, found.stderr
    (accepted,) = json.loads(found.stdout)["accepted"]
    assert "restored on Tuesday" in accepted
    assert " on " in accepted.partition("restored")[0], "who said so, and on which host"


async def test_a_sealer_notes_what_has_gone_also_one_that_was_started_anew(
    house: House, tmp_path: Path
) -> None:
    places = (tmp_path / "anchors").as_uri()
    running = sealer(house, audit_anchors=places)
    await note(house, 5)
    await sealed(house, running)
    for each in (running, sealer(house, audit_anchors=places)):
        await as_owner(house, *CUT)
        await sealed(house, each)
        found = await audit.verify(house.db, RING)
        assert found.broken_at is None
        assert found.missing, "it stands in the log, sealed with the key"
        await note(house, 5)
        await sealed(house, each)


async def test_a_key_follows_another_and_seals_without_one_stay_what_they_are(
    house: House,
) -> None:
    await note(house, 2)
    await sealed(house, sealer(house, audit_keys=""))
    await note(house, 2)
    await sealed(house, sealer(house, audit_keys=OLD_KEYS))
    await note(house, 2)
    await sealed(house, sealer(house))
    found = await audit.verify(house.db, RING)
    assert found.holds
    assert (found.sealed, found.keyed) == (8, 6), "of each key, that it is used stands there too"
    found = await audit.verify(house.db, KeyRing.parse(OLD_KEYS))
    assert (found.broken_at, "2026-02" in found.why) == (6, True)


async def test_an_entry_is_sealed_though_an_older_transaction_never_ends(house: House) -> None:
    holding = await asyncpg.connect(house.settings.database_url)
    await holding.execute("BEGIN")
    await holding.execute(
        "INSERT INTO audit_entry (id, at, actor_kind, action, subject, subject_id, detail) VALUES"
        " (gen_random_uuid(), now(), 'x', 'x', 'x', gen_random_uuid(), '{}')"
    )
    await note(house, 3)
    patient, hasty = sealer(house), sealer(house, audit_unsealed_seconds=1)
    await patient.seal(house.db)
    assert (await audit.verify(house.db)).unsealed >= 3
    await asyncio.sleep(1.1)
    await hasty.seal(house.db)
    assert (await audit.verify(house.db)).unsealed == 0
    await holding.execute("COMMIT")
    await holding.close()
    await sealed(house, hasty)
    found = await audit.verify(house.db, RING)
    assert (found.holds, found.unsealed) == (True, 0), "the straggler is sealed behind them"
    await backlog.measure(house.db)
    assert telemetry.UNSEALED._value.get() == 0
    last = await house.db.one(LAST)
    assert last is not None
    assert last["newest"], "an older build's sealer goes on from the last seal"


LAST = Query(
    """SELECT entry.xid >= ALL (SELECT xid FROM audit_entry) AS newest
    FROM audit_seal JOIN audit_entry AS entry ON entry.id = entry_id
    ORDER BY number DESC LIMIT 1""",
    (),
    {},
)


async def test_an_anchor_goes_to_a_webhook_and_one_that_is_away_holds_nothing_up(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "anchors"
    async with receiving() as receiver:
        places = Anchors.of(f"http://127.0.0.1:9/ {receiver.url} {file.as_uri()}", "north")
        assert await places.tell(audit.Head(7, b"hash")) == 1
        told = json.loads(receiver.requests[0].body)
    assert (told["seal"], told["hash"], told["instance"]) == (7, b"hash".hex(), "north")
    (head,) = anchors.read(file, "north")
    assert (head.number, head.hash) == (7, b"hash")
    assert Anchors.of(file.as_uri(), "north").last() == head
    assert Anchors.of(file.as_uri(), "south").last() is None, "another instance's are not ours"


async def test_a_place_that_takes_no_anchor_is_measured_until_it_does(
    house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "away"
    by = sealer(house, audit_anchors=f"{(folder / 'anchors').as_uri()} log")
    await note(house, 1)
    await sealed(house, by)
    assert telemetry.ANCHORS_FAILING._value.get() == 1
    folder.mkdir()
    await by.seal(house.db)
    assert telemetry.ANCHORS_FAILING._value.get() == 0
    assert anchors.read(folder / "anchors", house.settings.instance)
