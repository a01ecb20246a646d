"""The report that an underwriter files: the case as a PDF, for everyone who may look at it."""

from uuid import uuid4

import pypdfium2

from tests.bff.conftest import Screen
from tests.builders import House, company


async def test_the_report_is_saved_in_the_language_of_the_screen(
    house: House, vera: Screen
) -> None:
    case_id = await house.case(await house.partner(), company(3, months=3))
    for query, word in (("", "Report"), ("?language=de", "Bericht")):
        answer = await vera.http.get(f"/bff/cases/{case_id}/report{query}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment")
        first = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_bounded()
        assert f"Beleg · {word}" in first
    await vera.get(f"/bff/cases/{case_id}/report?language=fr", 422)
    await vera.get(f"/bff/cases/{uuid4()}/report", 404)


async def test_no_report_is_given_to_nobody(house: House, stranger: Screen) -> None:
    case_id = await (await house.partner()).submit()
    await stranger.get(f"/bff/cases/{case_id}/report", 401)
