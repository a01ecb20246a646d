"""The envelope in which networks such as Peppol hand over a document: UN/CEFACT's SBDH."""

from core.errors import Unreadable
from core.invoices.markup import Element

ENVELOPE = "StandardBusinessDocument"
HEADER = "StandardBusinessDocumentHeader"  # who sends what to whom: not what the invoice says


def opened(outermost: Element) -> Element:
    """The one document in an envelope; a document without one is itself. Raises Unreadable."""
    if outermost.name != ENVELOPE:
        return outermost
    documents = [each for each in outermost.children if each.name != HEADER]
    if not documents:
        raise Unreadable("The envelope is empty. Send the invoice that belongs in it.")
    if len(documents) > 1:
        raise Unreadable(
            f"The envelope holds {len(documents):,} documents; one is read of each. Send every"
            " invoice as a file of its own."
        )
    return documents[0]
