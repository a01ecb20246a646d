"""All operations of version 2, in the order in which its documentation tells them."""

from public_api.v2.operations import applications, documents, events, results

OPERATIONS = (
    *applications.OPERATIONS,
    *documents.OPERATIONS,
    *results.OPERATIONS,
    *events.OPERATIONS,
)

__all__ = ["OPERATIONS"]
