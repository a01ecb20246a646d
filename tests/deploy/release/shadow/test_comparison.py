"""What an operator is told of two answers: nothing where they are equal, one line a difference."""

import json
from copy import deepcopy
from typing import Any

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deploy.release.shadow.answers import Answer, Outcome
from deploy.release.shadow.asking import _promised
from deploy.release.shadow.comparison import (
    COMPARED,
    PASSED_OVER,
    DifferenceKind,
    compared,
    differences,
)
from deploy.release.shadow.masks import Real, mask, member
from public_api.cors import EXPOSED

pytestmark = pytest.mark.unit


def _with_ids(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "id": f"{at:032x}"} for at, each in enumerate(elements)]


NAMES = st.text("abcdefgh_", min_size=1, max_size=6).filter(lambda name: name[0] != "_")
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.decimals(0, 1000, places=2).map(lambda each: Real(str(each)))
    | st.text(max_size=8)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES.filter(lambda name: name != "id"), inner, max_size=4)
        | st.lists(st.dictionaries(NAMES, inner, max_size=3), max_size=4).map(_with_ids)
    ),
    max_leaves=20,
)


def _leaves(value: Any, path: str = "", place: tuple[Any, ...] = ()) -> list[tuple[str, Any]]:
    """The path and the place of everything in a value that is no ids' business."""
    if isinstance(value, dict):
        children = [(f"{path}/{name}", name, each) for name, each in value.items() if name != "id"]
    elif isinstance(value, list):
        children = [(f"{path}/*", at, each) for at, each in enumerate(value)]
    else:
        return [(path or "/", place)]
    return [leaf for where, at, each in children for leaf in _leaves(each, where, (*place, at))]


def _planted(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    changed = deepcopy(value)
    holder = changed
    for each in place[:-1]:
        holder = holder[each]
    holder[place[-1]] = new
    return changed


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for each in place:
        value = value[each]
    return value


@given(VALUES)
def test_equal_bodies_say_nothing(value: Any) -> None:
    assert list(compared(value, deepcopy(value))) == []


@given(VALUES, st.data())
def test_one_planted_change_is_told_at_exactly_its_path(value: Any, data: st.DataObject) -> None:
    leaves = _leaves(value)
    assume(leaves)
    path, place = data.draw(st.sampled_from(leaves))
    old = _at(value, place)
    new = data.draw(LEAVES.filter(lambda each: (type(each), each) != (type(old), old)))
    other = _planted(value, place, new)
    assume(not _is_only_another_order(value, other))
    found = list(compared(value, other))
    assert [each.path for each in found] == [path]
    assert found[0].kind in (DifferenceKind.TYPE, DifferenceKind.VALUE)
    assert (found[0].a, found[0].b) == (mask(old), mask(new))


def _is_only_another_order(a: Any, b: Any) -> bool:
    return any(each.kind is DifferenceKind.ORDER for each in compared(a, b))


@given(VALUES.filter(lambda value: isinstance(value, dict)), NAMES, LEAVES)
def test_a_member_that_comes_or_goes_is_told_by_its_name(
    value: dict[str, Any], name: str, extra: Any
) -> None:
    assume(name not in value)
    more = {**value, name: extra}
    assert [each.key for each in compared(value, more)] == [(f"/{name}", DifferenceKind.EXTRA)]
    assert [each.key for each in compared(more, value)] == [(f"/{name}", DifferenceKind.MISSING)]


@given(st.lists(LEAVES, min_size=2, max_size=6), st.data())
def test_an_element_that_is_missing_does_not_make_its_neighbours_differ(
    value: list[Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(value) - 1))
    found = list(compared(value, value[:at] + value[at + 1 :]))
    assert [each.key for each in found] == [("/*", DifferenceKind.MISSING)]


def test_elements_with_ids_are_held_against_their_own() -> None:
    a = [{"id": "1", "note": None}, {"id": "2", "note": None}]
    b = [{"id": "0", "note": None}, {"id": "2", "note": ""}]
    assert [(each.path, each.kind, each.a, each.b) for each in compared(a, b)] == [
        ("/*", DifferenceKind.MISSING, "object of 2", ""),
        ("/*", DifferenceKind.EXTRA, "", "object of 2"),
        ("/*/note", DifferenceKind.TYPE, "null", '""'),
    ]


def test_another_order_is_one_difference() -> None:
    found = list(compared([1, 2, 3], [3, 1, 2]))
    assert [each.key for each in found] == [("/*", DifferenceKind.ORDER)]


@given(st.text(max_size=60))
def test_a_mask_shows_a_texts_shape_and_none_of_its_letters_and_digits(text: str) -> None:
    shown = mask(text)
    assert set(shown) <= set('x9"… .,:;-_/@+()%·0123456789')
    other = "".join("q" if each.isalpha() else "7" if each.isdigit() else each for each in text)
    assert mask(other) == shown
    if any(each.isalpha() and each != "x" for each in text):
        assert text not in shown


def test_what_is_empty_or_null_or_a_truth_shows() -> None:
    shown = [mask(each) for each in (None, "", True, 0, [], {}, Real("12.50"), "Käthe 7")]
    told = ["null", '""', "true", "9", "array of 0", "object of 0", "99.99", '"xxxxx 9"']
    assert shown == told


@given(st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{14,20}\Z") | st.emails())
def test_a_members_name_that_is_data_is_masked(name: str) -> None:
    assert member(name) != name
    assert member("legal_name") == "legal_name"


def _answer(status: int = 200, body: Any = None, **headers: str) -> Answer:
    content = json.dumps(body).encode()
    kept = {"content-type": "application/json", **headers}
    return Answer(status, kept, content, digest=content)


WALL_OF_B = _answer(503, {"detail": "A shadow writes nothing."})
WALL_OF_OLD = _answer(503, {"error": {"message": "The database does not let us do what we must."}})
TAKEN = _answer(201, {"id": "1"})
REFUSED = _answer(422, {"type": "/problems/invalid", "errors": [{"pointer": "/term_months"}]})


@pytest.mark.parametrize(("a", "b"), [(WALL_OF_OLD, WALL_OF_B), (TAKEN, WALL_OF_B)])
def test_whoever_reaches_the_wall_has_taken_a_write(a: Answer, b: Answer) -> None:
    assert a.outcome is b.outcome is Outcome.ACCEPTED
    assert differences("POST", a, b) == ()


def test_a_write_that_only_b_refuses_is_told_with_its_problem() -> None:
    (found,) = differences("POST", WALL_OF_OLD, REFUSED)
    told = (found.path, found.kind, found.a, found.b)
    assert told == ("outcome", DifferenceKind.OUTCOME, "accepted", "422 /problems/invalid")


def test_two_refusals_are_compared_to_the_place_that_they_complain_about() -> None:
    other = {"type": "/problems/invalid", "errors": [{"pointer": "/amount"}]}
    (found,) = differences("POST", REFUSED, _answer(422, other))
    assert found.path == "/errors/*/pointer"


def test_a_server_that_is_away_is_not_taken_for_the_wall() -> None:
    away = _answer(503, {"detail": "The database is not reachable; try again soon."})
    (found,) = differences("POST", WALL_OF_OLD, away)
    assert found.kind is DifferenceKind.OUTCOME


def test_statuses_headers_and_bytes_are_compared() -> None:
    a = _answer(200, {"a": 1}, etag='"1"')
    assert [e.path for e in differences("GET", a, _answer(404, {"a": 1}))] == ["status"]
    assert [e.path for e in differences("GET", a, _answer(200, {"a": 1}))] == ["header:etag"]
    file = {"content-type": "application/pdf"}
    found = differences("GET", Answer(200, file, b"1", digest=b"1"), Answer(200, file, b"2"))
    assert [each.path for each in found] == ["body"]


def test_no_answer_of_b_is_a_difference() -> None:
    (found,) = differences("GET", TAKEN, Answer(problem="not reachable"))
    assert (found.kind, found.b) == (DifferenceKind.UNANSWERED, "not reachable")


def test_every_header_that_is_promised_is_compared_or_passed_over_for_a_reason() -> None:
    promised = {each.lower() for each in EXPOSED}
    assert promised <= COMPARED | PASSED_OVER
    assert _promised(httpx.Headers({"ETag": "1", "Date": "now"})) == {"etag": "1"}
