"""Rules for whom a release serves: understood, or refused in words; a rotated key is told."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from core import clients
from core.audit import SYSTEM
from core.errors import Invalid
from deploy.release import conditions
from deploy.release.conditions import check, described, parse, written
from deploy.release.model import Condition, ConditionKind
from tests.builders import House


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "client:beleg_live_AbC1",
            "the partner whose key begins beleg_live_AbC1 is sent to B",
        ),
        ("version:V1", "whoever calls /v1 is sent to B"),
        ("app:ios/3.2.1", "the app build ios/3.2.1 is sent to B"),
        ("!app:iOS", "every build of ios stays on A"),
        (
            "! person:0190f2aa-0000-7000-8000-000000000001",
            "the person 0190f2aa-0000-7000-8000-000000000001 stays on A",
        ),
        ("header:X-Try=b", "whoever sends x-try: b is sent to B"),
    ],
)
def test_a_rule_is_said_back_as_a_sentence_and_kept_as_json(text: str, sentence: str) -> None:
    condition = parse(text)
    assert described(condition) == sentence
    assert parse(written(condition)) == condition
    assert conditions.from_json(conditions.as_json([condition])) == (condition,)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("beleg_live_AbC1", "there is no such condition; there are client:NAME"),
        ("country:DE", "there is no such condition"),
        ("client:", "there is no such condition"),
        ("version:v9", "serves no version v9"),
        ("version:../v1", "serves no version"),
        ("app:3.2.1", "ios or ios/3.2.1"),
        ("app:ios/latest", "ios or ios/3.2.1"),
        ("header:x-try", "a header's name and what it must say"),
        ("header:x try=b", "a header's name and what it must say"),
        ("header:x-try=b\r\nx: y", "a header's name and what it must say"),
        ("header:Authorization=x", "authorization is no header to choose by"),
        ("header:x-beleg-shadow=1", "no header to choose by"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        parse(text)


@pytest.mark.unit
@pytest.mark.parametrize(
    "texts", [("version:v1", "!version:v1"), ("!app:ios", "app:ios/3.2.1")], ids="-".join
)
def test_rules_that_contradict_each_other_are_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="leave one of them out"):
        check(map(parse, texts))


@pytest.mark.unit
def test_one_build_may_stay_on_a_while_the_others_go_to_b() -> None:
    check(map(parse, ("app:ios", "!app:ios/3.2.1", "!version:v1", "version:v2")))


async def test_a_partner_is_named_by_name_id_or_a_key_and_people_by_their_address(
    house: House,
) -> None:
    partner, uta = await house.partner("Makler Süd"), await house.person()
    mine = Condition(ConditionKind.CLIENT, partner.key[:15])
    for name in ("makler süd", str(partner.client_id), partner.key[:15]):
        assert await conditions.resolve(house.db, [f"client:{name}"]) == (mine,)
    for name in ("UTA@lender.test", str(uta.id)):
        found = await conditions.resolve(house.db, [f"!person:{name}"])
        assert found == (Condition(ConditionKind.PERSON, str(uta.id), to_b=False),)
    for nobody in ("client:Makler", f"client:{uuid4()}", "client:beleg_live_none"):
        with pytest.raises(Invalid, match="no partner is called so"):
            await conditions.resolve(house.db, [nobody])
    for nobody in ("person:vera@lender.test", f"person:{uuid4()}"):
        with pytest.raises(Invalid, match="nobody"):
            await conditions.resolve(house.db, [nobody])
    texts = ["client:Makler Süd", f"!client:{partner.key[:15]}"]
    with pytest.raises(Invalid, match="leave one of them out"):
        await conditions.resolve(house.db, texts)


async def test_two_partners_of_one_name_are_asked_apart(house: House) -> None:
    both = [await house.partner() for _ in range(2)]
    with pytest.raises(Invalid, match="2 partners; name one by its id") as refused:
        await conditions.resolve(house.db, ["client:Makler Nord"])
    assert all(str(each.client_id) in refused.value.detail for each in both)


async def test_keys_that_an_edge_cannot_tell_apart_are_no_rule(house: House, database: str) -> None:
    mine, other = await house.partner(), await house.partner("Makler West")
    rule = await conditions.resolve(house.db, [f"client:{mine.client_id}"])
    connection = await asyncpg.connect(database)
    await connection.execute(
        "UPDATE client_key SET prefix = $1 WHERE client_id = $2", mine.key[:15], other.client_id
    )
    await connection.close()
    with pytest.raises(Invalid, match=r"Makler West.*rotate one of them"):
        await conditions.resolve(house.db, [f"client:{mine.client_id}"])
    assert "how a key of Makler West begins" in " ".join(await conditions.warnings(house.db, rule))


async def test_a_key_rotated_in_the_middle_is_said_to_be_what_it_is(house: House) -> None:
    partner = await house.partner("Makler Ost")
    await house.partner("Makler West")
    rule = await conditions.resolve(house.db, ["client:Makler Ost"])
    assert await conditions.warnings(house.db, rule) == []
    (old,) = await clients.keys_of(house.db, partner.client_id)
    new = await house.db.write(lambda tx: clients.rotate(tx, SYSTEM, old.id, timedelta(seconds=0)))
    told = await conditions.warnings(house.db, rule)
    assert f"Makler Ost has a key since {old.created_at:%Y-%m-%d}" in told[0]
    assert f"({new[:15]}…{new[-4:]}) that no rule names: it goes by the weight" in told[0]
    assert told[1:] == [f"client:{partner.key[:15]} names no key that still counts"]
    renewed = await conditions.refreshed(house.db, rule)
    assert renewed == (*rule, Condition(ConditionKind.CLIENT, new[:15]))
    assert await conditions.warnings(house.db, renewed) == []
    assert await conditions.refreshed(house.db, renewed) == renewed
