"""Guessing a password gets slow for whoever guesses, and for nobody else."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import text

from core import passwords, sign_in_attempts, users
from core.audit import SYSTEM
from core.common_passwords import is_common
from core.errors import Invalid, Throttled, Unauthenticated
from core.query import compiled
from core.sign_in_attempts import OF_ACCOUNT, OF_SOURCE, SignInAttempt
from tests.builders import PASSWORD, House

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"
HOUR = timedelta(hours=1)


async def tried(house: House, email: str, password: str = "wrong", source: str = HERE) -> str:
    """What came of an attempt to sign in."""
    try:
        await users.sign_in(house.db, email, password, HOUR, source)
    except (Throttled, Unauthenticated) as refusal:
        return refusal.code
    return "signed_in"


@pytest.mark.parametrize(
    "email", ["CHRIS@lender.test", "ＣＨＲＩＳ@lender.test", " chris@lender.test"]
)
async def test_another_spelling_of_an_account_is_counted_as_that_account(
    house: House, email: str
) -> None:
    await house.person("chris@lender.test")
    for _ in range(OF_ACCOUNT.free):
        assert await tried(house, email) == "unauthenticated"
    assert await tried(house, "chris@lender.test", PASSWORD) == "throttled"


@pytest.mark.parametrize(
    "email", ["chrİs@lender.test", "chrıs@lender.test", "ch\u0301ris@lender.test"]
)
async def test_what_only_looks_like_an_account_opens_none_even_with_its_password(
    house: House, email: str
) -> None:
    await house.person("chris@lender.test")
    assert await tried(house, email, PASSWORD) == "unauthenticated"
    assert await users.find_by_email(house.db, email) is None


async def test_two_people_never_share_one_form_of_an_address(house: House) -> None:
    await house.person("chris@lender.test")
    with pytest.raises(Invalid, match="here already"):
        await house.person("ＣＨＲＩＳ@lender.test")


async def test_a_guesser_waits_and_the_person_signs_in_from_another_address(house: House) -> None:
    await house.person("chris@lender.test")
    for _ in range(OF_ACCOUNT.free):
        await tried(house, "chris@lender.test")
    assert await tried(house, "chris@lender.test", PASSWORD) == "throttled"
    assert await tried(house, "chris@lender.test", PASSWORD, ELSEWHERE) == "signed_in"
    assert await tried(house, "chris@lender.test", PASSWORD) == "throttled"


async def test_who_tries_holds_nothing_that_who_signs_in_beside_them_waits_for(
    house: House, database: str
) -> None:
    attempt, now = SignInAttempt("chris", HERE), datetime.now(UTC)
    await house.db.write(partial(attempt.count, now=now))
    of_account, of_source = attempt._keys
    row = "SELECT FROM sign_in_attempt WHERE key = $1 FOR UPDATE NOWAIT"
    waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%known%'"
    connection, watching = [await asyncpg.connect(database) for _ in range(2)]
    async with connection.transaction():  # as one that is forgiven has begun to be
        await connection.fetch(row, of_account)
        counting = asyncio.create_task(house.db.write(partial(attempt.count, now=now)))
        async with asyncio.timeout(60):
            while not await watching.fetch(waiting):  # a transaction looks there once
                await asyncio.sleep(0.01)
        assert await connection.fetch(row, of_source)
    await counting
    await connection.close()
    await watching.close()


async def test_who_guesses_many_accounts_from_one_address_waits(house: House) -> None:
    await house.person("chris@lender.test")
    outcomes = [await tried(house, f"{number}@lender.test") for number in range(OF_SOURCE.free)]
    assert set(outcomes) == {"unauthenticated"}
    assert await tried(house, "chris@lender.test", PASSWORD) == "throttled"
    assert await tried(house, "chris@lender.test", PASSWORD, ELSEWHERE) == "signed_in"


async def test_attempts_at_once_are_no_more_than_one_after_the_other(house: House) -> None:
    await house.person("chris@lender.test")
    outcomes = await asyncio.gather(*(tried(house, "chris@lender.test") for _ in range(20)))
    assert outcomes.count("unauthenticated") == OF_ACCOUNT.free


async def test_a_person_who_signed_in_begins_anew_and_costs_their_colleagues_nothing(
    house: House,
) -> None:
    await house.person("chris@lender.test")
    for _ in range(OF_SOURCE.free):
        await tried(house, "chris@lender.test")
        assert await tried(house, "chris@lender.test", PASSWORD) == "signed_in"
    assert await tried(house, "another@lender.test") == "unauthenticated"


async def test_the_wait_doubles_to_its_longest_and_is_forgotten_in_a_day(house: House) -> None:
    now, waits = datetime.now(UTC), list[float]()
    attempt = SignInAttempt("chris", HERE)
    for _ in range(OF_ACCOUNT.free):
        await house.db.write(partial(attempt.count, now=now))
    for _ in range(8):
        with pytest.raises(Throttled) as refused:
            await house.db.write(partial(attempt.count, now=now))
        waits.append(refused.value.seconds)
        now += timedelta(seconds=waits[-1])
        await house.db.write(partial(attempt.count, now=now))
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900]
    now += timedelta(hours=25)
    for _ in range(OF_ACCOUNT.free):
        await house.db.write(partial(attempt.count, now=now))
    swept = await house.db.write(lambda tx: sign_in_attempts.sweep(tx, now + timedelta(days=2)))
    assert swept == 2


async def test_what_is_kept_of_an_attempt_names_nobody(house: House) -> None:
    await tried(house, "chris@lender.test")
    rows = await house.db.all(compiled(text("SELECT key FROM sign_in_attempt")))
    assert {len(row["key"]) for row in rows} == {32}


async def test_a_password_is_hashed_anew_when_hashing_has_become_dearer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.person("chris@lender.test")
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", dearer)
    assert await tried(house, "chris@lender.test") == "unauthenticated"
    before = await _hash_of(house)
    assert await tried(house, "chris@lender.test", PASSWORD) == "signed_in"
    after = await _hash_of(house)
    assert extract_parameters(before).time_cost == 1
    assert extract_parameters(after).time_cost == 2
    assert await tried(house, "chris@lender.test", PASSWORD) == "signed_in"
    assert await _hash_of(house) == after


async def _hash_of(house: House) -> str:
    row = await house.db.one(compiled(text("SELECT password_hash FROM person")))
    assert row is not None
    return str(row["password_hash"])


@pytest.mark.unit
@pytest.mark.parametrize(
    "password",
    [
        "passwort2024!", "P@ssw0rd2026", "PasswordPassword", "123456789012", "qwertzuiop123",
        "Sommer2025!!!", "aaaaaaaaaaaa", "1q2w3e4r5t6z", "willkommen123", "asdfghqwertz",
        "uta.winter2024", "Winter-Uta-2026", "ＰＡＳＳＷＯＲＴ2024",
    ],
)  # fmt: skip
def test_a_password_that_is_guessed_first_is_known(password: str) -> None:
    assert is_common(password, "uta.winter@lender.test", "Uta Winter")


@pytest.mark.unit
@pytest.mark.parametrize(
    "password", [PASSWORD, "kM8#vbQ2!xLp", "Apfelbaum am Deich", "winterreifen im keller"]
)
def test_a_password_of_ones_own_is_taken(password: str) -> None:
    assert not is_common(password, "uta.winter@lender.test", "Uta Winter")


@pytest.mark.parametrize(
    ("password", "why"), [("kurz!8", "at least 12"), ("passwort2024!", "guessed first")]
)
async def test_a_person_is_not_taken_in_with_a_weak_password(
    house: House, password: str, why: str
) -> None:
    with pytest.raises(Invalid, match=why):
        await house.db.write(
            lambda tx: users.create(
                tx, SYSTEM, "uta@lender.test", "Uta", password, users.Role.VIEWER
            )
        )
