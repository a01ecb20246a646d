"""Words that a build beside this one lacks: they are not stored while it may come back."""

import json
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import tests.contracts
from core import builds, decisions, vocabulary
from core.connecting import connected
from core.decisions import DecisionOutcome, DecisionReason
from core.pool import Connection
from core.vocabulary import Vocabulary, Word, lacking
from tests.builders import House, application, company
from tests.deploy.ops.test_steering import beleg

FROZEN = {
    f"{of}:{word}"
    for of, words in import_module("migrations.versions.0022_words").WORDS.items()
    for word in words.split()
}
"""What build 0.2.0 knew."""
INVOICE = (Path(tests.contracts.__file__).parent / "invoice.xml").read_bytes()
MORTGAGE = application(
    product="mortgage", property={"market_value": {"value": "300000.00", "currency": "EUR"}}
)
OLDER = """INSERT INTO live_build (process, part, build, requires, uses, started_at, seen_at, words)
    VALUES (gen_random_uuid(), 'api', 'older', '{}', '{}', now(), now() - interval '1 hour',
        $1)"""


async def beside(house: House, database: str, *lacked: str) -> None:
    """Let a build have been here an hour ago that knows all of our words but these."""
    connection = await asyncpg.connect(database)
    words = sorted(vocabulary.vocabulary() - set(lacked))
    await connection.execute(OLDER, words)
    await connection.close()
    await relearn(house)


async def relearn(house: House) -> None:
    """Let every process look who is there, as at each beat."""
    assert house.api.dependencies is not None
    for db in (house.db, house.api.dependencies.db):
        await db.learn_words()


@pytest.mark.unit
def test_only_a_word_of_what_a_build_reads_is_lacking() -> None:
    said = [("a", ["Kind:x"]), ("a", ["Kind:y"]), ("b", ["Kind:x", "Colour:red"])]
    assert lacking(["Kind:x", "Kind:y", "Shape:round"], said) == {"Kind:y": "b"}
    assert lacking(["Colour:blue"], said) == {"Colour:blue": "b"}
    assert lacking(["Kind:z"], [("gone", [])]) == {}


@pytest.mark.unit
def test_no_word_that_shipped_is_forgotten() -> None:
    assert vocabulary.vocabulary() >= FROZEN


async def test_a_build_that_says_nothing_of_words_has_those_of_its_age(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute(
        "INSERT INTO live_build (process, part, build, requires, uses, started_at, seen_at)"
        " VALUES (gen_random_uuid(), 'api', '0.2.0+old', '{}', '{}', now(), now())"
    )
    assert set(await connection.fetchval("SELECT words FROM live_build")) == FROZEN
    await connection.close()


async def test_a_heart_says_what_words_its_build_has(database: str) -> None:
    async with connected(database, 1) as db:
        await builds.Heartbeat(db, "api").beat()
        connection = await asyncpg.connect(database)
        said = await connection.fetchval("SELECT words FROM live_build")
        await connection.close()
        assert set(said) == vocabulary.vocabulary()


async def test_a_kind_that_an_older_build_lacks_is_stored_as_one_it_has(
    house: House, database: str
) -> None:
    partner = await house.partner()
    await beside(house, database, "DocumentKind:invoice")
    case_id = await partner.submit()
    document_id = await partner.upload(case_id, INVOICE)
    await house.work()
    shown = await partner.get(f"/v2/applications/{case_id}/documents/{document_id}")
    assert (shown["status"], shown["kind"]) == ("read", "other")
    assert (await beleg(house, "builds", "--gone", "older")).exit_code == 0
    another = await partner.submit()
    document_id = await partner.upload(another, INVOICE)
    await house.work()
    shown = await partner.get(f"/v2/applications/{another}/documents/{document_id}")
    assert shown["kind"] == "invoice"


async def test_what_nothing_stands_in_for_is_refused_for_now(house: House, database: str) -> None:
    partner = await house.partner()
    await beside(house, database, "Product:mortgage")
    refused = await partner.http.post("/v2/applications", json=MORTGAGE)
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert (await partner.get("/v2/applications"))["data"] == []
    await partner.submit()  # a loan is nothing new
    await beleg(house, "builds", "--gone", "older")
    await relearn(house)
    assert (await partner.http.post("/v2/applications", json=MORTGAGE)).status_code == 201


async def test_a_question_that_an_older_build_lacks_is_not_on_record(
    house: House, database: str
) -> None:
    await beside(house, database, "Question:seizures", "Figure:growth/1")
    partner = await house.partner()
    case_id = await house.case(partner, company(months=6))
    answers = (await partner.get(f"/v2/applications/{case_id}/answers"))["data"]
    asked = {each["question"] for each in answers}
    assert "completeness" in asked
    assert not asked & {"seizures", "growth"}
    figures = (await partner.get(f"/v2/applications/{case_id}/report"))["figures"]
    assert "growth" not in json.dumps(figures)


async def test_a_build_that_lives_is_not_taken_for_gone(house: House, database: str) -> None:
    connection = await asyncpg.connect(database)
    await builds.Heartbeat(house.db, "api", "lives").beat()
    refused = await beleg(house, "builds", "--gone", "lives")
    assert refused.exit_code == 1
    assert "end it first" in refused.output
    assert (await beleg(house, "builds", "--gone", "never")).exit_code == 1
    await connection.close()


STORED = {
    *("AnswerState", "ApplicationStatus", "Category", "DecisionOutcome", "DecisionReason"),
    *("DeleteReason", "DocumentKind", "DocumentStatus", "EventKind", "Figure", "MissingKind"),
    *("NoValueReason", "Product", "Question", "Unit", "Verdict"),
}
"""What older builds read back as words that they know."""


async def test_every_word_that_is_stored_is_seen_as_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    known: Callable[..., Any] = Vocabulary.sayable

    async def noted(self: Vocabulary, connection: Connection, values: Iterable[Any]) -> Any:
        note(values, seen)
        return await known(self, connection, values)

    monkeypatch.setattr(Vocabulary, "sayable", noted)
    monkeypatch.setattr(Vocabulary, "whole", property(lambda _: False))
    partner, uta = await house.partner(), await house.person()
    case_id = UUID(await house.case(partner, company(months=3)))
    outcome, reasons = DecisionOutcome.APPROVED, (DecisionReason.SOUND_FIGURES,)
    await house.db.write(lambda tx: decisions.decide(tx, uta, case_id, outcome, reasons, None))
    await partner.http.delete(f"/v2/applications/{await partner.submit()}?reason=test")
    assert seen >= STORED, f"stored as plain text: {sorted(STORED - seen)}"


def note(values: Iterable[Any], seen: set[str]) -> None:
    """Add what the values are words of."""
    for each in values:
        if isinstance(each, Word):
            seen.add(each.key.partition(":")[0])
        elif isinstance(each, dict):
            note(each.values(), seen)
        elif isinstance(each, (list, tuple)):
            note(each, seen)
        elif isinstance(each, str) and type(each) is not str:
            seen.add(type(each).__name__)
