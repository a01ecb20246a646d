"""Invoices in XML say what their company knows, at the very bytes that say it."""

import re
import string
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import DocumentKind, Term
from core.errors import Unreadable
from core.formats.invoices import markup
from core.formats.invoices.markup import DEEPEST, LARGEST, parse
from core.formats.parsers import read
from deploy.demo.bill import RATE, Bill, make_bill
from deploy.demo.bill_xml import PROFILES, cii, enveloped, ubl, zugferd_1
from tests.core.formats.invoices.bills import (
    BILL,
    COMPANY,
    LEFT_OUT,
    codes,
    read_document,
    truth,
    value,
)

pytestmark = pytest.mark.unit
CREDIT_NOTE = make_bill(COMPANY, 3, "381")


def refused(content: bytes) -> Unreadable:
    """Why a file is refused."""
    with pytest.raises(Unreadable) as refusal:
        list(read(BytesIO(content)))
    return refusal.value


@pytest.mark.parametrize("profile", PROFILES)
def test_an_invoice_in_cii_says_what_the_company_knows(profile: str) -> None:
    read_one, findings = read_document(cii(BILL, profile))
    assert (read_one.kind, findings) == (DocumentKind.INVOICE, [])
    expected = {k: v for k, v in truth(BILL).items() if k not in LEFT_OUT.get(profile, ())}
    assert {fact.term: value(fact) for fact in read_one.facts} == expected


def test_so_does_one_of_zugferd_1() -> None:
    read_one, findings = read_document(zugferd_1(BILL))
    assert findings == []
    assert {fact.term: value(fact) for fact in read_one.facts} == truth(BILL)


@pytest.mark.parametrize("bill", [BILL, CREDIT_NOTE], ids=lambda bill: bill.code)
def test_so_does_one_in_ubl(bill: Bill) -> None:
    read_one, findings = read_document(ubl(bill))
    assert findings == []
    assert {fact.term: value(fact) for fact in read_one.facts} == truth(bill)


@pytest.mark.parametrize("written", [ubl(BILL), ubl(CREDIT_NOTE), cii(BILL), zugferd_1(BILL)])
def test_in_an_envelope_it_says_the_same_at_bytes_of_the_whole_file(written: bytes) -> None:
    content = enveloped(written)
    alone, inside = read_document(written), read_document(content)
    assert inside[1] == alone[1]
    assert len(inside[0].facts) == len(alone[0].facts)
    for outer, inner in zip(inside[0].facts, alone[0].facts, strict=True):
        assert (outer.term, value(outer)) == (inner.term, value(inner))
        (start, end), place = outer.origin.bytes, slice(*inner.origin.bytes)
        assert content[start:end] == written[place]


def test_an_envelope_with_a_long_header_is_one() -> None:
    content = enveloped(ubl(BILL)).replace(b"<HeaderVersion>", b" " * 5_000 + b"<HeaderVersion>")
    assert codes(content) == []


ORDER = b"<?xml version='1.0'?>\n<Order/>"


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        ((), "envelope is empty"),
        ((ubl(BILL), ubl(CREDIT_NOTE)), "envelope holds 2 documents"),
        ((ubl(BILL), ORDER), "envelope holds 2 documents"),
        ((ORDER,), "no invoice: .* Order"),
        ((enveloped(ubl(BILL)),), "no invoice: .* StandardBusinessDocument"),
    ],
    ids=["none", "two invoices", "an invoice and more", "an order", "an envelope"],
)
def test_an_envelope_that_holds_anything_but_one_invoice_is_refused(
    documents: tuple[bytes, ...], reason: str
) -> None:
    assert re.search(reason, refused(enveloped(*documents)).detail)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_bytes_of_each_fact_are_the_element_that_says_it(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = cii(BILL).decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    content = text.replace("><", ">\n  <").encode(encoding)
    for fact in read_document(content)[0].facts:
        start, end = fact.origin.bytes
        tagged = content[start:end].decode(encoding.removesuffix("-sig"))
        match = re.fullmatch(r"<(\w+:\w+)[^<>]*>([^<>]*)</\1>", tagged)
        assert match, tagged
        assert fact.text is None or match[2] == fact.text


LINE = f"<ram:LineTotalAmount>{BILL.items[0].amount // 100}"


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ('<ram:TaxTotalAmount currencyID="EUR">', "<ram:TaxTotalAmount>1", "invoice_total_differs"),
        ("<ram:DuePayableAmount>", "<ram:DuePayableAmount>9", "invoice_due_differs"),
        (LINE, f"{LINE}1", "invoice_lines_differ"),
        (LINE, f"{LINE}{'7' * 30}", "invoice_lines_differ"),  # more digits than decimals keep
        (BILL.iban, f"{BILL.iban[:-1]}{(int(BILL.iban[-1]) + 1) % 10}", "iban_invalid"),
        (BILL.seller_vat_id, "DE100000000", "vat_id_invalid"),
        (BILL.seller_vat_id, "81234567", "vat_id_invalid"),
        (BILL.iban, BILL.iban[:12], "iban_invalid"),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_named(was: str, becomes: str, code: str) -> None:
    content = cii(BILL).decode()
    assert was in content
    assert codes(content.replace(was, becomes, 1).encode()) == [code]


def test_a_charge_stands_between_the_lines_and_the_net_amount() -> None:
    content = ubl(BILL).decode()
    more = content.replace(
        "<cbc:PrepaidAmount", '<cbc:ChargeTotalAmount currencyID="EUR">1.00</cbc:ChargeTotalAmount>'
        "<cbc:PrepaidAmount"
    )  # fmt: skip
    assert codes(more.encode()) == ["invoice_lines_differ"]


def test_a_line_that_only_groups_others_is_not_added() -> None:
    line = re.search(r"<ram:IncludedSupplyChain.*?</ram:IncludedSupply\w+>", cii(BILL).decode())
    assert line
    group = line[0].replace(
        "</ram:LineID>", "</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    )
    assert codes(cii(BILL).decode().replace(line[0], group + line[0]).encode()) == []


def test_taxes_told_in_another_currency_as_well_do_not_confuse() -> None:
    first = '<ram:TaxTotalAmount currencyID="USD">1.23</ram:TaxTotalAmount><ram:TaxTotalAmount '
    content = cii(BILL).decode().replace("<ram:TaxTotalAmount ", first)
    assert codes(content.encode()) == []


@pytest.mark.parametrize(
    ("was", "becomes", "code", "reason"),
    [
        ("<ram:GrandTotalAmount>", "<ram:GrandTotalAmount>1,", "invoice_amount", "gross amount"),
        ("00</ram:GrandTotal", "01</ram:GrandTotal", "invoice_amount", "gross amount .* finer"),
        ("GrandTotalAmount", "GrandAmount", "invoice_incomplete", "gross amount"),
        (">EUR<", ">Euro<", "invoice_incomplete", "currency"),
        (f">{BILL.issued_on:%Y%m%d}<", ">20261345<", "unreadable", "issue date"),
        ("</rsm:CrossIndustryInvoice>", "", "unreadable", "line 2, column"),
        ('encoding="UTF-8"', 'encoding="UTF-7"', "unreadable", "encoding"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_name(
    was: str, becomes: str, code: str, reason: str
) -> None:
    content = cii(BILL).decode()
    assert was in content
    refusal = refused(content.replace(was, becomes).encode())
    assert re.search(reason, refusal.detail)
    assert refusal.code == code


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY a "&b;&b;">]><Invoice>&a;</Invoice>', "DOCTYPE"),
        (
            b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><Invoice>&a;</Invoice>',
            "DOCTYPE",
        ),
        (b"<Invoice>" + b"<a>" * DEEPEST + b"</a>" * DEEPEST + b"</Invoice>", "deep"),
        (enveloped(ubl(BILL)).replace(b"<Type>", b"<a>" * DEEPEST), "deep"),
        (enveloped(ubl(BILL)).replace(b"<Type>", b"<a/>" * 1_000), "1,000 elements"),
        (b"<Invoice>" + b"<a/>" * 1_000 + b"</Invoice>", "1,000 elements"),
        (b"<Invoice><ID>" + b"1" * (LARGEST + 1) + b"</ID></Invoice>", "16 MiB"),
    ],
    ids=[
        "entity bomb",
        "outside",
        "deep",
        "deep in a header",
        "many in a header",
        "many elements",
        "large",
    ],
)
def test_a_hostile_invoice_is_refused(
    content: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 1_000)
    assert reason in refused(content).detail


def test_an_amount_due_in_another_currency_is_told_when_it_is_left_out() -> None:
    content = ubl(BILL).replace(
        b'PayableAmount currencyID="EUR"', b'PayableAmount currencyID="USD"'
    )
    read_one, findings = read_document(content)
    assert Term.AMOUNT_DUE not in {fact.term for fact in read_one.facts}
    assert [each.code for each in findings] == ["invoice_other_currency"]
    assert "in EUR, but its amount due is told in USD" in findings[0].detail.en


def test_an_account_to_pay_to_besides_the_first_is_told() -> None:
    means = re.search(rb"<cac:PaymentMeans>.*?</cac:PaymentMeans>", ubl(BILL), re.DOTALL)
    assert means is not None
    account = re.compile(rb"(<cac:PayeeFinancialAccount>\s*<cbc:ID>)[^<]+")
    other = account.sub(rb"\g<1>DE02120300000000202051", means[0])
    _, (finding,) = read_document(ubl(BILL).replace(means[0], means[0] + other))
    assert finding.code == "several_payee_accounts"
    assert finding.detail.en.endswith("besides the first: DE02120300000000202051.")
    assert codes(ubl(BILL).replace(means[0], means[0] * 2)) == []


def test_a_currency_that_is_none_is_refused_as_such() -> None:
    content = ubl(BILL).replace(b"DocumentCurrencyCode>EUR<", b"DocumentCurrencyCode>EURO<")
    reason = refused(content)
    assert reason.code == "invoice_incomplete"
    assert "is none: 'EURO'" in str(reason)


def test_a_rounded_payment_is_no_difference() -> None:
    due = f'<cbc:PayableAmount currencyID="EUR">{BILL.due // 100}.{BILL.due % 100:02d}<'
    rounded = f'<cbc:PayableAmount currencyID="EUR">{BILL.due // 100 + 1}.00<'
    more = f"{100 - BILL.due % 100}"
    rounding = f'<cbc:PayableRoundingAmount currencyID="EUR">0.{more}</cbc:PayableRoundingAmount>'
    content = ubl(BILL).decode().replace(due, rounded)
    assert codes(content.encode()) == ["invoice_due_differs"]
    document = content.replace("<cbc:PayableAmount", f"{rounding}<cbc:PayableAmount")
    assert codes(document.encode()) == []


def test_an_xml_that_is_something_else_says_what() -> None:
    assert "its root is Rechnung" in refused(b"<Rechnung><ID>1</ID></Rechnung>").detail


TEXT = st.text(string.ascii_letters + "äöü€ &<>'\"", max_size=20)


@given(st.recursive(TEXT, lambda inner: st.lists(inner, max_size=3), max_leaves=20), TEXT)
def test_every_element_takes_up_the_bytes_from_its_tag_to_its_tag(tree: object, more: str) -> None:
    def written(node: object) -> str:
        if isinstance(node, list):
            return "".join(f"<x a='>'>{written(each)}</x >" for each in node)
        return f"<![CDATA[{str(node).replace(']]', '')}]]>"

    content = f"<!-- <x> {more.replace('-', '')} --><x>{written([tree])}</x>".encode()
    waiting = [parse(content)]
    while waiting:
        element = waiting.pop()
        tagged = content[element.place.start : element.place.end]
        assert tagged.startswith(b"<x")
        assert re.search(rb"</x ?>\Z", tagged)
        waiting += element.children


@pytest.mark.parametrize("number", ["atu 12345678", "CHE-123.456.789 MWST", "NO123456789MVA"])
def test_a_vat_id_of_elsewhere_is_only_looked_at(number: str) -> None:
    content = cii(BILL).decode().replace(BILL.buyer_vat_id, number).encode()
    read_one, findings = read_document(content)
    assert findings == []
    assert re.sub(r"[ .-]", "", number).upper() in {
        f.text for f in read_one.facts if f.term is Term.BUYER_VAT_ID
    }


def test_the_smallest_profile_cannot_say_what_was_paid_before() -> None:
    content = cii(BILL).decode().replace("<ram:DuePayableAmount>", "<ram:DuePayableAmount>-9")
    lines = (
        r"<ram:(IncludedSupplyChainTradeLineItem)>.*?</ram:\1>|<ram:LineTotalAmount>[^<]*</[^>]*>"
    )
    least = re.sub(rf"{lines}|<ram:TotalPrepaidAmount>[^<]*</[^>]*>", "", content, flags=re.S)
    assert codes(content.encode()) == ["invoice_due_differs"]
    assert codes(least.encode()) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<eb:Invoice xmlns:eb="http://www.ebinterface.at/schema/6p1/"/>', "ebInterface"),
        (b'<p:FatturaElettronica xmlns:p="http://ivaservizi.gov.it/v1.2"/>', "FatturaPA"),
        (b'<Invoice xmlns="http://isdoc.cz/namespace/2013"/>', "ISDOC"),
        (b'<Invoice xmlns="urn:example:bills"/>', "urn:example:bills"),
    ],
)
def test_an_invoice_in_a_format_that_is_not_read_is_refused_by_its_name(
    content: bytes, name: str
) -> None:
    refusal = refused(content)
    assert refusal.code == "invoice_format_unknown"
    assert name in refusal.detail


def test_a_line_that_is_finer_than_its_currency_is_told_and_not_refused() -> None:
    content = ubl(BILL).decode()
    of_line = r"(<cac:InvoiceLine>.*?<cbc:LineExtensionAmount [^>]*>\d+\.\d\d)"
    finer, count = re.subn(of_line, r"\g<1>34", content, count=1, flags=re.S)
    assert count == 1
    assert codes(finer.encode()) == ["invoice_rounded"]


def test_what_binary_fractions_leave_of_a_total_is_told_and_not_refused() -> None:
    content = ubl(BILL).decode()
    gross = re.search(r'<cbc:TaxInclusiveAmount currencyID="EUR">(\d+\.\d\d)<', content)
    assert gross
    noisy = content.replace(gross[0], f"{gross[0][:-1]}0000000001<")
    assert codes(noisy.encode()) == ["invoice_rounded"]
    finer = content.replace(gross[0], f"{gross[0][:-1]}4<")
    assert refused(finer.encode()).code == "invoice_amount"


@pytest.mark.parametrize(("more", "said"), [("9", ["BR-CO-17", "BR-CO-14"]), ("", [])])
def test_a_tax_is_held_to_its_rate_and_the_total_to_its_parts(more: str, said: list[str]) -> None:
    tax = f"{BILL.tax // 100}.{BILL.tax % 100:02}"
    wrong = f"{more}{tax}"
    basis = f"{BILL.net // 100}.{BILL.net % 100:02}"
    subtotal = (
        f'<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{basis}</cbc:TaxableAmount>'
        f'<cbc:TaxAmount currencyID="EUR">{wrong}</cbc:TaxAmount><cac:TaxCategory>'
        f"<cbc:ID>S</cbc:ID><cbc:Percent>{RATE}</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )
    whole = re.sub(r"<cac:TaxSubtotal>.*?</cac:TaxSubtotal>", "", ubl(BILL).decode(), flags=re.S)
    content = whole.replace("</cac:TaxTotal>", subtotal, 1)
    found = [each.detail.en for each in read_document(content.encode())[1]]
    assert [re.findall(r"BR-CO-1\d", each)[0] for each in found] == said


def test_a_payment_for_a_third_party_is_due_as_well_where_the_extension_is_named() -> None:
    due = f'<cbc:PayableAmount currencyID="EUR">{BILL.due // 100}.{BILL.due % 100:02d}<'
    more = f'<cbc:PayableAmount currencyID="EUR">{BILL.due // 100 + 10}.{BILL.due % 100:02d}<'
    paid = '<cbc:PaidAmount currencyID="EUR">10.00</cbc:PaidAmount>'
    third = f"<cac:PrepaidPayment>{paid}</cac:PrepaidPayment><cac:TaxTotal>"
    content = ubl(BILL).decode().replace(due, more).replace("<cac:TaxTotal>", third, 1)
    assert codes(content.encode()) == ["invoice_due_differs"]
    guideline = "urn:x#conformant#urn:y:extension:xrechnung_3.0</cbc:CustomizationID>"
    extended = content.replace("<cbc:ID>", f"<cbc:CustomizationID>{guideline}<cbc:ID>", 1)
    assert codes(extended.encode()) == []
