"""The made-up company's invoice, and what is read of its files."""

from io import BytesIO

from core.documents import Fact, Finding, Recognised, Term
from core.formats.parsers import read
from core.money import Money
from deploy.demo import make_company
from deploy.demo.bill import Bill, make_bill

COMPANY = make_company(1, months=3)
BILL = make_bill(COMPANY)
LEFT_OUT = {  # what a profile leaves out
    "minimum": {Term.DUE_DATE, Term.PAYEE_IBAN},
}


def truth(bill: Bill) -> dict[Term, object]:
    """What the company knows of its invoice, by the terms of EN 16931."""
    return {
        Term.INVOICE_NUMBER: bill.number,
        Term.TYPE_CODE: bill.code,
        Term.ISSUE_DATE: bill.issued_on,
        Term.DUE_DATE: bill.due_on,
        Term.SELLER_NAME: bill.seller,
        Term.SELLER_VAT_ID: bill.seller_vat_id,
        Term.BUYER_NAME: bill.buyer.name,
        Term.BUYER_VAT_ID: bill.buyer_vat_id,
        Term.PAYEE_IBAN: bill.iban,
        Term.CURRENCY: "EUR",
        Term.NET_AMOUNT: Money(bill.net, "EUR"),
        Term.TAX_AMOUNT: Money(bill.tax, "EUR"),
        Term.GROSS_AMOUNT: Money(bill.gross, "EUR"),
        Term.PREPAID_AMOUNT: Money(bill.prepaid, "EUR"),
        Term.AMOUNT_DUE: Money(bill.due, "EUR"),
    }


def value(fact: Fact) -> object:
    """The one value that a fact has."""
    (found,) = (each for each in (fact.text, fact.day, fact.amount) if each is not None)
    return found


def read_document(content: bytes) -> tuple[Recognised, list[Finding]]:
    """What a file is that is no bank statement, and what was found odd."""
    items = list(read(BytesIO(content)))
    (recognised,) = [each for each in items if isinstance(each, Recognised)]
    findings = [each for each in items if isinstance(each, Finding)]
    assert len(items) == len(findings) + 1
    return recognised, findings


def codes(content: bytes) -> list[str]:
    """The codes of what was found odd."""
    return [each.code for each in read_document(content)[1]]
