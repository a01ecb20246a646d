"""Electronic invoices that are not read: each told by its own name, and what to send instead."""

import re
from collections.abc import Mapping

from core.bilingual import Bilingual
from core.errors import Unreadable

# By the outermost element, and by what its namespace has in it; either may say it alone.
FORMATS = (
    ("ebInterface", "Austria", "Österreich", r"", r"ebinterface"),
    ("FatturaPA", "Italy", "Italien", r"FatturaElettronica(?:Semplificata)?", r"fatturapa|fatture"),
    ("Facturae", "Spain", "Spanien", r"Facturae", r"facturae"),
    ("Finvoice", "Finland", "Finnland", r"Finvoice", r"finvoice"),
    ("TEAPPSXML", "Finland", "Finnland", r"INVOICE_CENTER", r"teapps"),
    ("Svefaktura", "Sweden", "Schweden", r"", r"sfti:documents"),
    ("ISDOC", "Czechia", "Tschechien", r"", r"isdoc\.cz"),
    ("KSeF FA", "Poland", "Polen", r"", r"crd\.gov\.pl|ksef"),
    ("NAV", "Hungary", "Ungarn", r"InvoiceData", r"nav\.gov\.hu"),
    ("e-SLOG", "Slovenia", "Slowenien", r"IzdaniRacun\w*", r"eslog|e-slog"),
    ("e-arve", "Estonia", "Estland", r"E_Invoice", r""),
    ("yellowbill", "Switzerland", "Schweiz", r"", r"yellowbill|ebill\.postfinance"),
    ("openTRANS", "", "", r"INVOICE", r"opentrans"),
    ("cXML", "", "", r"cXML", r""),
    ("xCBL", "", "", r"", r"xcbl|CommerceOne"),
    ("GS1 XML", "", "", r"invoiceMessage", r"gs1:ecom"),
)
OURS = re.compile(r"oasis|un:unece|ferd|cefact", re.IGNORECASE)


def is_foreign(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an outermost element is that of an electronic invoice that is not read."""
    return _format(name, namespace(name, attributes)) is not None


def namespace(name: str, attributes: Mapping[str, str]) -> str:
    """The namespace of an element by its name as it is written; empty where it has none."""
    prefix, colon, _ = name.rpartition(":")
    return attributes.get(f"xmlns:{prefix}" if colon else "xmlns", "")


def require_known(name: str, namespace: str) -> None:
    """Raise Unreadable where what calls itself an invoice is in a format that is not read."""
    known = _format(name, namespace)
    if known is None and (not namespace or OURS.search(namespace)):
        return
    if known:
        told = Bilingual(*(f"{known[0]}{f' ({place})' if place else ''}" for place in known[1:]))
    else:
        told = Bilingual(f"the format {namespace[:100]}", f"das Format {namespace[:100]}")
    raise Unreadable(
        Bilingual(
            f"This is an electronic invoice in {told.en}, which is not read. Send it as ZUGFeRD 2,"
            " Factur-X, XRechnung or Peppol, or as PDF.",
            f"Dies ist eine elektronische Rechnung in {told.de}; das wird nicht gelesen. Bitte als"
            " ZUGFeRD 2, Factur-X, XRechnung oder Peppol senden oder als PDF.",
        ),
        code="invoice_format_unknown",
    )


def _format(name: str, namespace: str) -> tuple[str, str, str] | None:
    local = name.rpartition(":")[2]
    for title, en, de, root, within in FORMATS:
        if (root and re.fullmatch(root, local)) or (
            within and re.search(within, namespace, re.IGNORECASE)
        ):
            return title, en, de
    return None
