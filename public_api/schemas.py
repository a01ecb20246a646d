"""JSON schemas of the shapes that a version reads and writes."""

from typing import Any, Literal

from pydantic import TypeAdapter

Mode = Literal["serialization", "validation"]


def shape(kind: Any, mode: Mode = "serialization") -> dict[str, Any]:
    """The JSON schema of a type as it is written (or, by `validation`, read)."""
    template = "#/components/schemas/{model}"
    return TypeAdapter(kind).json_schema(mode=mode, ref_template=template)
