"""How version 2 says what a document says that is no bank statement."""

from datetime import date
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from core.documents import Fact as CoreFact
from core.documents import Origin, Term
from public_api.v2.wire import Box, Money, PageNumber, Size, money_of

TermWord = Literal[
    "invoice_number",
    "type_code",
    "issue_date",
    "due_date",
    "seller_name",
    "seller_vat_id",
    "buyer_name",
    "buyer_vat_id",
    "payee_iban",
    "currency",
    "net_amount",
    "tax_amount",
    "gross_amount",
    "prepaid_amount",
    "amount_due",
    "title",
    "period_start",
    "period_end",
    "reporting_date",
    "register_court",
    "register_number",
]
TERM: dict[Term, TermWord] = {
    Term.INVOICE_NUMBER: "invoice_number",
    Term.TYPE_CODE: "type_code",
    Term.ISSUE_DATE: "issue_date",
    Term.DUE_DATE: "due_date",
    Term.SELLER_NAME: "seller_name",
    Term.SELLER_VAT_ID: "seller_vat_id",
    Term.BUYER_NAME: "buyer_name",
    Term.BUYER_VAT_ID: "buyer_vat_id",
    Term.PAYEE_IBAN: "payee_iban",
    Term.CURRENCY: "currency",
    Term.NET_AMOUNT: "net_amount",
    Term.TAX_AMOUNT: "tax_amount",
    Term.GROSS_AMOUNT: "gross_amount",
    Term.PREPAID_AMOUNT: "prepaid_amount",
    Term.AMOUNT_DUE: "amount_due",
    Term.TITLE: "title",
    Term.PERIOD_START: "period_start",
    Term.PERIOD_END: "period_end",
    Term.REPORTING_DATE: "reporting_date",
    Term.REGISTER_COURT: "register_court",
    Term.REGISTER_NUMBER: "register_number",
}


class Source(TypedDict):
    """Where a fact stands: the bytes [start, end) of the document, as it was handed in.

    Where `attachment` names a file that is attached to the document, they are bytes of that file.
    `page` (from 1) and `box` say where a page shows it; what is told by pages alone has all bytes.
    """

    start: Size
    end: Size
    attachment: NotRequired[str]
    page: NotRequired[PageNumber]
    box: NotRequired[Box]


class Fact(TypedDict):
    """Something that a document says: a text, a date or an amount, exactly one of these."""

    term: TermWord
    text: NotRequired[str]
    date: NotRequired[date]
    amount: NotRequired[Money]
    source: Source


def write(fact: CoreFact) -> Fact:
    """A fact with the one of its values that it has."""
    written: Fact = {"term": TERM[fact.term], "source": _source(fact.origin)}
    if fact.text is not None:
        written["text"] = fact.text
    if fact.day is not None:
        written["date"] = fact.day
    if fact.amount is not None:
        written["amount"] = money_of(*fact.amount)
    return written


def _source(origin: Origin) -> Source:
    written: Source = {"start": origin.bytes.start, "end": origin.bytes.end}
    if origin.attachment is not None:
        written["attachment"] = origin.attachment
    if origin.box is not None:
        page, left, top, right, bottom = origin.box
        written["page"] = page
        written["box"] = {"left": left, "top": top, "right": right, "bottom": bottom}
    return written
