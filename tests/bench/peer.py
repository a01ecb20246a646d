"""The usual stack, the way most teams would write the same API.

FastAPI, response models, SQLAlchemy's ORM, a dependency for the key, two BaseHTTPMiddleware (a
line by structlog, a histogram) and asgi-correlation-id. It answers what version 2 answers, writes
the same rows, checks bodies by the same models, and remembers keys for as long. Rate limits, usage,
idempotency and versions it lacks.
"""

import hashlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from asgi_correlation_id import CorrelationIdMiddleware, correlation_id
from fastapi import Depends, FastAPI, Header, HTTPException, Query
from prometheus_client import Histogram
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import Response

from core import money
from core.ids import new_id
from core.pages import cursor
from public_api.v2.applications import DeclaredIn, SubmitApplication
from tests.bench.peer_tables import Application, AuditEntry, ClientKey, Event

KEY_SECONDS = 5.0
SECONDS = Histogram("peer_seconds", "Time to answer", ["method", "path", "status"])
Next = Callable[[Request], Awaitable[Response]]

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ],
    cache_logger_on_first_use=True,
)
log = structlog.get_logger()
engine = create_async_engine(
    os.environ["BELEG_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=8,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class AccessLog(BaseHTTPMiddleware):
    """Tells how each request went, with its id on every line."""

    async def dispatch(self, request: Request, call_next: Next) -> Response:
        """Write one line."""
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=correlation_id.get())
        started = time.perf_counter()
        response = await call_next(request)
        ms = round((time.perf_counter() - started) * 1000, 2)
        log.info(
            "request",
            method=request.method,
            path=template(request),
            status=response.status_code,
            ms=ms,
        )
        return response


class Metrics(BaseHTTPMiddleware):
    """Measures each request."""

    async def dispatch(self, request: Request, call_next: Next) -> Response:
        """Make one observation."""
        started = time.perf_counter()
        response = await call_next(request)
        seconds = time.perf_counter() - started
        labels = request.method, template(request), str(response.status_code)
        SECONDS.labels(*labels).observe(seconds)
        return response


def template(request: Request) -> str:
    """The template of the route that serves the request."""
    return getattr(request.scope.get("route"), "path", "unmatched")


app.add_middleware(Metrics)
app.add_middleware(AccessLog)
app.add_middleware(CorrelationIdMiddleware, header_name="Request-Id")


class MoneyOut(BaseModel):
    """An amount."""

    value: str
    currency: str


class ApplicantOut(BaseModel):
    """The business that asks."""

    legal_name: str
    country: str
    legal_form: str | None
    register_court: str | None
    register_number: str | None
    vat_id: str | None
    lei: str | None


class PropertyOut(BaseModel):
    """What a mortgage is secured on."""

    market_value: MoneyOut
    address: str | None


class DeclaredOut(BaseModel):
    """What the applicant says of itself."""

    annual_revenue: MoneyOut | None
    monthly_debt_service: MoneyOut | None
    existing_lenders: list[str] | None


class ApplicationOut(BaseModel):
    """An application as it stands."""

    id: UUID
    status: str
    product: str
    applicant: ApplicantOut
    amount: MoneyOut
    term_months: int
    purpose: str | None
    property: PropertyOut | None
    declared: DeclaredOut
    external_reference: str | None
    created_at: datetime
    updated_at: datetime


class ApplicationList(BaseModel):
    """Applications, newest first."""

    data: list[ApplicationOut]
    next: str | None


def money_out(minor: int | None, currency: str) -> MoneyOut | None:
    """An amount as text."""
    if minor is None:
        return None
    return MoneyOut(value=money.digits(minor, currency), currency=currency)


def shown(row: Application) -> ApplicationOut:
    """An application as it is answered."""
    value = money_out(row.property_value, row.currency)
    return ApplicationOut(
        id=row.id,
        status=row.status,
        product=row.product,
        applicant=ApplicantOut.model_validate(row, from_attributes=True),
        amount=MoneyOut(value=money.digits(row.amount, row.currency), currency=row.currency),
        term_months=row.term_months,
        purpose=row.purpose,
        property=PropertyOut(market_value=value, address=row.property_address) if value else None,
        declared=DeclaredOut(
            annual_revenue=money_out(row.declared_annual_revenue, row.currency),
            monthly_debt_service=money_out(row.declared_monthly_debt_service, row.currency),
            existing_lenders=row.declared_lender_names,
        ),
        external_reference=row.external_reference,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def session() -> AsyncIterator[AsyncSession]:
    """A session for the request."""
    async with sessions() as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(session)]
known: dict[bytes, tuple[float, ClientKey]] = {}


async def caller(session: Session, authorization: Annotated[str, Header()]) -> ClientKey:
    """Whose key was shown."""
    hashed = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).digest()
    if (found := known.get(hashed)) and found[0] > time.monotonic():
        return found[1]
    key = await session.scalar(select(ClientKey).where(ClientKey.hash == hashed))
    if key is None or (key.expires_at and key.expires_at <= datetime.now(UTC)):
        raise HTTPException(401)
    known[hashed] = (time.monotonic() + KEY_SECONDS, key)
    return key


class Scoped:
    """Lets a key pass that carries the scope."""

    def __init__(self, scope: str) -> None:
        self._scope = scope

    async def __call__(self, key: Annotated[ClientKey, Depends(caller)]) -> ClientKey:
        """The key, if it carries the scope."""
        if self._scope not in key.scopes:
            raise HTTPException(403)
        return key


Reader = Annotated[ClientKey, Depends(Scoped("applications:read"))]
Writer = Annotated[ClientKey, Depends(Scoped("applications:write"))]


@app.get("/v2/applications/{id}", response_model=ApplicationOut)
async def get_application(id: UUID, key: Reader, session: Session) -> Any:
    """One application."""
    row = await session.scalar(
        select(Application).where(Application.id == id, Application.client_id == key.client_id)
    )
    if row is None:
        raise HTTPException(404)
    return shown(row)


@app.get("/v2/applications", response_model=ApplicationList)
async def list_applications(
    key: Reader, session: Session, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> Any:
    """The caller's applications, newest first."""
    found = await session.scalars(
        select(Application)
        .where(Application.client_id == key.client_id)
        .order_by(Application.id.desc())
        .limit(limit + 1)
    )
    rows = found.all()
    more = cursor(rows[limit - 1].id) if len(rows) > limit else None
    return ApplicationList(data=[shown(row) for row in rows[:limit]], next=more)


@app.post("/v2/applications", response_model=ApplicationOut, status_code=201)
async def submit_application(body: SubmitApplication, key: Writer, session: Session) -> Any:
    """Take in an application: its row, the audit entry and the event, in one transaction."""
    currency, declared, now = body.amount.currency, body.declared or DeclaredIn(), datetime.now(UTC)

    def minor(amount: Any) -> int | None:
        return None if amount is None else money.parse(amount.value, amount.currency)

    row = Application(
        id=new_id(),
        client_id=key.client_id,
        status="received",
        product=body.product,
        **body.applicant.model_dump(),
        currency=currency,
        amount=money.parse(body.amount.value, currency),
        term_months=body.term_months,
        purpose=body.purpose,
        property_value=minor(body.property.market_value) if body.property else None,
        property_address=body.property.address if body.property else None,
        declared_annual_revenue=minor(declared.annual_revenue),
        declared_monthly_debt_service=minor(declared.monthly_debt_service),
        declared_lender_names=declared.existing_lenders,
        external_reference=body.external_reference,
        revision=1,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.add(AuditEntry.of(key.client_id, "application.submitted", row.id, now))
    session.add(Event.of(key.client_id, row.id, "application.received", now))
    await session.commit()
    return shown(row)
