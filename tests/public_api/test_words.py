"""Every value of core's closed lists has a word in each version that can say it, and goes by it."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import pytest

import core
from core import (
    analysis,
    applications,
    apps,
    clients,
    decisions,
    documents,
    irregularities,
    poolers,
    questions,
    reports,
    settings,
    users,
    webhooks,
)
from core.analysis import model as analysis_model
from core.applications import Terms
from core.formats.common import amounts, dates
from core.formats.csv import headers, phrases, totals
from core.formats.papers import forms
from core.formats.pdf import balances, table
from public_api.app import VERSIONS
from public_api.compatibility import STATUS
from public_api.v2.events import FIELD

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[2]

Values = frozenset[object]
NEVER_WORDED: dict[object, str] = {
    amounts.Point: "how a parser takes an amount",
    dates.Order: "how a parser takes a date",
    headers.ColumnRole: "what a column of a table holds, to its parser",
    phrases.TotalKind: "which sum a row of a table may be, to its parser",
    totals.RowMeaning: "whether a row of a table is a booking, to its parser",
    balances.BalanceKind: "where a line of a statement stands, to its parser",
    table.AmountRole: "what a column of a page holds, to its parser",
    forms.FormRow: "which row of a report or of accounts a line is, to its parser",
    documents.FigureTerm: "what the lender sees of a paper's figures; partners have the paper",
    documents.FigureSpan: "for what the lender sees a paper's figure",
    analysis_model.Basis: "how far a statement that does not reconcile harms an answer",
    settings.Environment: "where an instance runs",
    settings.Allowed: "what an operator lets production do",
    users.Role: "what people at the lender may do",
    users.Permission: "what a role allows",
    webhooks.AttemptOutcome: "what became of one attempt; a delivery says its state",
    clients.Scope: "what a key may do: one vocabulary of keys and tokens for all versions",
    irregularities.Irregularity: "what operators are told of calls",
    poolers.PoolerMode: "what stands between us and PostgreSQL",
    apps.Compatibility: "/client-compatibility is of no version and has a table of its own",
}
NOT_WORDED_BY: dict[str, dict[object, str]] = {
    "v1": {
        applications.DeleteReason: "it cannot say why",
        analysis.AnswerState: "a figure that is not answered is null",
        analysis.ComponentName: "it shows figures as a whole",
        analysis.Category: "it lists no transactions",
        analysis.MissingKind: "it names no paper that is missing",
        analysis.ReservationKind: "its flags say what statements lack",
        analysis.Ownership: "it lists no accounts",
        analysis.NoValueReason: "a figure that is not answered is null",
        analysis.Unit: "each figure has its unit in its name",
        decisions.DecisionOutcome: "the application's status says it",
        decisions.DecisionReason: "it shows no decision",
        documents.Term: "it shows no facts",
        questions.Verdict: "it has flags",
        reports.Language: "it prints no report",
        webhooks.DeliveryState: "it lists no deliveries",
        webhooks.DisabledReason: "it shows no state of a callback",
        ("core.statements.model", "StatementKind"): "it lists no statements",
    },
    "v2": {analysis.Ownership: "an account says that it is another's, or nothing"},
}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The package and all modules in it."""
    yield package
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(each.name)


def lists_of_core() -> dict[object, Values]:
    """Every closed list of words in core, enumeration or literal type, and its values."""
    found: dict[object, Values] = {}
    for module in modules(core):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Enum):
                if value.__module__.startswith("core."):
                    found[value] = frozenset(value)
            elif get_origin(value) is Literal and name not in imported(module):
                found[module.__name__, name] = frozenset(get_args(value))
    return {key: values for key, values in found.items() if values}


def imported(module: ModuleType) -> set[str]:
    """The names that a module has from others: an alias, unlike a class, knows no module."""
    nodes = ast.walk(ast.parse(inspect.getsource(module)))
    aliases = [each for node in nodes if isinstance(node, ast.ImportFrom) for each in node.names]
    return {each.asname or each.name for each in aliases}


def tables(name: str) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Every table of a version, with the place where it stands."""
    package = importlib.import_module(f"public_api.{name}")
    for module in modules(package):
        for attribute, value in vars(module).items():
            if isinstance(value, Mapping) and value and not attribute.startswith("_"):
                yield f"{module.__name__}.{attribute}", value


def worded_lists(name: str) -> dict[object, str]:
    """The lists of core that a version has a whole table for, and where."""
    lists = lists_of_core()
    return {
        key: place
        for place, words in tables(name)
        for key, values in lists.items()
        if frozenset(words) == values and {*map(type, words)} == {*map(type, values)}
    }


@pytest.mark.parametrize("name", [each.name for each in VERSIONS])
def test_every_list_of_core_has_its_words_or_a_reason_why_not(name: str) -> None:
    worded, silent = worded_lists(name), NEVER_WORDED | NOT_WORDED_BY[name]
    missing = lists_of_core().keys() - worded.keys() - silent.keys()
    assert not missing, f"{name} may say {missing}: give each value a word, or a reason why not"
    assert not worded.keys() & silent.keys(), f"{name} has words for what it is said not to say"
    assert silent.keys() <= lists_of_core().keys()


@pytest.mark.parametrize("name", [each.name for each in VERSIONS])
def test_no_table_has_a_part_of_a_list_only(name: str) -> None:
    for place, words in tables(name):
        kinds = {type(key) for key in words if isinstance(key, Enum)}
        for kind in kinds:
            assert set(words) == set(kind), f"{place} lacks {set(kind) - set(words)}"


def test_the_answer_that_is_of_no_version_has_its_words_too() -> None:
    assert {*STATUS} == {*apps.Compatibility}


def test_every_field_of_an_application_has_its_name_in_events() -> None:
    assert FIELD.keys() == set(paths(Terms))


def paths(part: Any, within: str = "") -> Iterator[str]:
    """What core calls each field that can change; a part that may be absent, also as a whole."""
    for name, kind in part.__annotations__.items():
        inner = [each for each in (kind, *get_args(kind)) if hasattr(each, "_fields")]
        if type(None) in get_args(kind) or not inner or inner[0].__name__ == "Money":
            yield within + name
        if inner and inner[0].__name__ != "Money":
            yield from paths(inner[0], f"{within}{name}.")
