"""An invoice as machines read it: CII, as ZUGFeRD 1 and 2 and Factur-X have it, and UBL 2.1.

Either may come in an envelope.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from deploy.demo.bill import RATE, Bill, Item

UN = "urn:un:unece:uncefact:data:standard:"
CII_SPACES = (
    f'xmlns:rsm="{UN}CrossIndustryInvoice:100"'
    f' xmlns:ram="{UN}ReusableAggregateBusinessInformationEntity:100"'
    f' xmlns:udt="{UN}UnqualifiedDataType:100"'
)
ZUGFERD_1_SPACES = (
    'xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"'
    f' xmlns:ram="{UN}ReusableAggregateBusinessInformationEntity:12"'
    f' xmlns:udt="{UN}UnqualifiedDataType:15"'
)
ENVELOPE = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
PROFILES = ("minimum", "basicwl", "basic", "en16931", "extended")
MINIMUM, WITHOUT_LINES = PROFILES[:1], PROFILES[:2]


def cii(bill: Bill, profile: str = "en16931") -> bytes:
    """The invoice as ZUGFeRD 2, Factur-X or XRechnung (CII) in a profile of the first two."""
    lines = () if profile in WITHOUT_LINES else bill.items
    means = "" if profile in MINIMUM else _means(bill)
    return _document(
        f"<rsm:CrossIndustryInvoice {CII_SPACES}>"
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        f"<ram:ID>urn:factur-x.eu:1p0:{profile}</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument>{_head(bill)}</rsm:ExchangedDocument>"
        "<rsm:SupplyChainTradeTransaction>"
        f"{''.join(_cii_line(*each) for each in enumerate(lines, 1))}"
        f"<ram:ApplicableHeaderTradeAgreement>{_parties(bill)}"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>"
        "<ram:ApplicableHeaderTradeSettlement>"
        f"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{means}"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"{_sums(bill, profile not in MINIMUM)}"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>"
        "</rsm:CrossIndustryInvoice>"
    )


def zugferd_1(bill: Bill) -> bytes:
    """The invoice as ZUGFeRD 1.0, profile comfort."""
    return _document(
        f"<rsm:CrossIndustryDocument {ZUGFERD_1_SPACES}>"
        f"<rsm:HeaderExchangedDocument>{_head(bill)}</rsm:HeaderExchangedDocument>"
        "<rsm:SpecifiedSupplyChainTradeTransaction>"
        f"<ram:ApplicableSupplyChainTradeAgreement>{_parties(bill)}"
        "</ram:ApplicableSupplyChainTradeAgreement><ram:ApplicableSupplyChainTradeSettlement>"
        f"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{_means(bill)}"
        "<ram:SpecifiedTradeSettlementMonetarySummation>"
        f"{_sums(bill, whole=True)}</ram:SpecifiedTradeSettlementMonetarySummation>"
        "</ram:ApplicableSupplyChainTradeSettlement>"
        f"{''.join(_zugferd_1_line(each) for each in bill.items)}"
        "</rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>"
    )


def ubl(bill: Bill) -> bytes:
    """The invoice, or the credit note, as UBL 2.1."""
    credit = bill.code == "381"
    root = "CreditNote" if credit else "Invoice"
    due = "" if credit else f"<cbc:DueDate>{bill.due_on}</cbc:DueDate>"
    due_later = f"<cbc:PaymentDueDate>{bill.due_on}</cbc:PaymentDueDate>" if credit else ""
    return _document(
        f'<{root} xmlns="{OASIS}{root}-2" xmlns:cac="{OASIS}CommonAggregateComponents-2"'
        f' xmlns:cbc="{OASIS}CommonBasicComponents-2">'
        f"<cbc:ID>{bill.number}</cbc:ID><cbc:IssueDate>{bill.issued_on}</cbc:IssueDate>{due}"
        f"<cbc:{root}TypeCode>{bill.code}</cbc:{root}TypeCode>"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        f"{_ubl_party('AccountingSupplierParty', bill.seller, bill.seller_vat_id)}"
        f"{_ubl_party('AccountingCustomerParty', bill.buyer.name, bill.buyer_vat_id)}"
        f"<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode>{due_later}"
        f"<cac:PayeeFinancialAccount><cbc:ID>{bill.iban}</cbc:ID></cac:PayeeFinancialAccount>"
        f"</cac:PaymentMeans><cac:TaxTotal>{_ubl_amount('TaxAmount', bill.tax)}</cac:TaxTotal>"
        "<cac:LegalMonetaryTotal>"
        f"{_ubl_amount('LineExtensionAmount', bill.net)}"
        f"{_ubl_amount('TaxExclusiveAmount', bill.net)}"
        f"{_ubl_amount('TaxInclusiveAmount', bill.gross)}"
        f"{_ubl_amount('PrepaidAmount', bill.prepaid)}{_ubl_amount('PayableAmount', bill.due)}"
        f"</cac:LegalMonetaryTotal>{''.join(_ubl_lines(root, bill.items))}</{root}>"
    )


def enveloped(*documents: bytes) -> bytes:
    """Documents as a network such as Peppol hands them over, which is one an envelope."""
    bodies = "".join(each.decode().partition("?>\n")[2] for each in documents)
    return _document(
        f'<StandardBusinessDocument xmlns="{ENVELOPE}"><StandardBusinessDocumentHeader>'
        "<HeaderVersion>1.0</HeaderVersion>"
        f"{_participant('Sender', '9930:de123456788')}{_participant('Receiver', '0204:991-1-7')}"
        f"<DocumentIdentification><Standard>{OASIS}Invoice-2</Standard>"
        "<TypeVersion>2.1</TypeVersion><InstanceIdentifier>1</InstanceIdentifier>"
        "<Type>Invoice</Type><CreationDateAndTime>2026-01-31T10:00:00Z</CreationDateAndTime>"
        f"</DocumentIdentification></StandardBusinessDocumentHeader>{bodies}"
        "</StandardBusinessDocument>"
    )


def _participant(role: str, number: str) -> str:
    scheme = "iso6523-actorid-upis"
    return f'<{role}><Identifier Authority="{scheme}">{number}</Identifier></{role}>'


def _document(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()


def _head(bill: Bill) -> str:
    return (
        f"<ram:ID>{bill.number}</ram:ID><ram:TypeCode>{bill.code}</ram:TypeCode>"
        '<ram:IssueDateTime><udt:DateTimeString format="102">'
        f"{bill.issued_on:%Y%m%d}</udt:DateTimeString></ram:IssueDateTime>"
    )


def _parties(bill: Bill) -> str:
    return "".join(
        f"<ram:{role}><ram:Name>{escape(name)}</ram:Name><ram:SpecifiedTaxRegistration>"
        f'<ram:ID schemeID="FC">22/815/0815/4</ram:ID></ram:SpecifiedTaxRegistration>'
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{number}</ram:ID>'
        f"</ram:SpecifiedTaxRegistration></ram:{role}>"
        for role, name, number in (
            ("SellerTradeParty", bill.seller, bill.seller_vat_id),
            ("BuyerTradeParty", bill.buyer.name, bill.buyer_vat_id),
        )
    )


def _means(bill: Bill) -> str:
    return (
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>"
        "<ram:PayeePartyCreditorFinancialAccount>"
        f"<ram:IBANID>{bill.iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>"
        "</ram:SpecifiedTradeSettlementPaymentMeans><ram:SpecifiedTradePaymentTerms>"
        '<ram:DueDateDateTime><udt:DateTimeString format="102">'
        f"{bill.due_on:%Y%m%d}</udt:DateTimeString></ram:DueDateDateTime>"
        "</ram:SpecifiedTradePaymentTerms>"
    )


def _sums(bill: Bill, whole: bool) -> str:
    """Some programs write four decimals."""
    lines = f"<ram:LineTotalAmount>{_euros(bill.net)}00</ram:LineTotalAmount>" if whole else ""
    prepaid = f"<ram:TotalPrepaidAmount>{_euros(bill.prepaid)}</ram:TotalPrepaidAmount>"
    return (
        f"{lines}<ram:TaxBasisTotalAmount>{_euros(bill.net)}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="EUR">{_euros(bill.tax)}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{_euros(bill.gross)}00</ram:GrandTotalAmount>"
        f"{prepaid if bill.prepaid else ''}"
        f"<ram:DuePayableAmount>{_euros(bill.due)}</ram:DuePayableAmount>"
    )


def _cii_line(number: int, item: Item) -> str:
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"<ram:LineID>{number}</ram:LineID></ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct><ram:Name>{item.name}</ram:Name></ram:SpecifiedTradeProduct>"
        "<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{_euros(item.amount)}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )


def _zugferd_1_line(item: Item) -> str:
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedSupplyChainTradeSettlement>"
        "<ram:SpecifiedTradeSettlementMonetarySummation>"
        f'<ram:LineTotalAmount currencyID="EUR">{_euros(item.amount)}</ram:LineTotalAmount>'
        "</ram:SpecifiedTradeSettlementMonetarySummation>"
        "</ram:SpecifiedSupplyChainTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )


def _ubl_party(role: str, name: str, number: str) -> str:
    return (
        f"<cac:{role}><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{escape(name)}</cbc:RegistrationName>"
        f"</cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )


def _ubl_lines(root: str, items: Iterable[Item]) -> Iterable[str]:
    for number, item in enumerate(items, 1):
        yield (
            f"<cac:{root}Line><cbc:ID>{number}</cbc:ID>"
            f"{_ubl_amount('LineExtensionAmount', item.amount)}"
            f"<cac:Item><cbc:Name>{item.name}</cbc:Name>"
            f"<cac:ClassifiedTaxCategory><cbc:Percent>{RATE}</cbc:Percent>"
            f"</cac:ClassifiedTaxCategory></cac:Item></cac:{root}Line>"
        )


def _ubl_amount(name: str, cents: int) -> str:
    return f'<cbc:{name} currencyID="EUR">{_euros(cents)}</cbc:{name}>'


def _euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
