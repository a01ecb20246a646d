"""A case of very many documents and statements: its page stays small, and leads to all of them."""

from uuid import UUID

import pytest

from tests.bff.conftest import Screen
from tests.builders import House, company

MANY = 1_300
DOCUMENTS = """
INSERT INTO document (id, application_id, status, kind, filename, media_type, size, sha256, blob,
    findings, created_at, read_at)
SELECT gen_random_uuid(), $1, 'read', 'bank_statement', 'more-' || i || '.xml', 'application/xml',
    1, sha256(i::text::bytea), 'b' || i, '[]', now(), now()
FROM generate_series(1, $2::int) i"""
STATEMENTS = """
INSERT INTO statement SELECT gen_random_uuid(), s.application_id, s.document_id, s.kind, s.account,
    s.currency, s.holder, s.bank, s.number, s.starts_on, s.ends_on, s.opening, s.opening_on,
    s.closing, s.closing_on, s.difference, s.flipped, s.transaction_count
FROM (SELECT * FROM statement WHERE application_id = $1 LIMIT 1) s, generate_series(1, $2::int)"""


async def long_case(house: House) -> str:
    """A case that has many of both."""
    case = await house.case(await house.partner(), company(3, months=3))
    async with house.db.pool.lease() as connection:
        await connection.execute(DOCUMENTS, UUID(case), MANY)
        await connection.execute(STATEMENTS, UUID(case), MANY)
    return case


@pytest.mark.parametrize("noun", ["document", "statement"])
async def test_the_page_shows_the_first_and_leads_to_all(
    house: House, uta: Screen, noun: str
) -> None:
    case = await long_case(house)
    answer = await uta.http.get(f"/bff/cases/{case}")
    shown = answer.json()
    assert len(answer.content) < 1_000_000
    rows, following = shown[f"{noun}s"], shown[f"{noun}s_next"]
    assert len(rows) == 500
    while following:
        page = await uta.get(f"/bff/cases/{case}/{noun}s?after={following}")
        assert len(page["rows"]) <= 500
        rows, following = rows + page["rows"], page["next"]
    assert len({each["id"] for each in rows}) == len(rows) == shown[f"{noun}_count"] > MANY
    assert all(each["filename"] for each in rows)


async def test_what_a_short_case_has_is_shown_at_once(house: House, uta: Screen) -> None:
    case = await house.case(await house.partner(), company(3, months=3))
    shown = await uta.get(f"/bff/cases/{case}")
    assert (shown["documents_next"], shown["statements_next"]) == (None, None)
    assert shown["document_count"] == len(shown["documents"])
    assert shown["statement_count"] == len(shown["statements"])
    reading = next(each for each in shown["figures"] if each["basis"]["statements"])
    assert reading["basis"]["statement_count"] == len(reading["basis"]["statements"])


@pytest.mark.parametrize("noun", ["documents", "statements"])
async def test_a_cursor_that_is_none_is_refused(house: House, uta: Screen, noun: str) -> None:
    case = await (await house.partner()).submit()
    for after in ("", "x", "AAAA", "%00", "____________________________________"):
        await uta.get(f"/bff/cases/{case}/{noun}?after={after}", 422)
