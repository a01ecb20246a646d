"""Documents in version 2: which operations there are."""

from public_api.endpoints import documents as endpoints
from public_api.schemas import shape
from public_api.v2 import documents
from public_api.v2.wire import IDEMPOTENCY
from public_api.versions import Operation, Parameter

READ, WRITE = "applications:read", "documents:write"
ALL = "/applications/{id}/documents"
ONE = f"{ALL}/{{document_id}}"
BYTES = {"type": "string", "format": "binary"}
FILE = {**BYTES, "minLength": 1}

OPERATIONS = (
    Operation(
        "POST",
        ALL,
        "handInDocument",
        "Hand in a document: multipart, or its raw bytes",
        endpoints.hand_in,
        documents.HAND_IN,
        WRITE,
        {202: shape(documents.Document), 200: shape(documents.Document)},
        (400, 404, 409, 413, 422),
        (
            IDEMPOTENCY,
            Parameter(
                "kind",
                {"type": "string", "enum": list(documents.KIND.values())},
                "What the raw bytes are; in a form, its field `kind`.",
            ),
        ),
        {
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
        "GET",
        ALL,
        "listDocuments",
        "All documents of an application",
        endpoints.list_all,
        documents.LIST,
        READ,
        {200: shape(documents.DocumentList)},
        (404,),
    ),
    Operation(
        "GET",
        ONE,
        "getDocument",
        "One document and how reading it went",
        endpoints.show,
        documents.SHOW,
        READ,
        {200: shape(documents.Document)},
        (404,),
    ),
    Operation(
        "GET",
        f"{ONE}/content",
        "getDocumentContent",
        "The document's bytes as they were handed in",
        endpoints.download,
        documents.DOWNLOAD,
        READ,
        {200: BYTES, 206: BYTES},
        (404, 416),
        (Parameter("Range", {"type": "string"}, "`bytes=first-last`, one range.", "header"),),
    ),
)
