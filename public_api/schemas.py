"""JSON, and the JSON schemas of the shapes that a version reads and writes."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import TypeAdapter

JsonObject = dict[str, Any]
"""A JSON object whose members nobody vouches for."""
JsonValue = None | bool | int | float | str | list["JsonValue"] | Mapping[str, "JsonValue"]
Schema = Mapping[str, Any]
"""A JSON schema."""
PROMISES = "x-beleg-promises"
"""Where a document says what is promised beside its schemas."""
UNIT = "x-beleg-unit"
"""Where a number's schema says what it counts."""
Mode = Literal["serialization", "validation"]


def shape(kind: Any, mode: Mode = "serialization") -> JsonObject:
    """The JSON schema of a type as it is written (or, by `validation`, read)."""
    template = "#/components/schemas/{model}"
    return TypeAdapter(kind).json_schema(mode=mode, ref_template=template)
