"""Each figure's rule, mutated, turns a test red: planted one at a time in a copy of the tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOWS, BALANCES, COMPLETENESS = (
    f"core/analysis/{name}.py" for name in ("flows", "balances", "completeness")
)
MUTATIONS = {
    "monthly_revenue": (
        FLOWS,
        "mean(sum(months.values()), window.months)",
        "mean(sum(months.values()), window.months + 1)",
    ),
    "average_balance": (BALANCES, "mean(sum(days), len(days))", "mean(sum(days), len(days) - 1)"),
    "lowest_balance": (BALANCES, "lowest = min(days)", "lowest = max(days)"),
    "days_in_red": (
        BALANCES,
        "sum(balance < 0 for balance in days)",
        "sum(balance <= 0 for balance in days)",
    ),
    "own_payments_bounced": (
        FLOWS,
        "_count(books.labelled(Category.OWN_DEBIT_RETURNED))",
        "_count(books.labelled(Category.TRANSFER_RETURNED))",
    ),
    "customer_debits_bounced": (
        FLOWS,
        "_count(books.labelled(Category.CUSTOMER_DEBIT_RETURNED))",
        "_count(books.labelled(Category.OWN_DEBIT_RETURNED))",
    ),
    "customer_debits_bounced_ratio": (
        FLOWS,
        "collected = books.labelled(Category.COLLECTION)",
        "collected = books.labelled(Category.REVENUE)",
    ),
    "debt_service": (FLOWS, "if not booking.bounced]", "if booking]"),
    "growth": (FLOWS, "sum(months[-15:-12])", "sum(months[-14:-11])"),
    "completeness": (COMPLETENESS, "and not books.gaps and not accounts", "and not accounts"),
    "reconciliation": (
        COMPLETENESS,
        "sum(abs(difference) for _, difference in wrong)",
        "sum(difference for _, difference in wrong)",
    ),
    "seizures": (FLOWS, "_count(books.labelled(Category.SEIZURE))", "_count([])"),
    "gambling": (FLOWS, "_count(books.labelled(Category.GAMBLING))", "_count([])"),
    "undeclared_lenders": (
        FLOWS,
        "if not _is_declared(lender, declared)]",
        "if _is_declared(lender, declared)]",
    ),
}


@pytest.mark.parametrize("figure", MUTATIONS)
def test_a_mutated_rule_turns_a_test_red(figure: str, tmp_path: Path) -> None:
    file, rule, mutated = MUTATIONS[figure]
    source = (ROOT / file).read_text()
    assert source.count(rule) == 1
    shutil.copytree(ROOT / "core", tmp_path / "core")
    (tmp_path / "tests" / "core").mkdir(parents=True)
    shutil.copytree(ROOT / "tests/core/analysis", tmp_path / "tests" / "core" / "analysis")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    unit: x\n")
    (tmp_path / file).write_text(source.replace(rule, mutated))
    tests = tmp_path / "tests/core/analysis/test_figures.py"
    run = subprocess.run(
        (sys.executable, "-P", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(tests)),
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout[-2000:] + run.stderr[-2000:]
    assert "failed" in run.stdout
