"""A version is a frozen value: what core calls things is its own affair."""

import os
import subprocess
import sys
from pathlib import Path

from tests.public_api.samples import lines, written
from tests.public_api.test_words import tables, worded_lists

ROOT = Path(__file__).parents[2]


def test_another_name_in_core_changes_no_byte_on_the_wire() -> None:
    script = Path(__file__).with_name("renamed.py")
    renamed = subprocess.run(
        (sys.executable, "-P", script, "renamed"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert renamed.returncode == 0, renamed.stderr.decode()
    assert renamed.stdout.decode().splitlines() == "\n".join(lines()).splitlines()


def test_every_word_of_version_2_is_among_what_is_compared() -> None:
    bodies = b"".join(response.body for response in written()).decode()
    compared = [words for _, words in tables("v2") if {*map(type, words)} <= {*worded_lists("v2")}]
    assert compared
    for words in compared:
        missing = [word for word in words.values() if word and f'"{word}"' not in bodies]
        assert not missing, f"no sample says {missing}"
