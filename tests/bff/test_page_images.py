"""From a booking on paper to the page it stands on, drawn with its measures."""

import base64
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from core.errors import Unavailable
from core.formats.common.images import A4, MOST_DOTS, ORIENTATION
from core.isolation import drawing
from core.isolation.drawing import page_image
from deploy.demo.pdf import pdf
from deploy.demo.scan import pictures
from deploy.demo.sheets import COOPERATIVE
from tests.bff.conftest import Screen
from tests.builders import House, company
from tests.core.formats.papers import ROWS, paper


async def test_a_booking_on_paper_leads_to_its_page_and_its_place_on_it(
    house: House, uta: Screen
) -> None:
    made, partner = company(months=3), await house.partner()
    case_id = await house.case(
        partner, made, [pdf(made, each, COOPERATIVE) for each in made.accounts]
    )
    path = f"/bff/cases/{case_id}/transactions?evidence_of=monthly_revenue"
    row = (await uta.get(path))["rows"][-1]
    document = f"documents/{row['document_id']}"
    page = await uta.get(f"/bff/cases/{case_id}/{document}/pages/{row['box']['page']}")
    transactions = await partner.get(
        f"/v2/applications/{case_id}/transactions?evidence_of=monthly_revenue&limit=100"
    )
    evidence = next(each["evidence"] for each in transactions["data"] if each["id"] == row["id"])
    whole = await partner.get(f"/v2/applications/{case_id}/{document}")
    assert evidence["page"] == row["box"].pop("page")
    assert evidence["box"] == row["box"]
    assert (evidence["start"], evidence["end"]) == (0, whole["size"])
    assert row["box"]["right"] < page["width"]
    assert row["box"]["bottom"] < page["height"]
    assert (round(page["width"]), round(page["height"])) == (595, 842)
    picture = Image.open(BytesIO(base64.b64decode(page["image"].partition(",")[2])))
    share = picture.width / page["width"]
    corners = (row["box"][side] * share for side in ("left", "top", "right", "bottom"))
    left, top, right, bottom = map(round, corners)
    assert min(picture.convert("L").crop((left, top, right, bottom)).tobytes()) < 64  # ink


async def test_a_page_that_is_not_there_or_cannot_be_drawn_is_said_so(
    house: House, uta: Screen
) -> None:
    partner = await house.partner()
    case_id = await partner.submit()
    good = await partner.upload(case_id, paper(ROWS), "a.pdf")
    bad = await partner.upload(case_id, b"%PDF-1.7 broken", "b.pdf")
    await uta.get(f"/bff/cases/{case_id}/documents/{good}/pages/1")
    await uta.get(f"/bff/cases/{case_id}/documents/{good}/pages/2", status=404)
    await uta.get(f"/bff/cases/{case_id}/documents/{good}/pages/{10**40}", status=404)
    await uta.get(f"/bff/cases/{case_id}/documents/{bad}/pages/1", status=422)
    await uta.get(f"/bff/cases/{uuid4()}/documents/{good}/pages/1", status=404)


async def test_a_booking_on_a_photo_leads_to_the_photo_and_its_place_on_it(
    house: House, uta: Screen
) -> None:
    partner = await house.partner()
    (page,) = pictures(paper(ROWS))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    page.transpose(Image.Transpose.ROTATE_90).save(photo := BytesIO(), "JPEG", exif=exif)
    case_id = await partner.submit()
    document = await partner.upload(case_id, photo.getvalue(), "photo.jpg")
    await house.work()
    place = f"/v2/applications/{case_id}"
    (listed,) = (await partner.get(f"{place}/documents"))["data"]
    assert (listed["status"], [each["code"] for each in listed["findings"]]) == (
        "read",
        ["currency_by_country", "scanned"],
    )
    row = (await partner.get(f"{place}/transactions"))["data"][0]
    shown = await uta.get(f"/bff/cases/{case_id}/documents/{document}/pages/1")
    assert (shown["pages"], round(shown["width"]), round(shown["height"])) == (1, 595, 842)
    picture = Image.open(BytesIO(base64.b64decode(shown["image"].partition(",")[2])))
    share = picture.width / shown["width"]
    box = row["evidence"]["box"]
    left, top, right, bottom = (
        round(box[side] * share) for side in ("left", "top", "right", "bottom")
    )
    assert min(picture.convert("L").crop((left, top, right, bottom)).tobytes()) < 64  # ink
    await uta.get(f"/bff/cases/{case_id}/documents/{document}/pages/2", status=404)


async def test_a_page_for_which_the_machine_is_too_busy_is_not_called_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Image.new("L", (9, 9)).save(out := BytesIO(), "PNG")
    with monkeypatch.context() as busy:
        busy.setattr(drawing, "PATIENCE_SECONDS", 0.01)
        with pytest.raises(Unavailable):
            await page_image(out.getvalue(), 1)
    assert (await page_image(out.getvalue(), 1)).pages == 1


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "I;16"])
async def test_the_largest_scan_is_drawn_in_the_memory_that_drawing_has(mode: str) -> None:
    side = int(MOST_DOTS**0.5)
    Image.new(mode, (side, side)).save(out := BytesIO(), "PNG", compress_level=1)
    drawn = await page_image(out.getvalue(), 1)
    assert (drawn.pages, drawn.width, drawn.height) == (1, A4, A4)
