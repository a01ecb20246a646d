"""Where the two syntaxes of EN 16931 have an invoice's terms: UN/CEFACT's CII, and OASIS' UBL.

CII is also what ZUGFeRD 1.0 came in, under names of its own: `A|B` stands for either.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.documents import Term


@dataclass(frozen=True, slots=True)
class Syntax:
    """The paths of each term, the first that is there counts; and of what the totals are held to.

    `third_parties` are payments that XRechnung's extension adds to what is due. `uncounted` marks
    lines that only group or explain others, by a path and its values.
    """

    texts: Mapping[Term, tuple[str, ...]]
    days: Mapping[Term, tuple[str, ...]]
    amounts: Mapping[Term, str]
    lines: str
    line_amount: str
    lines_total: str
    allowances: str
    charges: str
    rounding: str
    guideline: tuple[str, ...]
    third_parties: str
    subtotals: str
    subtotal_amounts: tuple[str, str]
    subtotal_rate: str
    uncounted: tuple[str, frozenset[str]] = ("", frozenset())


_HEAD = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_TOTALS = f"{_SETTLEMENT}/{_SUMS}"
_MEANS = f"{_SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
_LINE_SUMS = (
    "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
)
_DAY = "DateTimeString|DateTime"

CII = Syntax(
    texts={
        Term.INVOICE_NUMBER: (f"{_HEAD}/ID",),
        Term.TYPE_CODE: (f"{_HEAD}/TypeCode",),
        Term.SELLER_NAME: (f"{_AGREEMENT}/SellerTradeParty/Name",),
        Term.SELLER_VAT_ID: (
            f"{_AGREEMENT}/SellerTradeParty/SpecifiedTaxRegistration/ID[@schemeID=VA]",
        ),
        Term.BUYER_NAME: (f"{_AGREEMENT}/BuyerTradeParty/Name",),
        Term.BUYER_VAT_ID: (
            f"{_AGREEMENT}/BuyerTradeParty/SpecifiedTaxRegistration/ID[@schemeID=VA]",
        ),
        Term.PAYEE_IBAN: (f"{_MEANS}/PayeePartyCreditorFinancialAccount/IBANID",),
        Term.CURRENCY: (f"{_SETTLEMENT}/InvoiceCurrencyCode",),
    },
    days={
        Term.ISSUE_DATE: (f"{_HEAD}/IssueDateTime/{_DAY}",),
        Term.DUE_DATE: (f"{_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/{_DAY}",),
    },
    amounts={
        Term.NET_AMOUNT: f"{_TOTALS}/TaxBasisTotalAmount",
        Term.TAX_AMOUNT: f"{_TOTALS}/TaxTotalAmount",
        Term.GROSS_AMOUNT: f"{_TOTALS}/GrandTotalAmount",
        Term.PREPAID_AMOUNT: f"{_TOTALS}/TotalPrepaidAmount",
        Term.AMOUNT_DUE: f"{_TOTALS}/DuePayableAmount",
    },
    lines=f"{_TRADE}/IncludedSupplyChainTradeLineItem",
    line_amount=(
        f"SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement/{_LINE_SUMS}"
        "/LineTotalAmount"
    ),
    lines_total=f"{_TOTALS}/LineTotalAmount",
    allowances=f"{_TOTALS}/AllowanceTotalAmount",
    charges=f"{_TOTALS}/ChargeTotalAmount",
    rounding=f"{_TOTALS}/RoundingAmount",
    guideline=(
        "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
        "SpecifiedExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
    ),
    third_parties=f"{_SETTLEMENT}/SpecifiedAdvancePayment/PaidAmount",
    subtotals=f"{_SETTLEMENT}/ApplicableTradeTax",
    subtotal_amounts=("BasisAmount", "CalculatedAmount"),
    subtotal_rate="RateApplicablePercent|ApplicablePercent",
    uncounted=(
        "AssociatedDocumentLineDocument/LineStatusReasonCode",
        frozenset(("GROUP", "INFORMATION")),
    ),
)

_SELLER, _BUYER = "AccountingSupplierParty/Party", "AccountingCustomerParty/Party"
_VAT = "PartyTaxScheme[TaxScheme/ID=VAT]/CompanyID"
_NAMES = ("PartyLegalEntity/RegistrationName", "PartyName/Name")

UBL = Syntax(
    texts={
        Term.INVOICE_NUMBER: ("ID",),
        Term.TYPE_CODE: ("InvoiceTypeCode|CreditNoteTypeCode",),
        Term.SELLER_NAME: tuple(f"{_SELLER}/{name}" for name in _NAMES),
        Term.SELLER_VAT_ID: (f"{_SELLER}/{_VAT}",),
        Term.BUYER_NAME: tuple(f"{_BUYER}/{name}" for name in _NAMES),
        Term.BUYER_VAT_ID: (f"{_BUYER}/{_VAT}",),
        Term.PAYEE_IBAN: ("PaymentMeans/PayeeFinancialAccount/ID",),
        Term.CURRENCY: ("DocumentCurrencyCode",),
    },
    days={
        Term.ISSUE_DATE: ("IssueDate",),
        Term.DUE_DATE: ("DueDate", "PaymentMeans/PaymentDueDate"),
    },
    amounts={
        Term.NET_AMOUNT: "LegalMonetaryTotal/TaxExclusiveAmount",
        Term.TAX_AMOUNT: "TaxTotal/TaxAmount",
        Term.GROSS_AMOUNT: "LegalMonetaryTotal/TaxInclusiveAmount",
        Term.PREPAID_AMOUNT: "LegalMonetaryTotal/PrepaidAmount",
        Term.AMOUNT_DUE: "LegalMonetaryTotal/PayableAmount",
    },
    lines="InvoiceLine|CreditNoteLine",
    line_amount="LineExtensionAmount",
    lines_total="LegalMonetaryTotal/LineExtensionAmount",
    allowances="LegalMonetaryTotal/AllowanceTotalAmount",
    charges="LegalMonetaryTotal/ChargeTotalAmount",
    rounding="LegalMonetaryTotal/PayableRoundingAmount",
    guideline=("CustomizationID",),
    third_parties="PrepaidPayment/PaidAmount",
    subtotals="TaxTotal/TaxSubtotal",
    subtotal_amounts=("TaxableAmount", "TaxAmount"),
    subtotal_rate="TaxCategory/Percent",
)

BY_ROOT = {
    "CrossIndustryInvoice": CII,
    "CrossIndustryDocument": CII,
    "Invoice": UBL,
    "CreditNote": UBL,
}
