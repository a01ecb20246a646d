"""What was said of each thing so far: what is said next, wherever, must agree with it.

A golden exchange lets a time pass that has the right form. Here it is known again: what never
changes about an application, a document, an event, a webhook, a transaction is the same in every
answer of both versions and in every delivery, before and after whatever happens to it; what does
change never goes back; and what is new bears the time at which it was made.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.contracts.observed import Observed, instant

Thing = dict[str, Any]
APPLICATION = frozenset(("applicant", "created_at", "updated_at"))
OLD_APPLICATION = frozenset(("company_name", "created"))
DOCUMENT = frozenset(("sha256", "filename", "created_at"))
OLD_DOCUMENT = frozenset(("document_id", "status"))
EVENT = frozenset(("id", "type", "timestamp", "data"))
DELIVERY = frozenset(("id", "attempts", "last_status"))
WEBHOOK = frozenset(("id", "url", "created_at"))
CALLBACK = frozenset(("id", "url", "created"))
DECISION = frozenset(("outcome", "reasons", "decided_at"))
TRANSACTION = frozenset(("id", "remittance", "evidence"))
STATEMENT = frozenset(("id", "document_id", "reconciliation"))
REPORT = frozenset(("computed_at", "figures"))
FOR_EVER = {
    APPLICATION: ("created_at",),
    DOCUMENT: ("application_id", "filename", "media_type", "size", "sha256", "created_at"),
    DELIVERY: ("type", "application_id", "timestamp"),
    WEBHOOK: ("created_at",),
    CALLBACK: ("url",),
    TRANSACTION: ("account", "booked_on", "valued_on", "amount", "remittance", "evidence"),
    STATEMENT: ("document_id", "kind", "account", "number", "starts_on", "ends_on", "opening"),
}
"""What is never another about a thing, by the fields that tell what it is."""
OLD_STATES = ("processing", "done", "failed")
CREATED = (201, 202)


@dataclass
class BodyHistory:
    """All that was said; `note` raises AssertionError where the next word contradicts it."""

    _facts: dict[tuple[str, str], Any] = field(default_factory=dict)
    _latest: dict[tuple[str, str], Any] = field(default_factory=dict)
    _by_tag: dict[tuple[str, str], Thing] = field(default_factory=dict)
    _tags: dict[tuple[str, str], str] = field(default_factory=dict)

    def note(self, observed: Observed) -> None:
        """Hold an exchange or a delivery against all before it."""
        for thing in observed.objects:
            for shape, fields in FOR_EVER.items():
                if shape <= thing.keys():
                    for name in fields:
                        self._same(thing["id"], name, thing[name])
            for shape, rule in _RULES.items():
                if shape <= thing.keys():
                    rule(self, thing, observed)
        if observed.request.method == "RECEIVE":
            self._delivery(observed)
        elif (
            observed.status in CREATED
            and observed.request.method == "POST"
            and not observed.replayed
        ):
            _require_new(observed)
        self._tag(observed)

    def _same(self, thing: str, fact: str, value: Any) -> None:
        before = self._facts.setdefault((thing, fact), value)
        assert value == before, f"{fact} of {thing} was {before!r}, now it is {value!r}"

    def _onwards(self, thing: str, fact: str, value: Any) -> None:
        """What may change, and never back."""
        before = self._latest.get((thing, fact), value)
        assert value >= before, f"{fact} of {thing} went back from {before!r} to {value!r}"
        self._latest[thing, fact] = value

    def _application(self, thing: Thing, observed: Observed) -> None:
        at, created = thing["updated_at"], thing["created_at"]
        self._same(thing["id"], "created to the second", instant(created).replace(microsecond=0))
        assert instant(created) <= instant(at) <= observed.ended
        state = {name: value for name, value in thing.items() if name != "updated_at"}
        self._same(thing["id"], f"what it is at {at}", state)
        if observed.replayed:
            return
        before = self._latest.get((thing["id"], "updated_at"), instant(at))
        self._onwards(thing["id"], "updated_at", instant(at))
        if observed.request.method == "PATCH" and instant(at) != before:
            assert observed.began <= instant(at), "it was changed before it was asked for"

    def _old_application(self, thing: Thing, _spoken: Observed) -> None:
        self._same(thing["id"], "created to the second", instant(thing["created"]))

    def _document(self, thing: Thing, observed: Observed) -> None:
        if (read_at := thing["read_at"]) is not None:
            self._same(thing["id"], "read_at", read_at)
            assert instant(thing["created_at"]) <= instant(read_at) <= observed.ended
        elif not observed.replayed:
            assert (thing["id"], "read_at") not in self._facts, "what was read is read"

    def _old_document(self, thing: Thing, observed: Observed) -> None:
        if len(thing) == len(OLD_DOCUMENT) and not observed.replayed:
            rank = min(OLD_STATES.index(thing["status"]), 1)
            self._onwards(thing["document_id"], "how far it is read", rank)

    def _event(self, thing: Thing, _spoken: Observed) -> None:
        data = thing["data"]
        about = {"type": thing["type"], "timestamp": thing["timestamp"]}
        about["application_id"] = data["application_id"]
        for name, value in about.items():
            self._same(thing["id"], name, value)
        self._same(thing["id"], "data", _beside(data))

    def _delivery(self, observed: Observed) -> None:
        body = observed.json
        if "webhook-id" not in observed.headers:
            return
        which, application = observed.headers["webhook-id"], body["data"].get("application", {})
        self._same(which, "type", body["type"])
        self._same(which, "timestamp", body["timestamp"])
        self._same(which, "application_id", application.get("id"))
        if application:
            self._same(which, "data", _beside(body["data"]))
        assert instant(body["timestamp"]) <= observed.ended

    def _listed_delivery(self, thing: Thing, observed: Observed) -> None:
        last, following = thing["last_attempt_at"], thing["next_attempt_at"]
        if last is not None:
            assert instant(thing["timestamp"]) <= instant(last) <= observed.ended
        assert (following is not None) == (thing["status"] == "pending")

    def _hook(self, thing: Thing, _spoken: Observed) -> None:
        at = instant(thing.get("created_at") or thing["created"])
        self._same(thing["id"], "created to the second", at.replace(microsecond=0))

    def _decision(self, thing: Thing, observed: Observed) -> None:
        for name, value in thing.items():
            self._same(observed.request.path, name, value)
        assert instant(thing["decided_at"]) <= observed.ended

    def _report(self, thing: Thing, observed: Observed) -> None:
        if thing["computed_at"] is not None:
            self._onwards(observed.request.path, "computed_at", instant(thing["computed_at"]))
            assert instant(thing["computed_at"]) <= observed.ended

    def _tag(self, observed: Observed) -> None:
        """One tag is one copy, and one copy has one tag; what is stored is another's story."""
        tag, thing = observed.headers.get("etag"), observed.json if observed.body else None
        if tag is None or observed.replayed or not isinstance(thing, dict) or "id" not in thing:
            return
        before = self._by_tag.setdefault((thing["id"], tag), thing)
        assert thing == before, f"another copy under the tag {tag}"
        had = self._tags.setdefault((thing["id"], thing["updated_at"]), tag)
        assert tag == had, f"the tag was {had}, now it is {tag}, and nothing has changed"


def _beside(data: Thing) -> Thing:
    """What an event says beside whose it is."""
    return {k: v for k, v in data.items() if k not in ("application", "application_id")}


def _require_new(observed: Observed) -> None:
    """Assert that what was just made bears the time at which it was made."""
    thing = observed.json
    text = thing.get("created_at") or thing.get("created")
    if text is None or observed.request.path.endswith(("/replay", "/redeliver", "/test")):
        return
    least = observed.began if "created_at" in thing else observed.began.replace(microsecond=0)
    assert least <= instant(text) <= observed.ended, (
        f"made at {text}, asked for at {observed.began}"
    )


def within(at: datetime, observed: Observed, after: timedelta = timedelta()) -> bool:
    """Whether a time is as long after the exchange as it ought to be."""
    return observed.began <= at - after <= observed.ended


_RULES = {
    APPLICATION: BodyHistory._application,
    OLD_APPLICATION: BodyHistory._old_application,
    DOCUMENT: BodyHistory._document,
    OLD_DOCUMENT: BodyHistory._old_document,
    EVENT: BodyHistory._event,
    DELIVERY: BodyHistory._listed_delivery,
    WEBHOOK: BodyHistory._hook,
    CALLBACK: BodyHistory._hook,
    DECISION: BodyHistory._decision,
    REPORT: BodyHistory._report,
}
