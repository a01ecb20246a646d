"""What build 0.1.0 sends, word for word: it never heard of the columns that came after it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import orjson

import deploy

FILE = Path(deploy.__file__).parent / "statements" / "0.1.0.json"


class OldBuild:
    """Reads and writes as that build does, with values by the names it has for its columns."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        frozen = orjson.loads(FILE.read_bytes())
        self._statements = {each["name"]: each["sql"] for each in frozen["statements"]}
        self._columns = {table: columns for table, (columns, *_) in frozen["inserts"].items()}
        self._connection = connection

    async def read(self, name: str, *arguments: object) -> list[dict[str, Any]]:
        """What a statement of that name gives."""
        return [dict(row) for row in await self._connection.fetch(self._sql(name), *arguments)]

    async def insert(self, name: str, table: str, values: Mapping[str, object]) -> None:
        """Insert a row by the statement of that name."""
        ordered = [values.get(column) for column in self._columns[table]]
        await self._connection.execute(self._sql(name), *ordered)

    async def copy(self, table: str, *rows: dict[str, Any]) -> None:
        """Insert rows by COPY, as that build writes what it has read."""
        columns = self._columns[table]
        records = [[row.get(column) for column in columns] for row in rows]
        await self._connection.copy_records_to_table(table, columns=columns, records=records)

    async def update(self, name: str, which: object, values: Mapping[str, object]) -> None:
        """Update a row by the statement of that name; what is not named becomes null."""
        sql = self._sql(name)
        columns = re.findall(r"(\w+)=\$\d+", sql)
        await self._connection.execute(sql, *(values.get(each) for each in columns), which)

    def _sql(self, name: str) -> str:
        return str(self._statements[f"core.{name}"])
