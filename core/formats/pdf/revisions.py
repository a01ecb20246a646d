"""A PDF file's revisions: what each one changed, and whether that may be.

A signature, what proves it later on (a DSS, a time stamp) and the file's data about itself are
lawful additions; pyHanko's difference policy is the model. All else changes what is seen, or may.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.formats.pdf.objects import Malformed, PdfObject, Ref, inflated, object_at, value_at

STARTXREF = re.compile(rb"startxref[\x00\t\n\f\r ]+(\d{1,12})")
SUBSECTION = re.compile(rb"[\x00\t\n\f\r ]*(\d{1,10})[ \t]+(\d{1,10})[ \t]*(?:\r\n|\n|\r)")
ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])")
ENTRY_BYTES = 20
MOST_SECTIONS, MOST_ENTRIES = 60, 500_000
CATALOGUE = frozenset({"DSS", "AcroForm", "Extensions", "Perms", "Metadata", "Version"})
FORM = frozenset({"Fields", "SigFlags", "DR", "DA"})
PAGE = frozenset({"Annots", "LastModified"})
SIGNED_FIELD = frozenset({"V", "AP", "F", "M", "Lock", "SV", "DA", "DR", "MK", "P", "Rect"})
MOST_REACHED = 5_000


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the table of objects: where each lies, (place, 0) or (stream, place in it, 2)."""

    at: int
    trailer: dict[str, Any]
    entries: dict[int, tuple[int, int, int]] = field(default_factory=dict)


class Revisions:
    """The revisions of a file, oldest first; raises Malformed where they cannot be followed."""

    def __init__(self, content: bytes) -> None:
        self._data = content[max(0, content.find(b"%PDF-")) :]
        self._packed: dict[tuple[int, int], dict[int, PdfObject]] = {}
        self._entries = 0
        found = list(self._sections())
        self.sections = len(found)
        self._all = _joined(found)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._all)

    @property
    def trailer(self) -> dict[str, Any]:
        """The newest trailer."""
        return self._all[-1].trailer

    @property
    def first_trailer(self) -> dict[str, Any]:
        """The trailer of the file as it was first written."""
        return self._all[0].trailer

    def end(self, revision: int) -> int:
        """Where a revision's table begins, which is near its end."""
        return self._all[revision].at

    def get(self, reference: Any, revision: int = -1) -> PdfObject:
        """What a reference leads to as of a revision; a value that is none is itself."""
        if not isinstance(reference, Ref):
            return PdfObject(reference)
        for at in range(revision % self.count, -1, -1):
            if reference.number in self._all[at].entries:
                return self._read(reference.number, at)
        return PdfObject(None)

    def unlawful(self) -> list[int]:
        """The revisions that changed more than a signature and what belongs to it may."""
        return [at for at in range(1, self.count) if not self._is_lawful(at)]

    def _is_lawful(self, at: int) -> bool:
        before, after = self._all[at - 1].trailer, self._all[at].trailer
        root_before, root = before.get("Root"), after.get("Root")
        changes = _Changes(self, at)
        if root != root_before and not changes.of_catalogue(
            self.get(root_before, at - 1).value, self.get(root, at).value
        ):
            return False
        return all(changes.is_lawful(number) for number in self._all[at].entries if number)

    def _read(self, number: int, revision: int) -> PdfObject:
        place, _, kind = self._all[revision].entries[number]
        if kind == 0:
            return PdfObject(None)
        if kind == 1:
            return object_at(self._data, place, number)
        return self._unpacked(place, revision).get(number, PdfObject(None))

    def _unpacked(self, number: int, revision: int) -> dict[int, PdfObject]:
        """The objects in a stream of them."""
        if (number, revision) not in self._packed:
            if self._all[revision].entries.get(number, (0, 0, 0))[2] == 2:
                raise Malformed  # a stream within a stream
            found = self.get(Ref(number, 0), revision)
            content, first = inflated(found), found.value.get("First")
            if not isinstance(first, int) or not 0 <= first <= len(content):
                raise Malformed
            heads = content[:first].split()
            if len(heads) > MOST_ENTRIES or not all(map(bytes.isdigit, heads)):
                raise Malformed
            self._packed[number, revision] = {
                int(each): PdfObject(value_at(content, first + int(place))[0])
                for each, place in zip(heads[::2], heads[1::2], strict=False)
            }
        return self._packed[number, revision]

    def _sections(self) -> Iterator[_Section]:
        """The tables, newest first."""
        starts = STARTXREF.findall(self._data[-2048:])
        if not starts:
            raise Malformed
        at, seen = int(starts[-1]), set[int]()
        while at not in seen and len(seen) < MOST_SECTIONS:
            seen.add(at)
            section = self._section(at)
            yield section
            before = section.trailer.get("Prev")
            if before is None:
                return
            if not isinstance(before, int):
                raise Malformed
            at = before
        raise Malformed

    def _section(self, at: int) -> _Section:
        if not 0 < at < len(self._data):
            raise Malformed
        table = re.compile(rb"[\x00\t\n\f\r ]*xref").match(self._data, at)
        if table is None:
            return self._stream_section(at)
        entries, end = self._table(table.end())
        trailer, _ = value_at(self._data, self._data.index(b"trailer", end) + len(b"trailer"))
        if not isinstance(trailer, dict):
            raise Malformed
        if isinstance(hybrid := trailer.get("XRefStm"), int):
            entries = self._stream_section(hybrid).entries | {
                number: entry for number, entry in entries.items() if entry[2]
            }
        return _Section(at, trailer, entries)

    def _table(self, at: int) -> tuple[dict[int, tuple[int, int, int]], int]:
        entries: dict[int, tuple[int, int, int]] = {}
        while match := SUBSECTION.match(self._data, at):
            first, number = int(match[1]), int(match[2])
            self._take(number)
            at = match.end() + number * ENTRY_BYTES
            rows = ENTRY.findall(self._data, match.end(), at)
            if len(rows) != number:
                raise Malformed
            for place, (offset, _, kind) in enumerate(rows, first):
                entries[place] = (int(offset), 0, int(kind == b"n"))
        return entries, at

    def _stream_section(self, at: int) -> _Section:
        begins = re.compile(rb"[\x00\t\n\f\r ]*(\d{1,10})").match(self._data, at)
        if begins is None:
            raise Malformed
        found = object_at(self._data, at, int(begins[1]))
        if not isinstance(found.value, dict) or found.value.get("Type") != "XRef":
            raise Malformed
        widths, size = found.value.get("W") or [], found.value.get("Size")
        index = found.value.get("Index", [0, size])
        numbers = [*widths, *index]
        if len(widths) != 3 or not all(isinstance(n, int) and n >= 0 for n in numbers):
            raise Malformed
        return _Section(at, found.value, self._rows(inflated(found), widths, index))

    def _rows(
        self, content: bytes, widths: list[int], index: list[int]
    ) -> dict[int, tuple[int, int, int]]:
        one, two, _ = widths
        entries, at = {}, 0
        for first, number in zip(index[::2], index[1::2], strict=False):
            self._take(number)
            for place in range(first, first + number):
                row = content[at : (at := at + sum(widths))]
                kind = int.from_bytes(row[:one]) if one else 1
                offset, extra = int.from_bytes(row[one : one + two]), row[one + two :]
                entries[place] = (offset, int.from_bytes(extra), min(kind, 2))
        return entries

    def _take(self, number: int) -> None:
        self._entries += number
        if self._entries > MOST_ENTRIES:
            raise Malformed


class _Changes:
    """What one revision changed, held to what a signature and its proofs may change."""

    def __init__(self, file: Revisions, at: int) -> None:
        self._file, self._at = file, at
        root = self._catalogue(at - 1)
        self._root = file._all[at].trailer.get("Root")
        self._info = file._all[at - 1].trailer.get("Info")
        self._form, self._metadata = root.get("AcroForm"), root.get("Metadata")
        self._proofs = self._reached(root.get("DSS"))
        fields = self._file.get(self._form, at - 1).value
        self._fields = fields.get("Fields") if isinstance(fields, dict) else None

    def is_lawful(self, number: int) -> bool:
        """Whether an object is new, the same, or may be another."""
        reference = Ref(number, 0)
        before, after = (self._file.get(reference, at) for at in (self._at - 1, self._at))
        if before == after or before.value is None or number in self._proofs:
            return True
        if reference in (self._info, self._metadata):
            return True
        if reference == self._root:
            return self.of_catalogue(before.value, after.value)
        if reference == self._form:
            return self._of_form(before.value, after.value)
        old, new = before.value, after.value
        if isinstance(old, list) and isinstance(new, list):
            return self._adds_signatures(old, new)
        if not isinstance(old, dict) or not isinstance(new, dict):
            return False
        if old.get("Type") in ("XRef", "ObjStm", "Metadata"):
            return True
        changed = _changed(old, new)
        if old.get("Type") == "Page":
            lists = (old.get("Annots"), new.get("Annots"))
            return changed <= PAGE and self._adds_signatures(*lists)
        return old.get("FT") == "Sig" and changed <= SIGNED_FIELD

    def of_catalogue(self, old: Any, new: Any) -> bool:
        """Whether a catalogue gained no more than a signature, its proofs and data on the file."""
        if not isinstance(old, dict) or not isinstance(new, dict):
            return False
        forms = (self._file.get(old.get("AcroForm"), self._at - 1).value,
                 self._file.get(new.get("AcroForm"), self._at).value)  # fmt: skip
        return _changed(old, new) <= CATALOGUE and self._of_form(*forms)

    def _of_form(self, old: Any, new: Any) -> bool:
        if old is None and new is None:
            return True
        old, new = old or {}, new or {}
        if not isinstance(old, dict) or not isinstance(new, dict):
            return False
        changed = _changed(old, new)
        return changed <= FORM and self._adds_signatures(old.get("Fields"), new.get("Fields"))

    def _adds_signatures(self, old: Any, new: Any) -> bool:
        """Whether of two lists of fields or annotations the second has signatures more, no less."""
        old = self._file.get(old, self._at - 1).value or []
        new = self._file.get(new, self._at).value or []
        if not isinstance(old, list) or not isinstance(new, list):
            return False
        more = [each for each in new if each not in old]
        return all(each in new for each in old) and all(map(self._is_signature, more))

    def _is_signature(self, reference: Any) -> bool:
        found = self._file.get(reference, self._at).value
        if not isinstance(found, dict):
            return False
        kind = found.get("FT") or (self._file.get(found.get("Parent"), self._at).value or {}).get(
            "FT"
        )
        return bool(kind == "Sig")

    def _catalogue(self, at: int) -> dict[str, Any]:
        found = self._file.get(self._file._all[at].trailer.get("Root"), at).value
        if not isinstance(found, dict):
            raise Malformed
        return found

    def _reached(self, value: Any) -> frozenset[int]:
        """The objects that a value leads to."""
        found, waiting = set[int](), [value]
        while waiting and len(found) < MOST_REACHED:
            value = waiting.pop()
            if isinstance(value, Ref):
                if value.number in found:
                    continue
                found.add(value.number)
                value = self._file.get(value, self._at - 1).value
            if isinstance(value, dict):
                value = list(value.values())
            waiting += value if isinstance(value, list) else ()
        return frozenset(found)


def _joined(sections: list[_Section]) -> list[_Section]:
    """Revisions from tables, oldest first; a file for fast web view has two in its first."""
    found: list[_Section] = []
    for each in reversed(sections):
        if found and each.at < found[-1].at:
            older = found.pop()
            each = _Section(older.at, each.trailer, older.entries | each.entries)
        found.append(each)
    return found


def _changed(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
