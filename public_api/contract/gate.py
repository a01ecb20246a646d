"""Compares a published document with what would be served now: what breaks, and for whom."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from public_api.contract.numbers import bare_amounts
from public_api.contract.shapes import Break, Document, SchemaComparison, Side
from public_api.schemas import PROMISES

Path = tuple[str, ...]
EVERYBODY = "every client"
SCOPE = "x-beleg-scope"
NOTICE = timedelta(days=365)
MORE_IS_KINDER = frozenset(
    (
        "access_token_longest_seconds",
        "body_bytes",
        "brownout_notice_days",
        "calls_per_day",
        "calls_per_minute",
        "deliveries.answered_within_seconds",
        "deliveries.tried_for_days",
        "deliveries.webhooks",
        "deliveries_kept_days",
        "document_bytes",
        "idempotency_hours",
        "key_rotation_days",
        "old_secret_signs_hours",
        "page_items.most",
        "request_id_longest_characters",
        "signing_secrets",
        "sunset",
        "twin_waits_seconds",
    )
)
"""What may grow and not shrink; a promise within another goes by both names."""
LESS_IS_KINDER = frozenset(
    (
        "access_token_shortest_seconds",
        "request_id_shortest_characters",
        "retry_after_unavailable_seconds",
    )
)
EXACT = frozenset(
    (
        "currency_decimals.0",
        "currency_decimals.3",
        "currency_decimals.others",
        "deliveries.retried_after_seconds",
        "deliveries.retried_later_percent",
        "evidence_items",
        "flags.longest_gap_days",
        "flags.longest_window_months",
        "flags.needed_months",
        "flags.rules",
        "largest_amount_digits",
        "page_items.usual",
        "problems",
        "windows_seconds",
    )
)
"""Promises that somebody counts on as they are; so is whatever is named nowhere."""
ASKED_FOR = {"304": "If-None-Match"}
GROWING = frozenset(("every_answer_carries",))


def breaks(old: Document, new: Document) -> list[Break]:
    """All that a client of the old document would notice in the new one."""
    return sorted(_breaks(old, new), key=str)


def _breaks(old: Document, new: Document) -> Iterator[Break]:
    yield from _promises(old.get(PROMISES, {}), new.get(PROMISES, {}))
    yield from _security(old, new)
    for path, place in old["paths"].items():
        if path not in new["paths"]:
            yield Break(path, "clients that call it", "the path is gone")
            continue
        for method, operation in place.items():
            now = new["paths"][path].get(method)
            if now is None:
                yield Break(f"{method.upper()} {path}", "clients that call it", "it is gone")
            else:
                yield from _operation(old, new, f"{method.upper()} {path}", operation, now)
    yield from _webhooks(old, new)
    yield from bare_amounts(old, new)


def _webhooks(old: Document, new: Document) -> Iterator[Break]:
    """What receivers would notice: a body of ours is to them as an answer is to callers."""
    shapes = SchemaComparison(old, new, Side.ANSWER, _extensible(old))
    for name, before in old.get("webhooks", {}).items():
        place, after = f"webhook {name}", new.get("webhooks", {}).get(name)
        if after is None:
            yield Break(place, "receivers that wait for it", "it is gone")
            continue
        had, has = before["post"], after["post"]
        content = (each["requestBody"]["content"] for each in (had, has))
        yield from _content(shapes, f"{place} body", *content)
        remaining = {each["name"] for each in has["parameters"]}
        for header in had["parameters"]:
            if header["name"] not in remaining:
                how = f"the header {header['name']} is gone"
                yield Break(place, "receivers that verify by it", how)
        for status in had["responses"].keys() - has["responses"].keys():
            yield Break(f"{place} {status}", "receivers that answer so", "it is not understood")


def _extensible(old: Document) -> bool:
    return bool(old.get(PROMISES, {}).get("enumerations") == "extensible")


def _operation(
    old: Document, new: Document, place: str, before: Document, after: Document
) -> Iterator[Break]:
    name, now = before["operationId"], after.get("operationId")
    if name != now:
        yield Break(place, "generated clients", f"the operationId was {name}, now it is {now}")
    if SCOPE in before and before[SCOPE] != after.get(SCOPE):
        yield Break(
            place,
            "keys with the old scope",
            f"the scope was {before[SCOPE]}, now it is {after.get(SCOPE)}",
        )
    yield from _parameters(old, new, place, before, after)
    yield from _body(old, new, place, before.get("requestBody"), after.get("requestBody"))
    yield from _responses(old, new, place, before, after)


def _parameters(
    old: Document, new: Document, place: str, before: Document, after: Document
) -> Iterator[Break]:
    had, has = (
        {(it["in"], it["name"]): it for it in each.get("parameters", ())}
        for each in (before, after)
    )
    shapes = SchemaComparison(old, new, Side.REQUEST)
    for key, parameter in had.items():
        here = f"{place} {key[0]} {key[1]}"
        if key not in has:
            yield Break(here, "clients that send it", "the parameter is gone")
            continue
        if has[key].get("required") and not parameter.get("required"):
            yield Break(here, "clients that leave it out", "the parameter is required now")
        yield from shapes.breaks(here, parameter["schema"], has[key]["schema"])
    for key in has.keys() - had.keys():
        if has[key].get("required"):
            here = f"{place} {key[0]} {key[1]}"
            yield Break(here, EVERYBODY, "a new parameter is required")


def _body(
    old: Document, new: Document, place: str, before: Document | None, after: Document | None
) -> Iterator[Break]:
    place = f"{place} body"
    if before is None:
        if after and after.get("required"):
            yield Break(place, "clients that send none", "a body is required now")
        return
    if after is None:
        yield Break(place, "clients that send it", "the body is no longer taken")
        return
    if after.get("required") and not before.get("required"):
        yield Break(place, "clients that send none", "the body is required now")
    yield from _content(
        SchemaComparison(old, new, Side.REQUEST), place, before["content"], after["content"]
    )


def _responses(
    old: Document, new: Document, place: str, before: Document, after: Document
) -> Iterator[Break]:
    shapes = SchemaComparison(old, new, Side.ANSWER, _extensible(old))
    expected = _on_request(before, after)
    before, after = before["responses"], after["responses"]
    for status, answer in before.items():
        here = f"{place} {status}"
        if status not in after:
            yield Break(here, "clients that wait for it", "the status is no longer answered")
            continue
        yield from _content(
            shapes, here, answer.get("content", {}), after[status].get("content", {})
        )
        for header in answer.get("headers", {}).keys() - after[status].get("headers", {}).keys():
            yield Break(here, "clients that read it", f"the header {header} is gone")
    # Nobody was promised an answer in a media type that was never published.
    for status in after.keys() - before.keys() - {"406"} - expected:
        yield Break(f"{place} {status}", EVERYBODY, "the status was never named")


def _on_request(before: Document, after: Document) -> set[str]:
    """The statuses that only a header asks for which the old document did not name."""
    named, names = (
        {each["name"] for each in it.get("parameters", ()) if each["in"] == "header"}
        for it in (before, after)
    )
    return {status for status, header in ASKED_FOR.items() if header in names - named}


def _content(
    shapes: SchemaComparison, place: str, before: Document, after: Document
) -> Iterator[Break]:
    for media, content in before.items():
        if media not in after:
            yield Break(
                f"{place} {media}", f"{shapes.side.who_breaks} it", "the media type is gone"
            )
        else:
            yield from shapes.breaks(f"{place} {media}", content["schema"], after[media]["schema"])
    if shapes.side is Side.ANSWER and not before and after:
        yield Break(place, "clients that read it", "an answer without a body has one now")


def _security(old: Document, new: Document) -> Iterator[Break]:
    if old.get("security") != new.get("security"):
        yield Break("security", EVERYBODY, "how a caller shows who it is changed")
    now = new["components"].get("securitySchemes", {})
    for name, before in old["components"].get("securitySchemes", {}).items():
        after = now.get(name, {})
        if (before["type"], before.get("scheme")) != (after.get("type"), after.get("scheme")):
            yield Break(f"security {name}", EVERYBODY, "how a caller shows who it is changed")


def _promises(old: Document, new: Document) -> Iterator[Break]:
    for name, before in old.items():
        for path, was, now in _changed((name,), before, new.get(name)):
            how = f"it was {was!r}, now it is {now!r}"
            yield Break(f"promise {' '.join(path)}", EVERYBODY, how)
    if old and "sunset" in new and "sunset" not in old:
        deprecated, sunset = (
            datetime.fromisoformat(new[each]) for each in ("deprecated", "sunset")
        )
        if sunset - deprecated < NOTICE:
            yield Break("promise sunset", EVERYBODY, "less than a year is left to move")


def _changed(path: Path, before: Any, after: Any) -> Iterator[tuple[Path, object, object]]:
    """Where a promise changed against the caller: lists and tables may only gain."""
    name = ".".join(path)
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from _changed((*path, key), value, after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and name in GROWING:
        if not set(before) <= set(after):
            yield path, before, after
    elif name in MORE_IS_KINDER and type(before) is type(after):
        if after < before:
            yield path, before, after
    elif name in LESS_IS_KINDER and type(before) is type(after):
        if after > before:
            yield path, before, after
    elif before != after:
        yield path, before, after
