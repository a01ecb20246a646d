"""The peer's tables, mapped by SQLAlchemy's ORM."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.ids import new_id


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {  # noqa: RUF012 - as SQLAlchemy wants it
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }


class ClientKey(Base):
    """A partner's key."""

    __tablename__ = "client_key"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    hash: Mapped[bytes]
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime | None]


class Application(Base):
    """An application."""

    __tablename__ = "application"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    status: Mapped[str]
    product: Mapped[str]
    legal_name: Mapped[str]
    country: Mapped[str]
    legal_form: Mapped[str | None]
    register_court: Mapped[str | None]
    register_number: Mapped[str | None]
    vat_id: Mapped[str | None]
    lei: Mapped[str | None]
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    term_months: Mapped[int]
    purpose: Mapped[str | None]
    property_value: Mapped[int | None] = mapped_column(BigInteger)
    property_address: Mapped[str | None]
    declared_annual_revenue: Mapped[int | None] = mapped_column(BigInteger)
    declared_monthly_debt_service: Mapped[int | None] = mapped_column(BigInteger)
    declared_lender_names: Mapped[list[str] | None]
    external_reference: Mapped[str | None]
    delete_reason: Mapped[str | None]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what."""

    __tablename__ = "audit_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    detail: Mapped[dict[str, Any]]

    @classmethod
    def of(cls, client_id: UUID, action: str, application_id: UUID, at: datetime) -> Self:
        """What a client did to an application."""
        return cls(
            id=new_id(),
            at=at,
            actor_kind="client",
            actor_id=client_id,
            action=action,
            subject="application",
            subject_id=application_id,
            detail={},
        )


class Event(Base):
    """What happened."""

    __tablename__ = "event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    client_id: Mapped[UUID]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]

    @classmethod
    def of(cls, client_id: UUID, application_id: UUID, kind: str, at: datetime) -> Self:
        """What happened to an application."""
        return cls(
            id=new_id(),
            at=at,
            client_id=client_id,
            application_id=application_id,
            kind=kind,
            data={},
        )
