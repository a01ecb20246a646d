"""The envelope in which networks such as Peppol hand over a document: UN/CEFACT's SBDH."""

from core.bilingual import Bilingual, grouped
from core.errors import Unreadable
from core.formats.invoices.markup import Element

ENVELOPE = "StandardBusinessDocument"
HEADER = "StandardBusinessDocumentHeader"  # who sends what to whom: not what the invoice says


def opened(outermost: Element) -> Element:
    """The one document in an envelope; a document without one is itself. Raises Unreadable."""
    if outermost.name != ENVELOPE:
        return outermost
    documents = [each for each in outermost.children if each.name != HEADER]
    if not documents:
        raise Unreadable(
            Bilingual(
                "The envelope is empty. Send the invoice that belongs in it.",
                "Der Umschlag ist leer. Bitte die Rechnung senden, die hineingehört.",
            )
        )
    if len(documents) > 1:
        number = grouped(len(documents))
        raise Unreadable(
            Bilingual(
                f"The envelope holds {number.en} documents; one is read of each. Send every"
                " invoice as a file of its own.",
                f"Der Umschlag enthält {number.de} Dokumente; gelesen wird je Umschlag eines."
                " Bitte jede Rechnung als eigene Datei senden.",
            )
        )
    return documents[0]
