"""A page of a document as a picture, for the place on it to be marked."""

import base64
from uuid import UUID

from starlette.responses import Response

from bff.requests import MOST_PAGES
from bff.responses import json_response
from bff.sessions import page
from bff.state import Call
from bff.views import documents as views
from core import documents
from core.errors import NotFound
from core.isolation.drawing import page_image
from core.users import Permission, Person


async def show(call: Call, _person: Person) -> Response:
    """The page as it looks, with its measures in points."""
    application_id: UUID = call.path_params["id"]
    document_id: UUID = call.path_params["document"]
    document = await documents.get_any(call.state["db"], application_id, document_id)
    if call.path_params["number"] > MOST_PAGES:
        raise NotFound("page")
    content = await call.state["blobs"].slice(document.blob, 0, document.size)
    drawn = await page_image(content, call.path_params["number"])
    view: views.PageImage = {
        "filename": document.filename,
        "sha256": document.sha256.hex(),
        "pages": drawn.pages,
        "width": drawn.width,
        "height": drawn.height,
        "image": f"data:image/png;base64,{base64.b64encode(drawn.png).decode()}",
    }
    return json_response(view)


PATH = "/bff/cases/{id:uuid}/documents/{document:uuid}/pages/{number:int}"
ROUTES = (page("GET", PATH, show, Permission.VIEW_CASES),)
