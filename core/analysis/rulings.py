"""Which accounts count: the applicant's, and others' where a person lets them in, with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert

from core import applications, audit, statements
from core.analysis.ownership import Ownership, ownerships
from core.applications import Applicant
from core.db import Queryable, Tx
from core.errors import Complaint, Conflict, Invalid, NotFound
from core.query import compiled, metadata, param
from core.statements import Account
from core.users import Permission, Person

LONGEST_REASON = 2000
LET_IN, KEPT_OUT, TAKEN_BACK = "account.let_in", "account.kept_out", "account.ruling_taken_back"
RULING_ACTIONS = (LET_IN, KEPT_OUT, TAKEN_BACK)
"""The actions in the audit log."""


@dataclass(frozen=True, slots=True)
class AccountRuling:
    """What a person said of an account of another holder: it counts or it does not, and why."""

    account: str
    counted: bool
    reason: str
    person_id: UUID
    ruled_at: datetime


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """Whose an account is, and whether it counts; `ruling` is None where nobody said anything."""

    account: str
    ownership: Ownership
    holder: str | None
    ruling: AccountRuling | None = None

    @property
    def counted(self) -> bool:
        """Whether figures and answers rest on it."""
        if self.ownership is not Ownership.ANOTHER:
            return True
        return self.ruling is not None and self.ruling.counted

    @property
    def open(self) -> bool:
        """Whether it is another's and nobody said yet what is to become of it."""
        return self.ownership is Ownership.ANOTHER and self.ruling is None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account that does not count: who holds it, and whether a person said so."""

    holder: str
    ruled: bool


NOTHING_LEFT_OUT: Mapping[str, LeftOut] = MappingProxyType({})
account_ruling = Table(
    "account_ruling",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("counted", Boolean),
    Column("reason", Text),
    Column("person_id", Uuid),
    Column("ruled_at", DateTime(timezone=True)),
)
_OF = account_ruling.c.application_id == param("application_id")
_ALL = compiled(select(*account_ruling.c).where(_OF))
_TAKE_BACK = compiled(
    delete(account_ruling).where(_OF, account_ruling.c.account == param("account"))
)
_NEW = insert(account_ruling).values({each.name: param(each.name) for each in account_ruling.c})
_RULE = compiled(
    _NEW.on_conflict_do_update(
        index_elements=[each.name for each in account_ruling.primary_key],
        set_={each: _NEW.excluded[each] for each in ("counted", "reason", "person_id", "ruled_at")},
    )
)


def standings(
    accounts: Iterable[Account], applicant: Applicant, rulings: Sequence[AccountRuling]
) -> list[AccountStanding]:
    """How each account stands that statements are about; each may be named more than once."""
    by_account = {each.account: each for each in rulings}
    return [
        AccountStanding(account, ownership, holder, by_account.get(account))
        for account, (ownership, holder) in ownerships(accounts, applicant).items()
    ]


def left_out(known: Sequence[AccountStanding]) -> dict[str, LeftOut]:
    """The accounts that do not count."""
    return {
        each.account: LeftOut(each.holder or "", each.ruling is not None)
        for each in known
        if not each.counted
    }


async def list_rulings(db: Queryable, application_id: UUID) -> list[AccountRuling]:
    """What people said of an application's accounts."""
    return [
        AccountRuling(
            account=row["account"],
            counted=row["counted"],
            reason=row["reason"],
            person_id=row["person_id"],
            ruled_at=row["ruled_at"],
        )
        for row in await db.all(_ALL, application_id=application_id)
    ]


async def rule(
    tx: Tx, person: Person, application_id: UUID, account: str, counted: bool, reason: str
) -> None:
    """Let an account of another holder count, or say that it shall not; answer anew."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        complaint = f"reason: say why, in at most {LONGEST_REASON} characters"
        raise Invalid(Complaint("/reason", complaint))
    standing = await _lock(tx, person, application_id, account)
    if standing.ownership is not Ownership.ANOTHER:
        raise Conflict("The account is not another's: it counts.")
    await tx.run(
        _RULE,
        application_id=application_id,
        account=account,
        counted=counted,
        reason=said,
        person_id=person.id,
        ruled_at=datetime.now(UTC),
    )
    detail = {"account": account, "holder": standing.holder, "reason": said}
    await _renew(tx, person, application_id, LET_IN if counted else KEPT_OUT, detail)


async def take_back(tx: Tx, person: Person, application_id: UUID, account: str) -> None:
    """Take back what was said of an account; answer anew. Again changes nothing."""
    standing = await _lock(tx, person, application_id, account)
    if standing.ruling is None:
        return
    await tx.run(_TAKE_BACK, application_id=application_id, account=account)
    detail = {"account": account, "holder": standing.holder, "counted": standing.ruling.counted}
    await _renew(tx, person, application_id, TAKEN_BACK, detail)


async def _lock(tx: Tx, person: Person, application_id: UUID, account: str) -> AccountStanding:
    person.require(Permission.DECIDE_CASES)
    application = await applications.lock(tx, application_id)
    applications.require_open(application)
    accounts = await statements.list_accounts(tx, application_id)
    rulings = await list_rulings(tx, application_id)
    known = standings(accounts, application.terms.applicant, rulings)
    standing = next((each for each in known if each.account == account), None)
    if standing is None:
        raise NotFound("account")
    return standing


async def _renew(
    tx: Tx, person: Person, application_id: UUID, action: str, detail: Mapping[str, object]
) -> None:
    audit.record(tx, person.actor, action, "application", application_id, dict(detail))
    await applications.renew(tx, person.actor, await applications.lock(tx, application_id))
