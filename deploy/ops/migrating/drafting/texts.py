"""How revisions and backfills are written down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

UPGRADE = """

def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
"""


def expand(message: str, number: str, head: str, statements: Sequence[str]) -> str:
    """An expand's file."""
    told = f'revision = "{number}"\ndown_revision = "{head}"\nkind = "expand"\n'
    return _file(message, told, statements)


def contract(
    message: str,
    number: str,
    after: str,
    drops: Sequence[str],
    needs: Sequence[str],
    statements: Sequence[str],
) -> str:
    """A contract's file."""
    told = f'revision = "{number}"\ndown_revision = None\ndepends_on = ("{after}",)\n'
    told += 'kind = "contract"\n'
    told += f"needs = {_tuple(needs)}\n" if needs else ""
    told += f"drops = {_tuple(drops)}\n" if drops else ""
    return _file(message, told, statements)


def _file(message: str, told: str, statements: Sequence[str]) -> str:
    listed = "".join(f"    {_literal(each)},\n" for each in statements)
    head = f'"""{message.rstrip(".")}."""\n\nfrom alembic import op\n\n'
    return f"{head}{told}\nSTATEMENTS = (\n{listed})\n{UPGRADE}"


def _literal(text: str) -> str:
    if "\n" in text or len(text) > 90:
        return f'"""{text}"""'
    return json.dumps(text, ensure_ascii=False)


def _tuple(values: Sequence[str]) -> str:
    return "(" + "".join(f'"{each}", ' for each in values).strip() + ")"


@dataclass(frozen=True)
class Move:
    """A column that gets another name or type, by a new one that is kept in step with it."""

    table: str
    old: str
    new: str
    old_type: str
    new_type: str

    @property
    def _trigger(self) -> str:
        return f"sync_{self.table}_{self.new}"

    def _forth(self, row: str = "") -> str:
        is_same = self.old_type == self.new_type
        return f"{row}{self.old}" + ("" if is_same else f"::{self.new_type}")

    def _back(self, row: str = "") -> str:
        is_same = self.old_type == self.new_type
        return f"{row}{self.new}" + ("" if is_same else f"::{self.old_type}")

    def in_step(self) -> list[str]:
        """The new column, and the trigger that keeps both the same whichever a build writes."""
        return [
            f"""CREATE FUNCTION {self._trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Where a row is inserted, all of OLD is null.
        IF NEW.{self.new} IS DISTINCT FROM OLD.{self.new} THEN
            NEW.{self.old} := {self._back("NEW.")};
        ELSE
            NEW.{self.new} := {self._forth("NEW.")};
        END IF;
        RETURN NEW;
    END $$""",
            f"ALTER TABLE {self.table} ADD COLUMN {self.new} {self.new_type}",
            f"""CREATE TRIGGER {self._trigger}
        BEFORE INSERT OR UPDATE OF {self.old}, {self.new} ON {self.table}
        FOR EACH ROW WHEN ({self._forth("NEW.")} IS DISTINCT FROM NEW.{self.new})
        EXECUTE FUNCTION {self._trigger}()""",
        ]

    def undone(self) -> list[str]:
        """What the contract drops."""
        return [
            f"DROP TRIGGER {self._trigger} ON {self.table}",
            f"DROP FUNCTION {self._trigger}()",
            f"ALTER TABLE {self.table} DROP COLUMN {self.old}",
        ]

    def backfill(self, message: str, keys: Sequence[str]) -> str:
        """The file that puts rows from before right."""
        listed = ", ".join(keys)
        if len(keys) == 1:
            stretch = f"{listed} BETWEEN $1 AND $2"
        else:
            first = ", ".join(f"${at + 1}" for at in range(len(keys)))
            last = ", ".join(f"${at + 1 + len(keys)}" for at in range(len(keys)))
            stretch = f"({listed}) >= ({first}) AND ({listed}) <= ({last})"
        wrong = f"{stretch} AND {self.new} IS DISTINCT FROM {self._forth()}"
        update = f"UPDATE {self.table} SET {self.new} = {self._forth()}"  # noqa: S608 - a file's text
        count = f"SELECT count(*) FROM {self.table}"  # noqa: S608 - the same
        return (
            f'"""{message.rstrip(".")}: rows of {self.table} from before."""\n\n'
            f'TABLE = "{self.table}"\nKEYS = {_tuple(keys)}\n'
            f'UPDATE = """\n    {update}\n    WHERE {wrong}"""\n'
            f'VERIFY = """\n    {count}\n    WHERE {wrong}"""\n'
        )
