"""Invoices that a PDF carries as a file, as ZUGFeRD does: read, placed on the page, distrusted."""

import re
from dataclasses import replace
from io import BytesIO
from zlib import compress

import pytest

from core.documents import DocumentKind, Fact, Origin, Recognised, Term
from core.errors import Unreadable
from core.evidence import Box, Bytes, Printed
from core.formats.invoices import printed
from core.formats.invoices.markup import LARGEST
from core.formats.parsers import read
from core.money import Money
from core.statements.model import Statement
from deploy.demo.bill_xml import PROFILES, cii, ubl, zugferd_1
from deploy.demo.papers import FACTUR_X, PITCH, bill_pdf, zugferd
from tests.core.formats.invoices.bills import BILL, codes, read_document, truth, value
from tests.core.formats.papers import ROWS, paper

BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
HIDDEN_TERMS = {Term.TYPE_CODE, Term.CURRENCY}


@pytest.mark.parametrize("profile", PROFILES)
def test_an_attached_invoice_says_what_the_company_knows(profile: str) -> None:
    content = cii(BILL, profile)
    read_one, findings = read_document(zugferd(BILL, {FACTUR_X: content}))
    assert (read_one.kind, findings) == (DocumentKind.INVOICE, [])
    for fact in read_one.facts:
        assert value(fact) == truth(BILL)[fact.term]
        assert fact.origin.attachment == FACTUR_X
        start, end = fact.origin.bytes
        assert content[start:end].startswith(b"<")
        assert content[start:end].endswith(b">")


@pytest.mark.parametrize(
    "name", ["ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml", "Rechnung 7.xml"]
)
def test_whatever_the_attached_file_is_called_its_content_counts(name: str) -> None:
    for content in (zugferd_1(BILL), ubl(BILL)):
        read_one, findings = read_document(zugferd(BILL, {name: content}))
        assert findings == []
        assert {fact.origin.attachment for fact in read_one.facts} == {name}


def test_each_fact_is_shown_where_the_page_prints_it() -> None:
    read_one, _ = read_document(zugferd(BILL))
    placed = {fact.term for fact in read_one.facts if fact.origin.box}
    assert placed == truth(BILL).keys() - HIDDEN_TERMS
    boxes = {fact.term: fact.origin.box for fact in read_one.facts}
    gross, due = boxes[Term.GROSS_AMOUNT], boxes[Term.AMOUNT_DUE]
    assert gross is not None
    assert due is not None
    assert gross.page == due.page == 1
    assert gross.bottom <= due.top + 1


def test_an_amount_is_shown_among_the_totals_not_where_a_line_has_it_too() -> None:
    short = replace(BILL, items=BILL.items[:1])
    read_one, findings = read_document(zugferd(short, {FACTUR_X: cii(short)}))
    assert findings == []
    tops = {f.term: f.origin.box.top for f in read_one.facts if f.origin.box}
    assert tops[Term.TAX_AMOUNT] - tops[Term.NET_AMOUNT] == pytest.approx(PITCH, abs=1)


@pytest.mark.parametrize(
    ("minor", "shown"),
    [(50, "0,50"), (0, "0,00"), (119_000, "1.190 EUR"), (119_000, "1 190,00"), (5_000, "EUR 50,-")],
)
def test_an_amount_is_found_however_it_is_printed(minor: int, shown: str) -> None:
    amount = Fact(Term.GROSS_AMOUNT, Origin(Bytes(0, 1)), amount=Money(minor, "EUR"))
    line = Printed(f"2 Stück, 19 % MwSt, zusammen {shown}", Box(1, 0, 0, 1, 1))
    (placed,) = printed.shown(Recognised(DocumentKind.INVOICE, (amount,)), [line])
    assert isinstance(placed, Recognised)
    assert placed.facts[0].origin.box == line.box


def test_an_attached_file_that_says_another_amount_than_the_page_is_found_out() -> None:
    dearer = replace(BILL, items=(replace(BILL.items[0], price=1), *BILL.items[1:]))
    assert codes(zugferd(BILL, {FACTUR_X: cii(dearer)})) == ["invoice_not_as_shown"]


def test_a_name_that_lies_is_told_and_the_paper_still_told_for_what_it_is() -> None:
    content = zugferd(BILL, {FACTUR_X: b"<order><ID>1</ID></order>"})
    read_one, findings = read_document(content)
    assert [each.code for each in findings] == ["attachment_no_invoice"]
    facts = {fact.term: fact for fact in read_one.facts}
    assert facts.keys() == {Term.TITLE, Term.INVOICE_NUMBER}
    assert facts[Term.INVOICE_NUMBER].text == BILL.number


def test_of_several_invoices_the_one_with_the_proper_name_is_read() -> None:
    other = replace(BILL, number="RE-0")
    pictures = {f"{n}.png": b"\x89PNG" for n in range(30)}
    files = {"a.xml": cii(other), **pictures, FACTUR_X: cii(BILL)}
    read_one, findings = read_document(zugferd(BILL, files))
    assert [each.code for each in findings] == ["several_invoices"]
    assert {fact.origin.attachment for fact in read_one.facts} == {FACTUR_X}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB + b"<Invoice>&b;</Invoice>", "unreadable"),
        (cii(BILL)[:-40], "unreadable"),
        (cii(BILL) + b" " * LARGEST, "too_much"),
    ],
    ids=["entity bomb", "cut off", "too large"],
)
def test_a_hostile_attachment_is_refused_and_named(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable, match=FACTUR_X) as refusal:
        list(read(BytesIO(zugferd(BILL, {FACTUR_X: content}))))
    assert refusal.value.code == code


@pytest.mark.parametrize("name", ["notes.txt", "large.xml"])
def test_a_file_that_need_not_be_an_invoice_disturbs_nothing(name: str) -> None:
    content = zugferd(BILL, {name: b"<x>" + b" " * (20 << 20)})
    assert codes(content) == []


def test_a_file_that_is_named_but_not_there_is_none() -> None:
    content = zugferd(BILL)
    named = f"({FACTUR_X}) ".encode()
    assert content.count(named + b"10 0 R") == 1
    read_one, _ = read_document(content.replace(named + b"10 0 R", named + b"99 0 R"))
    assert {fact.origin.attachment for fact in read_one.facts} == {None}


def test_a_zip_bomb_as_attachment_is_no_invoice() -> None:
    assert codes(zugferd(BILL, {FACTUR_X: compress(bytes(5 << 20), 9)})) == [
        "attachment_no_invoice"
    ]


def test_an_encrypted_invoice_is_refused() -> None:
    with pytest.raises(Unreadable) as refusal:
        list(read(BytesIO(paper(ROWS, encrypt="secret"))))
    assert refusal.value.code == "encrypted"


def test_a_statement_stays_one_whatever_else_it_carries() -> None:
    assert any(isinstance(each, Statement) for each in read(BytesIO(paper(ROWS))))
    assert read_document(bill_pdf(BILL))[0].kind is DocumentKind.INVOICE


def associated(how: str) -> bytes:
    """The invoice as people read it, with itself attached where no list of attachments names it."""
    content, xml = bill_pdf(BILL), compress(cii(BILL))
    ours = (
        b"900 0 obj <</Type/EmbeddedFile/Filter/FlateDecode/Length %d>> stream\n%s"
        b"\nendstream endobj\n901 0 obj <</Type/Filespec/F(bill.xml)/EF<</F 900 0 R>>>> endobj\n"
    ) % (len(xml), xml)
    page, catalogue = b"/Type /Page", b"/Type /Catalog"
    clip = b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 901 0 R>>]"
    added = {"document": (catalogue, b"/AF[901 0 R]"), "page": (page, b"/AF 901 0 R")}
    name, entry = added.get(how, (page, clip))
    for at in (each.start() for each in re.finditer(re.escape(name) + rb"\b", content)):
        if how != "nothing":
            content = content[:at] + entry + content[at:]
            break
    return content.replace(b"xref\n", ours + b"xref\n", 1)


@pytest.mark.parametrize("how", ["document", "page", "paper clip"])
def test_an_invoice_that_only_an_association_or_a_paper_clip_names_is_read(how: str) -> None:
    read_one, findings = read_document(associated(how))
    assert findings == []
    assert {fact.origin.attachment for fact in read_one.facts} == {"bill.xml"}


def test_an_attached_invoice_that_nothing_refers_to_is_none() -> None:
    read_one, _ = read_document(associated("nothing"))
    assert {fact.origin.attachment for fact in read_one.facts} == {None}


def test_a_page_that_asks_for_payment_to_another_account_is_found_out() -> None:
    other = replace(BILL, iban="DE89370400440532013000")
    assert codes(zugferd(other, {FACTUR_X: cii(BILL)})) == ["payee_not_as_shown"]
    assert codes(zugferd(BILL, {FACTUR_X: cii(BILL)})) == []
