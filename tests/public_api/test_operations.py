"""An operation binds an endpoint to a translation: one that does not fit fails type checking."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BINDING = """
from core.clients import Scope
from public_api.endpoints import documents as endpoints
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


def type_checked(program: Path, translation: str) -> str:
    """What mypy, configured as for all of this, says of the operation with this translation."""
    program.write_text(BINDING.replace("TRANSLATION", translation))
    command = [sys.executable, "-m", "mypy", str(program)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_an_endpoint_takes_only_a_translation_of_its_command_and_its_result(
    tmp_path: Path,
) -> None:
    assert "Success" in type_checked(tmp_path / "fits.py", "documents.LIST")
    complaint = type_checked(tmp_path / "misfits.py", "applications.LIST")
    assert "Found 1 error" in complaint
    assert 'Argument "endpoint" to "Operation" has incompatible type' in complaint
    assert "Translation[None, list[Document]]" in complaint
