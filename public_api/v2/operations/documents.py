"""Documents in version 2: which operations there are."""

from core.clients import Scope
from public_api.endpoints import documents as endpoints
from public_api.schemas import shape
from public_api.v2 import documents
from public_api.v2.paths import DOCUMENT, DOCUMENTS
from public_api.v2.wire import IDEMPOTENCY, IF_NONE_MATCH
from public_api.versions import Operation, Parameter

BYTES = {"type": "string", "format": "binary"}
FILE = {**BYTES, "minLength": 1}

OPERATIONS = (
    Operation(
        method="POST",
        path=DOCUMENTS,
        name="handInDocument",
        summary="Hand in a document: multipart, or its raw bytes",
        endpoint=endpoints.hand_in,
        translation=documents.HAND_IN,
        scope=Scope.DOCUMENTS_WRITE,
        responses={202: shape(documents.Document), 200: shape(documents.Document)},
        refusals=(400, 404, 409, 413, 422),
        parameters=(
            IDEMPOTENCY,
            Parameter(
                name="kind",
                schema={"type": "string", "enum": list(documents.KIND.values())},
                description="What the raw bytes are; in a form, its field `kind`.",
            ),
        ),
        body={
            "multipart/form-data": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": FILE,
                    "kind": {"type": "string", "enum": list(documents.KIND.values())},
                },
            },
            "application/octet-stream": FILE,
        },
    ),
    Operation(
        method="GET",
        path=DOCUMENTS,
        name="listDocuments",
        summary="All documents of an application",
        endpoint=endpoints.list_all,
        translation=documents.LIST,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(documents.DocumentList)},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=DOCUMENT,
        name="getDocument",
        summary="One document and how reading it went",
        endpoint=endpoints.show,
        translation=documents.SHOW,
        scope=Scope.APPLICATIONS_READ,
        responses={200: shape(documents.Document)},
        refusals=(404,),
    ),
    Operation(
        method="GET",
        path=f"{DOCUMENT}/content",
        name="getDocumentContent",
        summary="The document's bytes as they were handed in",
        endpoint=endpoints.download,
        translation=documents.DOWNLOAD,
        scope=Scope.APPLICATIONS_READ,
        responses={200: BYTES, 206: BYTES, 304: None},
        refusals=(404, 416),
        parameters=(
            IF_NONE_MATCH,
            Parameter(
                name="Range",
                schema={"type": "string"},
                description="`bytes=first-last`, one range.",
                where="header",
            ),
        ),
    ),
)
