"""Files of web apps of several builds in one store: found by any, gone once nobody needs them."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import bundles
from core.bundles import BundleStore
from core.settings import local_blobs

pytestmark = pytest.mark.unit
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=2)
A = {"index-a.js": b"a()", "shared-1.css": b"p{}"}
B = {"index-b.js": b"b()", "shared-1.css": b"p{}"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BundleStore:
    """The store of an instance."""
    monkeypatch.setattr(bundles, "LOOK_SECONDS", 0.0)
    return BundleStore(local_blobs(tmp_path))


async def test_a_file_of_any_build_is_found_and_what_is_there_is_not_sent_again(
    store: BundleStore, tmp_path: Path
) -> None:
    assert await store.publish("0.2.0+a", A) == 2
    assert await store.publish("0.3.0+b", B) == 1
    assert await store.publish("0.3.0+b", B) == 0
    other = BundleStore(local_blobs(tmp_path))
    assert await other.find("index-a.js") == b"a()"
    assert await other.find("index-c.js") is None


async def test_all_that_ask_at_once_are_answered(tmp_path: Path) -> None:
    await BundleStore(local_blobs(tmp_path)).publish("0.2.0+a", A)
    store = BundleStore(local_blobs(tmp_path))
    assert await asyncio.gather(*map(store.find, A)) == list(A.values())


async def test_guessing_names_asks_the_store_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, asked = BundleStore(local_blobs(tmp_path)), 0
    await store.publish("0.2.0+a", A)
    look = BundleStore._list

    async def counted(self: BundleStore, folder: str) -> list[tuple[str, datetime]]:
        nonlocal asked
        asked += 1
        return await look(self, folder)

    monkeypatch.setattr(BundleStore, "_list", counted)
    assert set(await asyncio.gather(*(store.find(f"guess-{n}.js") for n in range(50)))) == {None}
    assert asked == 1


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../builds/x", "a/b", ".beleg-instance", "%2e%2e", "a\x00", "a" * 200, "a\n"],
)
async def test_a_hostile_name_is_no_file(store: BundleStore, tmp_path: Path, name: str) -> None:
    (tmp_path / ".beleg-instance").write_text("secret")
    await store.publish("0.2.0+a", {**A, name: b"hostile"})
    assert await store.find(name) is None
    assert sorted(each.name for each in (tmp_path / "web" / "files").iterdir()) == sorted(A)


async def test_a_document_is_no_file_of_a_web_app_and_none_is_swept(
    store: BundleStore, tmp_path: Path
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "secret.js").write_text("x")
    (tmp_path / "web" / "files").mkdir(parents=True)
    (tmp_path / "web" / "files" / "stray-1.js").write_text("x")
    assert await store.find("secret.js") is None
    assert await store.find("stray-1.js") is None  # no build has said that it needs it
    assert await store.sweep([], LATER) == 1
    assert (tmp_path / "documents" / "secret.js").exists()


async def test_what_a_build_needs_stays_until_it_is_gone_for_good(store: BundleStore) -> None:
    await store.publish("0.2.0+a", A)
    await store.publish("0.3.0+b", B)
    assert await store.sweep(["0.3.0+b"], NOW) == 0  # it may just be starting
    assert await store.sweep(["0.2.0+a", "0.3.0+b"], LATER) == 0
    assert await store.sweep(["0.3.0+b"], LATER) == 1
    assert await store.find("index-a.js") is None
    assert await store.find("shared-1.css") == b"p{}"


async def test_a_file_that_is_too_large_is_neither_kept_nor_handed_out(
    store: BundleStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.publish("0.2.0+a", A)
    monkeypatch.setattr(bundles, "LARGEST", 2)
    assert await store.publish("0.3.0+b", B) == 0
    assert await store.find("index-a.js") is None
