"""A file is read in a process of its own, which can neither harm the worker nor look around."""

import subprocess
import sys
import time
from collections.abc import Iterator
from tempfile import TemporaryFile

import pytest

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats.parsers import read
from core.isolation import Limits, ParserPool
from core.isolation.pool import ParserFailed
from core.statements.model import Item
from deploy.demo import large_camt053
from tests.core.formats.messages import entry, message, statement

FINE = message(statement(entry()))
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems confine less")


@pytest.fixture(scope="module")
def parser_pool() -> Iterator[ParserPool]:
    """One whose parsers misbehave when a file tells them to."""
    limits = Limits(memory_bytes=400 * 1024 * 1024, seconds=1.5)
    with ParserPool(limits, "tests.core.isolation.misbehaving") as pool:
        yield pool


def finding(code: str, word: str) -> Finding:
    """What a parser that misbehaves says of it."""
    return Finding(code, Bilingual(word, "as well"))


def items_of(parser_pool: ParserPool, content: bytes) -> list[Item]:
    """What a file of these bytes says."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return list(parser_pool.read(file))


def test_what_is_read_apart_is_what_is_read_here(parser_pool: ParserPool) -> None:
    content = b"".join(large_camt053(1_200))
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        assert items_of(parser_pool, content) == list(read(file))


@pytest.mark.parametrize(
    ("action", "code", "reason"),
    [
        (b"segfault", "reader_crashed", "signal 11"),
        (b"abort", "reader_crashed", "signal 6"),
        (b"swell", "too_much_memory", "400 MiB"),
        (b"loop", "too_slow", "1.5 seconds"),
        (b"eat", "too_much_memory", "400 MiB"),
        (b"no statement at all", "format_unknown", "not a bank statement"),
    ],
)
def test_a_file_that_kills_its_reader_is_refused_and_the_next_one_is_read(
    parser_pool: ParserPool, action: bytes, code: str, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason) as refusal:
        items_of(parser_pool, action)
    assert refusal.value.code == code
    assert len(items_of(parser_pool, FINE)) == 2


def test_what_is_run_for_a_reader_ends_with_it(parser_pool: ParserPool) -> None:
    started = time.monotonic()
    with pytest.raises(Unreadable, match=r"1\.5 seconds"):
        items_of(parser_pool, b"look long")
    assert time.monotonic() - started < 5
    for _ in range(50):
        if not (left := _programs_of(parser_pool)):
            return
        time.sleep(0.1)
    pytest.fail(f"still there: {left}")


def _programs_of(parser_pool: ParserPool) -> list[str]:
    """What the parsers' process and all that it started run, but for itself."""
    assert parser_pool._server is not None
    listed = subprocess.run(
        ("ps", "-o", "pid=,args=", "--sid", str(parser_pool._server.pid)),
        capture_output=True,
        text=True,
        check=False,
    )
    return [each for each in listed.stdout.splitlines() if "tesseract" in each]


def test_an_error_of_ours_is_told_apart_and_quotes_nothing(
    parser_pool: ParserPool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ParserFailed) as failure:
        items_of(parser_pool, b"err")
    output = "".join(capsys.readouterr())
    assert "misbehaving.py" in output
    assert "Muster GmbH" not in output + str(failure.value)


def test_a_reader_knows_nothing_of_the_workers_environment(
    parser_pool: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_DATABASE_URL", "postgresql://secret")
    with ParserPool(parsers="tests.core.isolation.misbehaving") as fresh:
        assert items_of(fresh, b"look around") == [finding("done", "LC_CTYPE PATH PYTHONPATH")]


@LINUX
@pytest.mark.parametrize("action", [b"connect", b"spy", b"leave", b"sleep"])
def test_a_reader_reaches_neither_network_nor_files_and_starts_no_process(
    parser_pool: ParserPool, action: bytes
) -> None:
    assert items_of(parser_pool, action) == [finding("refused", "PermissionError")]


def test_a_parsers_process_that_was_killed_is_started_anew(parser_pool: ParserPool) -> None:
    assert len(items_of(parser_pool, FINE)) == 2
    assert parser_pool._server is not None
    parser_pool._server.kill()
    parser_pool._server.wait()
    assert len(items_of(parser_pool, FINE)) == 2
