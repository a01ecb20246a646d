"""The invoice that a PDF carries as an attached file, as ZUGFeRD and Factur-X do.

What a file is called says which is looked at first; whether it is an invoice, its content says.
"""

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from core.bilingual import Bilingual, grouped
from core.documents import Finding, Recognised
from core.errors import Unreadable
from core.formats.invoices.associated import associated
from core.formats.invoices.markup import LARGEST
from core.formats.invoices.reader import read_bytes, recognises

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
MOST_NAMES = 1_000  # attached files whose names are looked at
MOST_FILES = 20  # of which so many are opened
HEAD = 4096


def attached(file: pypdfium2.PdfDocument, content: bytes) -> list[Recognised | Finding]:
    """The invoice attached to a PDF and what is odd about it; nothing where there is none.

    `content` is the whole file, in which one is looked for that its list of attachments lacks.

    Raises Unreadable, naming the file, where it is an invoice that cannot be read.
    """
    items: list[Recognised | Finding] = []
    invoices: list[tuple[str, bytes]] = []
    for name, data in _files(file):
        if recognises(data[:HEAD]):
            invoices.append((name, data))
        elif name.lower() in NAMES:
            detail = Bilingual(
                f"The attached file {name} is not an invoice.",
                f"Die angehängte Datei {name} ist keine Rechnung.",
            )
            items.append(Finding("attachment_no_invoice", detail))
    if not invoices:
        invoices = [each for each in associated(content) if recognises(each[1][:HEAD])]
    if not invoices:
        return items
    if len({data for _, data in invoices}) > 1:
        names = ", ".join(name for name, _ in invoices)
        detail = Bilingual(
            f"Several invoices are attached: {names}. The first of them is read.",
            f"Mehrere Rechnungen sind angehängt: {names}. Gelesen wird die erste.",
        )
        items.append(Finding("several_invoices", detail))
    name, data = invoices[0]
    try:
        return [*read_bytes(data, name), *items]
    except Unreadable as problem:
        reason = Bilingual(
            f"The attached file {name} cannot be read. {problem.reason.en}",
            f"Die angehängte Datei {name} kann nicht gelesen werden. {problem.reason.de}",
        )
        raise Unreadable(reason, problem.code) from None


def _files(file: pypdfium2.PdfDocument) -> Iterator[tuple[str, bytes]]:
    """The attached files, those with an invoice's name first, then those that say they are XML."""
    found = []
    for at in range(min(file.count_attachments(), MOST_NAMES)):
        try:
            each = file.get_attachment(at)
            found.append((each.get_name()[:100], each))
        except (pypdfium2.PdfiumError, UnicodeDecodeError):  # named, and not in the file
            continue
    found.sort(key=lambda named: (named[0].lower() not in NAMES, not _is_xml(named[0])))
    for name, each in found[:MOST_FILES]:
        yield name, _content(name, each)


def _is_xml(name: str) -> bool:
    return name.lower().endswith(".xml")


def _content(name: str, each: pypdfium2.PdfAttachment) -> bytes:
    size = ctypes.c_ulong()
    pdfium.FPDFAttachment_GetFile(each, None, 0, size)
    if size.value > LARGEST:
        if name.lower() not in NAMES:
            return b""
        number = grouped(size.value)
        raise Unreadable(
            Bilingual(
                f"The attached file {name} has {number.en} bytes; of an invoice at most"
                f" {LARGEST >> 20} MiB are read.",
                f"Die angehängte Datei {name} hat {number.de} Bytes; von einer Rechnung werden"
                f" höchstens {LARGEST >> 20} MiB gelesen.",
            ),
            code="too_much",
        )
    content = (ctypes.c_char * size.value)()
    if size.value and not pdfium.FPDFAttachment_GetFile(each, content, size.value, size):
        return b""
    return bytes(content)
