"""Archives of files (zip): what is in them, and how much of it may be unpacked.

The directory is held to its limits before it is read: one of a million entries would cost more
than the files that it names.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_END
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from core.bilingual import Bilingual
from core.errors import Unreadable
from core.isolation.protocol import InnerArchive, UnpackedFile

MARKS = (b"PK\x03\x04", b"PK\x05\x06")
MOST_FILES = 200
MOST_BYTES = 200 * 1024 * 1024  # of all files together, unpacked
MOST_RATIO = 200  # unpacked to packed
PART = 256 * 1024
# Where the directory ends: mark, two disks, entries here and in all, bytes, start, comment.
END = struct.Struct("<4s4H2LH")
END_MARK, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x07"
LOCATOR_BYTES = 20
LONGEST_COMMENT = 65535
LONGEST_ENTRY = 1024  # bytes in the directory for one file, its name among them
OFFICE = frozenset(("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"))
MANY_BYTES = Bilingual(f"more than {MOST_BYTES >> 20} MiB", f"mehr als {MOST_BYTES >> 20} MiB groß")
DAMAGED = Bilingual(
    "The archive (zip) is damaged. Pack it anew, or send its files singly.",
    "Das Archiv (ZIP) ist beschädigt. Bitte neu packen oder die Dateien einzeln senden.",
)


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is an archive."""
    return head.startswith(MARKS)


@contextmanager
def open_archive(source: BinaryIO) -> Iterator["Archive"]:
    """The archive, held to its limits; raises Unreadable with a reason for its sender."""
    size = _check_directory(source)
    with _damage_as_unreadable():
        zip_file = ZipFile(source)
    with zip_file:
        with _damage_as_unreadable():
            archive = Archive(zip_file, size)
        yield archive


class Archive:
    """An opened archive: its files, without folders and hidden ones, and the archives in it."""

    def __init__(self, zip_file: ZipFile, size: int) -> None:
        self._zip_file = zip_file
        self._bytes_left = MOST_BYTES
        if any(each.filename in OFFICE for each in zip_file.infolist()):
            raise Unreadable(
                Bilingual(
                    "This is an office document or a program, not a statement. Export a table as"
                    " CSV, a text as PDF.",
                    "Das ist ein Office-Dokument oder ein Programm, kein Kontoauszug. Bitte eine"
                    " Tabelle als CSV, einen Text als PDF exportieren.",
                ),
                code="format_unknown",
            )
        files = [each for each in zip_file.infolist() if _is_of_sender(each)]
        _check_files(files, size)
        self.archives = [each for each in files if recognises(self._head(each))]
        self.files = [each for each in files if each not in self.archives]

    def _head(self, file: ZipInfo) -> bytes:
        with self._zip_file.open(file) as packed:
            return packed.read(len(END_MARK))

    def parts(self, file: ZipInfo) -> Iterator[bytes]:
        """The file's bytes; raises Unreadable if damaged, or if all files are too much."""
        with _damage_as_unreadable():
            packed, said = self._zip_file.open(file), False
        with packed:
            while part := self._part(packed):
                said = True
                yield part
        if not said:  # though the directory says that it has some
            raise damaged()

    def _part(self, packed: IO[bytes]) -> bytes:
        with _damage_as_unreadable():
            part = packed.read(PART)
        self._bytes_left -= len(part)
        if self._bytes_left < 0:
            raise _too_much(MANY_BYTES)
        return part


def unpack(source: BinaryIO) -> Iterator[UnpackedFile | InnerArchive | bytes]:
    """Each file and, in parts, its bytes, then the archives that are not opened.

    Raises Unreadable with a reason for the sender.
    """
    with open_archive(source) as opened:
        for file in opened.files:
            yield UnpackedFile(file.filename)
            yield from opened.parts(file)
        for inner in opened.archives:
            yield InnerArchive(inner.filename)


@contextmanager
def _damage_as_unreadable() -> Iterator[None]:
    """Turn whatever the library makes of damage into a reason for the sender."""
    try:
        yield
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # it raises a dozen kinds, and those of what it is made of
        raise damaged() from error


def _check_directory(source: BinaryIO) -> int:
    """Hold the directory to its limits by what its end says, which reading it goes by as well.

    The archive's size in bytes.
    """
    size = source.seek(0, SEEK_END)
    source.seek(max(0, size - LONGEST_COMMENT - END.size))
    tail = source.read()
    at = tail.rfind(END_MARK)
    if at < 0 or len(tail) - at < END.size:
        raise damaged()
    _, _, _, _, entries, length, _, _ = END.unpack_from(tail, at)
    if tail[max(0, at - LOCATOR_BYTES) :].startswith(LOCATOR_64):
        raise _not_opened(
            Bilingual(
                "is written as only huge ones have to be (zip64)",
                "ist so geschrieben, wie es nur riesige sein müssen (zip64),",
            )
        )
    if entries > MOST_FILES or length > MOST_FILES * LONGEST_ENTRY:
        raise _too_much(
            Bilingual(f"more than {MOST_FILES} files", f"mehr als {MOST_FILES} Dateien")
        )
    return size


def _check_files(files: list[ZipInfo], size: int) -> None:
    if not files:
        raise Unreadable(
            Bilingual("The archive (zip) holds no file.", "Das Archiv (ZIP) enthält keine Datei."),
            code="archive_empty",
        )
    if any(each.flag_bits & 1 for each in files):
        raise Unreadable(
            Bilingual(
                "The archive (zip) is protected by a password, which we do not know. Send it"
                " without.",
                "Das Archiv (ZIP) ist mit einem Passwort geschützt, das wir nicht kennen. Bitte"
                " ohne Passwort senden.",
            ),
            code="encrypted",
        )
    if any(each.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for each in files):
        raise _not_opened(
            Bilingual("is packed in another way than Deflate", "ist anders als mit Deflate gepackt")
        )
    unpacked, packed = (sum(sizes) for sizes in zip(*map(_sizes, files), strict=True))
    if packed > size:  # the same packed bytes again and again: small, and endless to unpack
        raise _not_opened(
            Bilingual(
                "has files that lie on top of each other",
                "enthält Dateien, die übereinander liegen,",
            )
        )
    if unpacked > MOST_BYTES:
        raise _too_much(MANY_BYTES)
    if unpacked > MOST_RATIO * max(packed, 1):
        raise _too_much(
            Bilingual(
                f"more than {MOST_RATIO} times what it has as an archive",
                f"mehr als das {MOST_RATIO}-Fache seiner gepackten Größe",
            )
        )


def damaged() -> Unreadable:
    """The refusal of an archive that is not what it says."""
    return Unreadable(DAMAGED, code="archive_damaged")


def _sizes(file: ZipInfo) -> tuple[int, int]:
    return file.file_size, file.compress_size


def _not_opened(why: Bilingual) -> Unreadable:
    return Unreadable(
        Bilingual(
            f"The archive (zip) {why.en} and is not opened. Pack it anew, or send its files"
            " singly.",
            f"Das Archiv (ZIP) {why.de} und wird nicht geöffnet. Bitte neu packen oder die"
            " Dateien einzeln senden.",
        ),
        code="archive_unsupported",
    )


def _too_much(size: Bilingual) -> Unreadable:
    return Unreadable(
        Bilingual(
            f"The archive (zip) would be {size.en} when it is unpacked. Send its files singly.",
            f"Das Archiv (ZIP) wäre entpackt {size.de}. Bitte die Dateien einzeln senden.",
        ),
        code="archive_too_large",
    )


def _is_of_sender(file: ZipInfo) -> bool:
    """Whether a file is one of the sender's, not one that their system adds unseen."""
    parts = PurePosixPath(file.filename).parts
    shown = file.file_size > 0 and not file.is_dir()
    return shown and not any(part.startswith((".", "__MACOSX")) for part in parts)
