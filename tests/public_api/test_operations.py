"""An operation binds an endpoint to a translation: one that does not fit fails type checking."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BINDING = """
from core.clients import Scope
from public_api.endpoints import documents as endpoints
from public_api.messages import Translation
from public_api.v2 import applications, documents
from public_api.versions import Operation

Operation(
    method="GET",
    path="/applications/{id}/documents",
    name="listDocuments",
    summary="All documents of an application",
    endpoint=endpoints.list_all,
    translation=TRANSLATION,
    scope=Scope.APPLICATIONS_READ,
    responses={200: None},
)
"""


FITS = "documents.LIST"
# What does not fit, and what its endpoint would have to take.
MISFITS = {
    "Translation(applications.LIST.read, documents.LIST.write)": (
        "Translation[ApplicationListing, list[Document]]"
    ),
    "documents.SHOW": "Translation[None, Document]",
}
# Not where `make check` has its own, which may run beside this.
CACHE = ROOT / ".mypy_cache" / "operations"


@pytest.mark.long
def test_an_endpoint_takes_only_a_translation_of_its_command_and_its_result(
    tmp_path: Path,
) -> None:
    for at, translation in enumerate((FITS, *MISFITS)):
        program = BINDING.replace("TRANSLATION", translation)
        (tmp_path / f"program_{at}.py").write_text(program)
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(CACHE), str(tmp_path)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    *complaints, total = checked.stdout.splitlines()
    assert total == "Found 2 errors in 2 files (checked 3 source files)", checked.stdout
    for at, (complaint, taken) in enumerate(zip(sorted(complaints), MISFITS.values(), strict=True)):
        assert f"program_{at + 1}.py" in complaint
        assert 'Argument "endpoint" to "Operation" has incompatible type' in complaint
        assert f'expected "Callable[[Call, {taken}]' in complaint
