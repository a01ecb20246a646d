"""The table of documents, and how each is written in it; `store` has the queries."""

from datetime import date
from typing import Any

import asyncpg
from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from core.bilingual import Bilingual
from core.documents.model import (
    Document,
    DocumentKind,
    DocumentStatus,
    Fact,
    FigureSpan,
    FigureTerm,
    Finding,
    Origin,
    PaperFigure,
    Term,
)
from core.evidence import Box, Bytes
from core.money import Money
from core.query import metadata
from core.vocabulary import is_tolerated, usually_falls_back

document = Table(
    "document",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("application_id", Uuid),
    Column("status", Text),
    Column("kind", Text),
    Column("filename", Text),
    Column("media_type", Text),
    Column("size", BigInteger),
    Column("sha256", LargeBinary),
    Column("blob", Text),
    Column("findings", JSONB),
    Column("created_at", DateTime(timezone=True)),
    Column("read_at", DateTime(timezone=True)),
    Column("facts", JSONB),
)
_KINDS, _TERMS = frozenset(DocumentKind), frozenset(Term)
_FIGURES, _SPANS = frozenset(FigureTerm), frozenset(FigureSpan)
usually_falls_back(DocumentKind.OTHER)
is_tolerated(Term)  # facts about what a build does not know are left out as they are read
is_tolerated(FigureTerm)  # and so are figures, which stand among the facts
is_tolerated(FigureSpan)


def _kind(word: str | None) -> DocumentKind | None:
    """The kind; a newer build beside this one may know more of them."""
    return None if word is None else DocumentKind(word) if word in _KINDS else DocumentKind.OTHER


def document_from_row(row: asyncpg.Record) -> Document:
    """A document as a row has it."""
    return Document(
        id=row["id"],
        application_id=row["application_id"],
        status=DocumentStatus(row["status"]),
        kind=_kind(row["kind"]),
        filename=row["filename"],
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        blob=row["blob"],
        findings=tuple(_finding(each) for each in row["findings"]),
        created_at=row["created_at"],
        read_at=row["read_at"],
        facts=tuple(_fact(each) for each in row["facts"] or () if each["term"] in _TERMS),
        figures=tuple(_figure(each) for each in row["facts"] or () if _is_figure(each)),
    )


def finding_row(each: Finding) -> dict[str, str]:
    """A finding as JSON; a build that knows no German yet reads `code` and `detail` of it."""
    return {"code": each.code, "detail": each.detail.en, "detail_de": each.detail.de}


def _finding(row: dict[str, str]) -> Finding:
    """A finding on record; one that a build wrote which knew no German has English for both."""
    english = row["detail"]
    return Finding(row["code"], Bilingual(english, row.get("detail_de", english)))


def fact_row(each: Fact) -> dict[str, object]:
    """A fact as JSON, without what it does not have."""
    origin = each.origin
    row = {
        "term": each.term,
        "bytes": list(origin.bytes),
        "attachment": origin.attachment,
        "box": origin.box and list(origin.box),
        "text": each.text,
        "day": each.day and each.day.isoformat(),
        "amount": each.amount and list(each.amount),
    }
    return {name: value for name, value in row.items() if value is not None}


def _fact(row: dict[str, Any]) -> Fact:
    box, day, amount = row.get("box"), row.get("day"), row.get("amount")
    return Fact(
        term=Term(row["term"]),
        origin=Origin(Bytes(*row["bytes"]), row.get("attachment"), Box(*box) if box else None),
        text=row.get("text"),
        day=date.fromisoformat(day) if day else None,
        amount=Money(*amount) if amount else None,
    )


def figure_row(each: PaperFigure) -> dict[str, object]:
    """A figure among the facts, under a term that a build which knows none of them passes over."""
    origin = each.origin
    return {
        "term": f"figure:{each.figure}",
        "span": each.span.value,
        "bytes": list(origin.bytes),
        "box": origin.box and list(origin.box),
        "amount": list(each.amount),
    }


def _is_figure(row: dict[str, Any]) -> bool:
    return row["term"].removeprefix("figure:") in _FIGURES and row.get("span") in _SPANS


def _figure(row: dict[str, Any]) -> PaperFigure:
    box = row.get("box")
    return PaperFigure(
        FigureTerm(row["term"].removeprefix("figure:")),
        FigureSpan(row["span"]),
        Money(*row["amount"]),
        Origin(Bytes(*row["bytes"]), box=Box(*box) if box else None),
    )
