"""Form fields that are filled in: what they show is drawn on the page, as a reader sees it."""

import pypdfium2
import pypdfium2.raw as pdfium

MOST_NOTES = 2_000  # annotations of a page that are looked at


def shown_with_fields(file: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """The page of that number, what its filled fields show made a part of it, in memory."""
    page = file[number - 1]
    if _has_filled_field(page):
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = file[number - 1]
    return page


def _has_filled_field(page: pypdfium2.PdfPage) -> bool:
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_NOTES)):
        note = pdfium.FPDFPage_GetAnnot(page, at)
        if not note:
            continue
        widget = pdfium.FPDFAnnot_GetSubtype(note) == pdfium.FPDF_ANNOT_WIDGET
        # A text's length in bytes, with the two of its end; a signature's value is no text. A field
        # that is a part of another has its value there.
        filled = widget and (
            pdfium.FPDFAnnot_GetStringValue(note, b"V", None, 0) > 2
            or (pdfium.FPDFAnnot_HasKey(note, b"Parent") and pdfium.FPDFAnnot_HasKey(note, b"AP"))
        )
        pdfium.FPDFPage_CloseAnnot(note)
        if filled:
            return True
    return False
