"""A file is read in a process of its own, which can neither harm the worker nor look around."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from core.bilingual import Bilingual
from core.documents import Finding
from core.errors import Unreadable
from core.formats.parsers import read
from core.isolation import LIMITS_REACHED, Limits, ParserPool
from core.isolation.pool import ParserFailed
from core.statements.model import Item
from deploy.demo import large_camt053
from tests.core.formats.messages import entry, message, statement
from tests.core.test_hostile import pdf_of

FINE = message(statement(entry()))
Hurried = Callable[[], AbstractContextManager[None]]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems confine less")


LIMITS = Limits(memory_bytes=400 * 1024 * 1024, seconds=60)


@pytest.fixture(scope="module")
def parser_pool() -> Iterator[ParserPool]:
    """One whose parsers misbehave when a file tells them to."""
    with ParserPool(LIMITS, "tests.core.isolation.misbehaving") as pool:
        yield pool


@pytest.fixture
def hurried(parser_pool: ParserPool, monkeypatch: pytest.MonkeyPatch) -> Hurried:
    """Within the block a file may take a second and a half: none that is to be read is."""

    @contextmanager
    def block() -> Iterator[None]:
        with monkeypatch.context() as changing:
            changing.setattr(parser_pool, "_limits", replace(LIMITS, seconds=1.5))
            yield

    return block


def finding(code: str, word: str) -> Finding:
    """What a parser that misbehaves says of it."""
    return Finding(code, Bilingual(word, "as well"))


def items_of(parser_pool: ParserPool, content: bytes) -> list[Item]:
    """What a file of these bytes says."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return list(parser_pool.read(file))


def form_in_itself() -> bytes:
    """A PDF whose page draws itself thrice, and so does each of these."""
    form = b"/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 4 0 R>>>>"
    page = pdf_of(b"/X Do " * 3, form)
    return page.replace(b"/Contents 4 0 R", b"/Contents 4 0 R/Resources<</XObject<</X 4 0 R>>>>")


@pytest.mark.unit
def test_what_little_was_sent_may_not_be_much_work() -> None:
    limits = Limits()
    small, large = (limits.of_file(size, quick=False) for size in (994, 50 * 1024 * 1024))
    assert small.processor_seconds < 6
    assert large.processor_seconds == limits.seconds == small.seconds
    quick = limits.of_file(994, quick=True)
    assert quick.seconds < small.processor_seconds
    assert Limits(seconds=1.5).of_file(994, quick=True).seconds == 1.5


def test_a_small_file_that_is_endless_work_is_refused_for_just_that() -> None:
    limits = Limits(memory_bytes=2 * 1024**3, processor_seconds=1)
    with ParserPool(limits) as pool, pytest.raises(Unreadable, match="work") as refusal:
        items_of(pool, form_in_itself())
    assert refusal.value.code == "too_slow"


def test_what_is_meant_to_be_quick_ends_sooner() -> None:
    limits = Limits(memory_bytes=2 * 1024**3)
    with ParserPool(limits) as pool, TemporaryFile() as file:
        file.write(form_in_itself())
        file.seek(0)
        with pytest.raises(Unreadable, match=r"3 seconds|512 MiB") as refusal:
            list(pool.read(file, quick=True))
    assert refusal.value.code in LIMITS_REACHED


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
    parser_pool: ParserPool, action: bytes, code: str, reason: str, hurried: Hurried
) -> None:
    with (
        hurried() if action == b"loop" else nullcontext(),
        pytest.raises(Unreadable, match=reason) as refusal,
    ):
        items_of(parser_pool, action)
    assert refusal.value.code == code
    assert len(items_of(parser_pool, FINE)) == 2


def test_what_is_run_for_a_reader_ends_with_it(parser_pool: ParserPool, hurried: Hurried) -> None:
    with hurried(), pytest.raises(Unreadable, match=r"1\.5 seconds"):
        items_of(parser_pool, b"look long")
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
        known = "LC_CTYPE OMP_NUM_THREADS OPENBLAS_NUM_THREADS PATH PYTHONPATH"
        assert items_of(fresh, b"look around") == [finding("done", known)]


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


@LINUX
def test_a_reader_that_was_killed_from_outside_says_nothing_of_its_file() -> None:
    patient = ParserPool(Limits(seconds=60), "tests.core.isolation.misbehaving")
    with patient as parser_pool, ThreadPoolExecutor(1) as apart:
        reading = apart.submit(items_of, parser_pool, b"loop")
        assert parser_pool._server is not None
        supervisor = _child_of(parser_pool._server.pid)
        os.kill(_child_of(supervisor), signal.SIGKILL)
        with pytest.raises(ParserFailed):
            reading.result()
        reading = apart.submit(items_of, parser_pool, b"loop")
        os.kill(_child_of(parser_pool._server.pid, but=supervisor), signal.SIGKILL)
        with pytest.raises(ParserFailed):
            reading.result()


def _child_of(process: int, but: int = 0) -> int:
    """The first child of a process, once it has one that is not this."""
    children = Path(f"/proc/{process}/task/{process}/children")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for each in map(int, children.read_text().split()):
            if each != but:
                return each
        time.sleep(0.01)
    raise AssertionError(f"{process} has no child")
