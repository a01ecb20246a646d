"""A document on its way in: multipart or the raw bytes, streamed to the blob store."""

import re
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from urllib.parse import unquote

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.documents import DocumentKind, ReceivedFile, StoredBlob, UploadLabel
from core.errors import Complaint, Invalid, TooLarge
from core.irregularities import Irregularity
from public_api.call import Call
from public_api.messages import Request
from public_api.refusals import Malformed

ReadKind = Callable[[Request], DocumentKind | None]
"""What the sender says that a document is, in the words of a version."""
LONGEST_FIELD = 1024
NAMES = ("file", "kind")
"""The parts that are looked at; others are passed over."""
OVERHEAD = 64 * 1024  # what boundaries, part headers and other parts may add to a document
MOST_PARTS = 100  # of a form, those that are passed over among them
_FILENAME = re.compile(r"filename\*\s*=\s*utf-8'[^']*'([^;]+)", re.IGNORECASE)


async def receive(call: Call, read_kind: ReadKind) -> ReceivedFile:
    """Keep the document of a request, and what was said of it.

    Raises TooLarge before reading on, Malformed or Invalid when there is none; then nothing stays.
    """
    limit = call.dependencies.settings.document_limit_bytes
    if call.declares_more_than(limit + OVERHEAD):
        raise TooLarge(f"A document may have at most {limit} bytes.")
    query_kind = _query_kind(call)
    media_type, options = parse_options_header(call.headers.get("content-type", ""))
    if media_type != b"multipart/form-data":
        stored = await call.dependencies.blobs.receive(call.chunks())
        return await _label(
            call,
            read_kind,
            stored,
            _filename(call.headers.get("content-disposition", "")),
            call.headers.get("content-type"),
            query_kind,
        )
    form = UploadForm(options.get(b"boundary", b""))
    whole = _bounded(call.chunks(), limit)
    stored = await call.dependencies.blobs.receive(form.file(whole))
    call.note(form.irregularities(call.target.declared.parts))
    kind = query_kind if form.kind is None else form.kind
    return await _label(call, read_kind, stored, form.filename, form.media_type, kind)


async def _bounded(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """The form as it comes; raises TooLarge once it is larger than a document may make it."""
    left = limit + OVERHEAD
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise TooLarge(f"A document may have at most {limit} bytes.")
        yield chunk


def _query_kind(call: Call) -> str | None:
    """The kind that the query names, where the version has such a parameter; not an empty one."""
    if "kind" not in call.target.declared.query:
        return None
    kind = call.request().query.get("kind")
    if kind == "":
        raise Invalid(Complaint("/kind", "kind: name one, or leave it out"))
    return kind


async def _label(
    call: Call,
    read_kind: ReadKind,
    stored: StoredBlob,
    filename: str | None,
    media_type: str | None,
    kind: str | None,
) -> ReceivedFile:
    # Wherever the kind stood, in the form too, the version reads it as a query's: by its own words.
    query = {} if kind is None else {"kind": kind}
    try:
        declared = read_kind(Request({}, query, call.headers, b""))
        return ReceivedFile(stored, UploadLabel.of(filename, media_type, declared))
    except Invalid:
        await call.dependencies.blobs.discard(stored.blob)
        raise


class UploadForm:
    """A multipart form with one `file` and perhaps a `kind`, parsed as it comes."""

    def __init__(self, boundary: bytes) -> None:
        if not 1 <= len(boundary) <= 70:
            raise Malformed("The Content-Type names no boundary of 1 to 70 characters.")
        self.filename: str | None = None
        self.media_type: str | None = None
        self._fields: dict[str, bytes] = {}
        self._file_chunks: deque[bytes] = deque()
        self._header = [b"", b""]
        self._part: dict[str, str] = {}
        self._name = ""
        self._parts: Counter[str] = Counter()
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_data,
                "on_part_data": self._part_data,
                "on_end": self._end_form,
            },
        )

    @property
    def kind(self) -> str | None:
        """The form's `kind` field."""
        kind = self._fields.get("kind")
        return None if kind is None else kind.decode("utf-8", "replace")

    def irregularities(self, declared: Collection[str]) -> Iterator[Irregularity]:
        """What the form has beside the parts that are declared, and whether it has one twice."""
        if not self._parts.keys() <= set(declared):
            yield Irregularity.UNKNOWN_PART
        if any(self._parts[name] > 1 for name in NAMES):
            yield Irregularity.REPEATED_PART

    async def file(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The bytes of the form's `file`; raises Malformed or Invalid where there is none."""
        async for chunk in chunks:
            try:
                self._parser.write(chunk)
            except MultipartParseError as problem:
                raise Malformed(f"The multipart body is broken: {problem}") from None
            while self._file_chunks:
                yield self._file_chunks.popleft()
        if not self._ended:
            raise Malformed("The multipart body ends before its closing boundary.")
        if self._parts["file"] != 1:
            raise Invalid(Complaint("/file", "file: one part of this name is needed"))

    def _begin_part(self) -> None:
        if self._parts.total() >= MOST_PARTS:
            raise MultipartParseError(f"it has more than {MOST_PARTS} parts")
        self._part = {}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _end_header(self) -> None:
        name, value = self._header
        self._part[name.decode("latin-1").lower()] = value.decode("utf-8", "replace")
        self._header = [b"", b""]

    def _begin_data(self) -> None:
        disposition = self._part.get("content-disposition", "")
        _, options = parse_options_header(disposition.encode())
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._parts[self._name if self._name in NAMES else ""] += 1
        if self._name == "file":
            self.filename = _filename(disposition)
            self.media_type = self._part.get("content-type")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._name == "file":
            if self._parts["file"] == 1:
                self._file_chunks.append(bytes(data[start:end]))
        elif self._name == "kind":
            kind = self._fields.get("kind", b"") + data[start:end]
            if len(kind) > LONGEST_FIELD:
                raise MultipartParseError("the field kind is too long")
            self._fields["kind"] = kind

    def _end_form(self) -> None:
        self._ended = True


def _filename(disposition: str) -> str | None:
    if extended := _FILENAME.search(disposition):
        return unquote(extended.group(1).strip('"'))
    _, options = parse_options_header(disposition.encode("utf-8", "replace"))
    name = options.get(b"filename")
    return None if name is None else name.decode("utf-8", "replace")
