"""Everything that can go wrong: when it is said, and what to do about it.

Status, type, title and code come from the versions themselves, by letting them say each refusal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from core import errors
from core.bilingual import Bilingual
from core.errors import Complaint, Refused
from core.idempotency import KeyReused
from public_api import refusals
from public_api.versions import Version


@dataclass(frozen=True, slots=True)
class Fault:
    """A refusal as it may be met, when it is met, and what to do then; Markdown."""

    refusal: Refused
    when: str
    remedy: str

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.refusal.code.replace("_", "-")


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """How one version answers with a fault."""

    version: str
    status: int
    name: str
    body: str
    headers: tuple[tuple[str, str], ...]


# What differs by which versions there are.
OLDEST, HERE_IS_HOW, WHO_NAMES_WHAT = "{oldest}", "{here_is_how}", "{who_names_what}"
LAST_COMPLAINT = "nickname: no such field; leave it out"
FAULTS = (
    Fault(
        refusals.Malformed("The body is not JSON: EOF while parsing a value at line 1 column 9"),
        "The body is not what its media type says: JSON that does not parse, a form without its"
        " parts.",
        "Send what the `Content-Type` announces. Sending it again unchanged will not help.",
    ),
    Fault(
        errors.Unauthenticated("The API key or token is not known, or no longer valid."),
        "No key was sent, or one that is not known, has expired, or belongs to a partner that was"
        " disabled.",
        "Send `Authorization: Bearer <key>`. An access token that has expired is fetched anew at"
        " `/oauth/token`; a key that was lost is replaced by the lender.",
    ),
    Fault(
        errors.Forbidden("You may not do this."),
        "You are known, and this is not for you.",
        "Ask the lender. Sending it again will not help.",
    ),
    Fault(
        errors.Forbidden("This key lacks the scope report:read.", code="scope_missing"),
        "The key or token does not carry the scope that the operation needs; each operation names"
        " its own.",
        "Ask the lender for a key with that scope, or ask for the scope when you fetch a token.",
    ),
    Fault(
        errors.Forbidden("This key may not be used from this address.", code="address_refused"),
        "The key is bound to networks, and the call came from outside them.",
        "Call from an address on the list, or ask the lender to add yours. If you did not call:"
        " somebody has your key; have it rotated.",
    ),
    Fault(
        errors.NotFound("application"),
        "There is no such thing, or it is not yours. The two cannot be told apart, on purpose.",
        "Check the id, and whether the key belongs to the partner that handed it in. A test key"
        " sees only the sandbox, a live key never does.",
    ),
    Fault(
        refusals.NoSuchMethod(("GET", "POST")),
        "The path exists, the method does not.",
        "`Allow` lists the methods that do.",
    ),
    Fault(
        errors.Conflict("This is not possible in the state it is in."),
        "What you ask for does not fit the state that the thing is in.",
        "Fetch it again and look at its `status` before you decide what to do.",
    ),
    Fault(
        errors.Conflict("The application is approved already.", code="application_closed"),
        "The application was approved, declined or withdrawn, and nothing about it changes any"
        " more.",
        "Hand in a new application if the business asks again.",
    ),
    Fault(
        errors.InProgress(),
        "Another request with the same `Idempotency-Key`, or on the same record, was still at work"
        " after ten seconds.",
        "Wait a moment, then send it again with the same key: you get the first one's answer.",
    ),
    Fault(
        errors.Conflict("An application may have 5000 documents.", code="too_many_documents"),
        "An application, or all of yours together, may have so many documents and so many bytes of"
        " them, and an application so many bookings in them: far more than a case needs. The detail"
        " says which bound was reached.",
        "Send each document once, and several statements in one file; or ask the lender for more.",
    ),
    Fault(
        errors.Conflict("There are 20 webhooks already.", code="too_many_webhooks"),
        "You have as many webhooks as a partner may have.",
        "Delete one that you no longer need, or let one address take the events of several.",
    ),
    Fault(
        errors.Conflict("10 secrets of this webhook sign already.", code="too_many_secrets"),
        "You have rotated the secret so often that as many sign as may. Each goes on signing until"
        " the time that was said when it was followed.",
        "Rotate again once the oldest has run out; until then use the newest.",
    ),
    Fault(
        errors.Conflict("The webhook is disabled; enable it first.", code="webhook_disabled"),
        "Something is to be sent to a webhook that is switched off.",
        "Mend the address, enable the webhook, and ask again.",
    ),
    Fault(
        errors.Stale("The application has changed since you read it."),
        "`If-Match` names a state that is no longer the current one: somebody was faster.",
        "Fetch it, look at what changed, and send your change with the new `ETag`.",
    ),
    Fault(
        refusals.VersionGone.for_good(OLDEST),
        "The version has passed its sunset, or was retired because nobody called it any more.",
        f"Move to a newer version{HERE_IS_HOW}.",
    ),
    Fault(
        refusals.VersionGone.in_brownout(OLDEST, 2_700),
        "The version is switched off for an announced while, so that whoever still calls it notices"
        " before it is gone for good.",
        "It comes back after the seconds that `Retry-After` says. Plan the move: `Sunset` of every"
        " answer says until when, and `Beleg-Brownout` names each brownout weeks ahead.",
    ),
    Fault(
        errors.TooLarge("A body may have at most 1048576 bytes."),
        "The body is larger than is taken; it is refused before it is read to its end.",
        "A JSON body may have 1 MiB, a document 50 MiB. Split larger documents, by month or by"
        " account.",
    ),
    Fault(
        refusals.NotAcceptable("application/json", "application/pdf"),
        "The `Accept` header leaves out every form in which this is offered.",
        "Name one of the forms in the answer's `detail`, or send `Accept: */*` for JSON.",
    ),
    Fault(
        refusals.WrongMediaType("application/merge-patch+json"),
        "The `Content-Type` is not one that the operation takes.",
        "The reference lists the media types of each operation.",
    ),
    Fault(
        refusals.NoPrecondition(),
        "A change was sent without saying which state of the record it was meant for.",
        "Fetch the record and send its `ETag` as `If-Match`: then nobody's change is overwritten"
        " unseen.",
    ),
    Fault(
        refusals.NoSuchRange(1_482_604),
        "`Range` asks for bytes that the document does not have.",
        "`Content-Range` tells how many there are.",
    ),
    Fault(
        errors.Invalid(
            Complaint("/amount/value", "value: EUR has fewer decimals than 3"),
            Complaint("/nickname", LAST_COMPLAINT),
        ),
        f"What you sent breaks rules. {WHO_NAMES_WHAT}",
        "Mend each place that is named. Sending it again unchanged will not help.",
    ),
    Fault(
        KeyReused("This Idempotency-Key was used for another request; use a new one."),
        "The `Idempotency-Key` was used within the last 24 hours for a request that was another:"
        " another method, path or content, or another version.",
        "Make a new key for each new request; keep it for retries of that one only.",
    ),
    Fault(
        errors.Unreadable(
            Bilingual(
                "The file is no bank statement that can be read here.",
                "Die Datei ist kein Kontoauszug, der hier gelesen werden kann.",
            )
        ),
        "A file cannot be read.",
        "The document's `findings` say why; hand in another export of the same statement.",
    ),
    Fault(
        refusals.UpgradeRequired("This build of the app is not served; update it."),
        "The lender has switched off this build of a mobile app, by its `App-Version` or"
        " `User-Agent`.",
        "Update the app. `GET /client-compatibility` says which builds are served before you call.",
    ),
    Fault(
        refusals.TooManyCalls(17),
        "You have used up the calls of this minute or this day.",
        "Come back when `Retry-After` says; what is refused until then counts for nothing."
        " `RateLimit` tells with every answer how many are left; webhooks spare you from asking"
        " again and again.",
    ),
    Fault(
        refusals.OurFault("019a2f3c8d417c529b1e3f6a5d20c7e4"),
        "Something broke on our side. Nothing of your request was kept half done.",
        "Try again with the same `Idempotency-Key`. If it stays, name the `Request-Id` to support:"
        " it leads to the line where it broke.",
    ),
    Fault(
        errors.Unavailable("The database is not reachable."),
        "Something that we stand on is away: the database, the store of documents, a migration.",
        "Try again after the seconds that `Retry-After` says, with the same `Idempotency-Key`.",
    ),
    Fault(
        errors.Unavailable("The database lacks revision 0006.", code="not_migrated"),
        "The instance was updated and its database not yet.",
        "Try again soon; the operator sees it too.",
    ),
)


def faults_of(versions: Sequence[Version], ways: Sequence[str]) -> tuple[Fault, ...]:
    """All of them as these versions have them, newest first; `ways` lead from old to new."""
    oldest = versions[-1]
    filling = {
        "oldest": oldest.name,
        "here_is_how": f"; [here is how]({oldest.successor})" if oldest.successor in ways else "",
        "who_names_what": _who_names_what(versions),
    }
    return tuple(
        Fault(
            _filled(fault.refusal, filling),
            fault.when.format_map(filling),
            fault.remedy.format_map(filling),
        )
        for fault in FAULTS
    )


def _filled(refusal: Refused, filling: Mapping[str, str]) -> Refused:
    """The refusal itself, but for one that names a version."""
    if not isinstance(refusal, refusals.VersionGone):
        return refusal
    detail = refusal.detail.format_map(filling)
    return refusals.VersionGone(detail, refusal.code, refusal.seconds)


def _who_names_what(versions: Sequence[Version]) -> str:
    """Whether a version names every place that breaks a rule, or the first."""
    invalid = next(each.refusal for each in FAULTS if isinstance(each.refusal, errors.Invalid))
    in_full = [each for each in versions if LAST_COMPLAINT.encode() in each.problem(invalid).body]
    if len(in_full) in (0, len(versions)):
        return "Every place is named." if in_full else "The first place is named."
    in_part = [each for each in versions if each not in in_full]
    return (
        ", ".join(
            (
                *(f"Version {each.name[1:]} names every place" for each in in_full),
                *(f"version {each.name[1:]} the first" for each in in_part),
            )
        )
        + "."
    )


def answers_of(versions: Sequence[Version], fault: Fault) -> Mapping[str, FaultAnswer]:
    """How each version answers with a fault."""
    return {version.name: _answer(version, fault) for version in versions}


def _answer(version: Version, fault: Fault) -> FaultAnswer:
    answer = version.problem(fault.refusal)
    body = orjson.loads(answer.body)
    name = next((each for each in _texts(body) if " " not in each), fault.slug)
    text = orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
    headers = tuple(each for each in answer.headers if each[0] != "Content-Type")
    return FaultAnswer(version.name, answer.status, name, text, headers)


def _texts(value: object) -> Iterator[str]:
    """Every text of a body; the first that is no sentence is what the version calls the fault."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
