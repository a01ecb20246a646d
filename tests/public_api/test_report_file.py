"""The report as a caller wants it: JSON or a file, in a language, or told that it cannot be."""

import asyncio
from threading import Event

import httpx
import pypdfium2
import pytest
from structlog.testing import CapturingLogger

from core.reports import ReportDocument, printing
from tests.builders import House, company


def text(content: bytes) -> str:
    """All that a file says."""
    pages = list(pypdfium2.PdfDocument(content))
    return " ".join(page.get_textpage().get_text_bounded() for page in pages)


async def test_the_same_report_is_given_as_the_caller_wants_it(house: House) -> None:
    partner = await house.partner()
    application_id = await house.case(partner, company(3, months=13))
    place = f"/v2/applications/{application_id}/report"
    as_json = await partner.http.get(place, headers={"Accept": "application/json;q=0.9, */*;q=0.1"})
    assert (as_json.headers["content-type"], as_json.headers["vary"]) == (
        "application/json",
        "Accept",
    )
    wanted = {"Accept": "application/pdf", "Accept-Language": "de-AT, en;q=0.5"}
    printed = await partner.http.get(place, headers=wanted)
    assert printed.status_code == 200
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.headers["content-language"] == "de"
    assert printed.headers["vary"] == "Accept, Accept-Language"
    assert printed.headers["content-disposition"].endswith(f'"report-{application_id}.pdf"')
    printed_text = text(printed.content).replace("\r\n", "")
    assert all(figure["formula"] in printed_text for figure in as_json.json()["figures"])
    assert all(figure["title"]["de"] in printed_text for figure in as_json.json()["figures"])
    again = await partner.http.get(place, headers=wanted)
    assert again.content == printed.content
    english = await partner.http.get(
        place, headers={"Accept": "application/*;q=0.5, application/pdf"}
    )
    assert english.headers["content-language"] == "en"


async def test_what_is_not_offered_is_refused_in_the_versions_words(house: House) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}/report"
    for accept in ("text/html", "application/pdf;q=0, text/*"):
        refused = await partner.http.get(place, headers={"Accept": accept})
        assert (refused.status_code, refused.json()["type"]) == (406, "/problems/not-acceptable")
        assert refused.headers["vary"] == "Accept"
    blank = await partner.http.get(place, headers={"Accept": "application/pdf"})
    assert "nothing was computed" in text(blank.content)


async def test_a_stranger_gets_no_file(house: House) -> None:
    owner, stranger = await house.partner(), await house.partner("Andere")
    place = f"/v2/applications/{await owner.submit()}/report"
    answer = await stranger.http.get(place, headers={"Accept": "application/pdf"})
    assert answer.status_code == 404


async def test_others_are_served_while_a_report_is_printed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = await house.partner()
    place = f"/v2/applications/{await partner.submit()}"
    begun, printed = Event(), Event()

    def slow(paper: ReportDocument) -> bytes:
        begun.set()
        assert printed.wait(60)
        return b"%PDF"

    monkeypatch.setattr("core.reports.printing.render", slow)
    printing = asyncio.create_task(
        partner.http.get(f"{place}/report", headers={"Accept": "application/pdf"})
    )
    while not begun.is_set():
        await asyncio.sleep(0.01)
    for _ in range(3):
        assert (await partner.http.get(place)).status_code == 200
    assert not printing.done()
    printed.set()
    assert (await printing).content == b"%PDF"


async def test_a_long_report_holds_up_nobodys_short_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long one is printed by a process of its own, to the very bytes that it has here."""
    partner, other = await house.partner(), await house.partner("Andere")
    case = await house.case(partner, company(3, months=3))
    long, short = (f"/v2/applications/{each}/report" for each in (case, await other.submit()))
    wanted = {"Accept": "application/pdf"}
    here = (await partner.http.get(long, headers=wanted)).content
    monkeypatch.setattr("core.reports.printing.FEW_DOCUMENTS", 0)
    held, goes_on = Event(), Event()
    apart = printing._printed_apart

    def waited_for(paper: ReportDocument) -> bytes:
        held.set()
        assert goes_on.wait(60)
        return apart(paper)

    monkeypatch.setattr("core.reports.printing._printed_apart", waited_for)
    asked = [asyncio.create_task(partner.http.get(long, headers=wanted)) for _ in range(5)]
    while not held.is_set():
        await asyncio.sleep(0.01)
    assert (await other.http.get(short, headers=wanted)).status_code == 200
    goes_on.set()
    answers = await asyncio.gather(*asked)
    statuses = sorted(each.status_code for each in answers)
    assert statuses == [200, 200, 200, 503, 503]  # one is printed, two may wait
    assert {each.content for each in answers if each.status_code == 200} == {here}
    assert all(each.headers["Retry-After"] for each in answers if each.status_code == 503)


ENDED = "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)"
PRINTS = "from core.reports import printing; printing.render = {}; printing.main()"
LARGE = PRINTS.format("lambda _: bytearray(2 * printing.MOST_BYTES)")
WRONG = PRINTS.format("lambda _: int('DE89 3704')")


async def printed_by(house: House, monkeypatch: pytest.MonkeyPatch, words: str) -> httpx.Response:
    """What a partner is told where a process of this kind prints the report."""
    partner = await house.partner()
    case = await house.case(partner, company(3, months=3))
    monkeypatch.setattr("core.reports.printing.FEW_DOCUMENTS", 0)
    monkeypatch.setattr("core.reports.printing.PRINT", words)
    return await partner.http.get(
        f"/v2/applications/{case}/report", headers={"Accept": "application/pdf"}
    )


@pytest.mark.parametrize("words", [ENDED, LARGE])
async def test_a_report_that_takes_too_much_is_told_as_that(
    house: House, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    answer = await printed_by(house, monkeypatch, words)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_an_error_of_ours_in_a_long_report_is_told_as_one_and_quotes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr(printing, "log", log)
    answer = await printed_by(house, monkeypatch, WRONG)
    assert answer.status_code == 500
    (told,) = (each.kwargs for each in log.calls if each.args == ("report_not_printed",))
    assert told["where"].endswith("ValueError")
