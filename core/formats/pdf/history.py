"""What a PDF says of its making: its dictionary, its XMP, its revisions and its signatures."""

import ctypes
import re
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape

import pypdfium2
import pypdfium2.raw as pdfium

from core.formats.pdf.alteration import FileHistory, pdf_date
from core.formats.pdf.objects import Malformed, inflated
from core.formats.pdf.revisions import Revisions

XMP = re.compile(
    r"[<\s]\w+:(Producer|CreatorTool|CreateDate|ModifyDate|softwareAgent)"
    r"(?:\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')|[^<>]*>([^<]*)<)"
)
MOST_XMP, MOST_TOLD = 500_000, 200


def history(file: pypdfium2.PdfDocument, content: bytes) -> FileHistory:
    """What the file says of its making; unlawful revisions are counted, or all where unclear."""
    metadata = file.get_metadata_dict()
    info = pdf_date(metadata["CreationDate"]), pdf_date(metadata["ModDate"])
    told: dict[str, list[str]] = {}
    ends: int = pdfium.FPDF_GetTrailerEnds(file, None, 0)
    revisions, after_signing = max(0, ends - _lawful(file, content)), False
    with suppress(Malformed, ValueError, RecursionError):
        read = Revisions(content)
        told = _told(read)
        changed = read.unlawful()
        more = max(0, ends - read.sections)
        signed = min(_signed(file), default=len(content))
        after_signing = any(read.end(each) > signed for each in changed)
        revisions = len(changed) + more
        if not revisions and read.count > 1:  # what a signature changed is no change of the file
            info, told = _first_dates(read) or info, _told(read, 0) or told
    xmp = _day(told, "CreateDate"), _day(told, "ModifyDate")
    created, modified = max(info, xmp, key=_gap)
    return FileHistory(
        producer=metadata["Producer"],
        creator=metadata["Creator"],
        created=created or info[0] or xmp[0],
        modified=modified,
        revisions=revisions,
        others=_programs(told, metadata["Producer"], metadata["Creator"]),
        after_signing=after_signing,
    )


def _lawful(file: pypdfium2.PdfDocument, content: bytes) -> int:
    """How often a file ends by its signatures, for a fast web view, and by itself."""
    signatures: int = pdfium.FPDF_GetSignatureCount(file)
    return 1 + (b"/Linearized" in content[:1024]) + max(0, signatures)


def _signed(file: pypdfium2.PdfDocument) -> list[int]:
    """Up to where each signature covers the file."""
    found, numbers = [], (ctypes.c_int * 4)()
    for at in range(max(0, pdfium.FPDF_GetSignatureCount(file))):
        signature = pdfium.FPDF_GetSignatureObject(file, at)
        if pdfium.FPDFSignatureObj_GetByteRange(signature, numbers, 4) == 4:
            found.append(numbers[2] + numbers[3])
    return found


def _first_dates(read: Revisions) -> tuple[datetime | None, datetime | None] | None:
    """The dates that the file said before it was signed; None where they cannot be read."""
    found = read.get(read.first_trailer.get("Info"), 0).value
    if not isinstance(found, dict) or "Encrypt" in read.first_trailer:
        return None
    created, modified = (found.get(each) for each in ("CreationDate", "ModDate"))
    if not isinstance(created, bytes) or not isinstance(modified, bytes):
        return None
    return pdf_date(created.decode("latin-1")), pdf_date(modified.decode("latin-1"))


def _told(read: Revisions, revision: int = -1) -> dict[str, list[str]]:
    """What the catalogue's XMP says; that of pictures and fonts is about these."""
    trailer = read.first_trailer if revision == 0 else read.trailer
    root = read.get(trailer.get("Root"), revision).value
    found = read.get(root.get("Metadata"), revision) if isinstance(root, dict) else None
    if found is None or found.stream is None:
        return {}
    raw = inflated(found)[:MOST_XMP]
    encoding = "utf-16" if raw[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8"
    told: dict[str, list[str]] = {}
    for name, *values in XMP.findall(raw.decode(encoding, "replace")):
        value = unescape("".join(values)).strip()
        if value and sum(map(len, told.values())) < MOST_TOLD:
            told.setdefault(name, []).append(value[:MOST_TOLD])
    return told


def _programs(told: dict[str, list[str]], *known: str) -> tuple[str, ...]:
    every = [
        each for name in ("Producer", "CreatorTool", "softwareAgent") for each in told.get(name, [])
    ]
    return tuple(dict.fromkeys(each for each in every if each not in known))


def _day(told: dict[str, list[str]], name: str) -> datetime | None:
    for each in told.get(name, []):
        with suppress(ValueError):
            found = datetime.fromisoformat(each)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _gap(days: tuple[datetime | None, datetime | None]) -> float:
    created, modified = days
    if created is None or modified is None:
        return -1.0
    return (modified - created).total_seconds()
