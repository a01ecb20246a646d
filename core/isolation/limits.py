"""What reading a file may take, and what its sender is told where it takes more."""

from dataclasses import dataclass, replace

from core.bilingual import Bilingual
from core.errors import Unreadable

LEAST_SECONDS = 5.0
SECONDS_OF_BYTE = 200 / 2**20  # the most costly of honest files take a fourth of it
QUICK_SECONDS = 3.0
QUICK_MEMORY_BYTES = 512 * 1024 * 1024
LIMITS_REACHED = frozenset(("too_slow", "too_much_memory", "reader_crashed"))
"""The codes with which a file is refused that might be read if it were given more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: memory, time, and of that a processor's."""

    memory_bytes: int = 1024 * 1024 * 1024
    seconds: float = 600.0
    processor_seconds: float = 600.0

    def of_file(self, size: int, *, quick: bool) -> "Limits":
        """Those of a file of so many bytes: what little was sent may not be much work.

        For one that is meant to be quick they are narrower.
        """
        most = min(self.seconds, LEAST_SECONDS + size * SECONDS_OF_BYTE)
        limits = replace(self, processor_seconds=min(self.processor_seconds, most))
        if not quick:
            return limits
        return Limits(
            min(self.memory_bytes, QUICK_MEMORY_BYTES),
            min(self.seconds, QUICK_SECONDS),
            min(limits.processor_seconds, QUICK_SECONDS),
        )


def too_slow(limits: Limits) -> Unreadable:
    """The refusal of a file that takes longer than any may."""
    return Unreadable(
        Bilingual(
            f"Reading this file takes longer than the {limits.seconds:g} seconds that"
            " a file may take. Send the statements in several smaller files.",
            f"Das Lesen dieser Datei dauert länger als die {limits.seconds:g} Sekunden, die eine"
            " Datei dauern darf. Bitte die Kontoauszüge in mehreren kleineren Dateien"
            " senden.",
        ),
        code="too_slow",
    )


def too_costly(limits: Limits) -> Unreadable:
    """The refusal of a file that takes more work than one of its size may."""
    seconds = round(limits.processor_seconds)
    return Unreadable(
        Bilingual(
            f"Reading this file takes more than the {seconds} seconds of work that a file of its"
            " size may take. Statements take far less: it says the same over and over, or is made"
            " in a way that is not understood. Export it anew, if you can as CAMT.053.",
            f"Das Lesen dieser Datei braucht mehr als die {seconds} Sekunden Rechenzeit, die eine"
            " Datei ihrer Größe brauchen darf. Kontoauszüge brauchen weit weniger: Sie wiederholt"
            " dasselbe immer wieder oder ist unverständlich aufgebaut. Bitte neu exportieren,"
            " möglichst als CAMT.053.",
        ),
        code="too_slow",
    )


def too_much_memory(limits: Limits) -> Unreadable:
    """The refusal of a file that takes more memory than any may."""
    mib = limits.memory_bytes >> 20
    return Unreadable(
        Bilingual(
            f"Reading this file takes more than the {mib} MiB of memory"
            " that a file may take. Send the statements in several smaller files.",
            f"Das Lesen dieser Datei braucht mehr als die {mib} MiB Arbeitsspeicher, die eine"
            " Datei belegen darf. Bitte die Kontoauszüge in mehreren kleineren Dateien senden.",
        ),
        code="too_much_memory",
    )


def crashed(limits: Limits, how: Bilingual) -> Unreadable:
    """The refusal of a file over which its reader broke down."""
    mib = limits.memory_bytes >> 20
    return Unreadable(
        Bilingual(
            f"The program that reads such files broke down over this one ({how.en}); it is"
            f" damaged, made in a way that is not understood, or needs more than {mib} MiB of"
            " memory. Export it anew, if you can as CAMT.053.",
            f"Das Programm, das solche Dateien liest, ist an dieser gescheitert ({how.de}); sie"
            f" ist beschädigt, unverständlich aufgebaut oder braucht mehr als {mib} MiB"
            " Arbeitsspeicher. Bitte neu exportieren, möglichst als CAMT.053.",
        ),
        code="reader_crashed",
    )


def says_too_much() -> Unreadable:
    """The refusal of a file that says more than is taken in."""
    return Unreadable(
        Bilingual(
            "The file says more than is taken in at once. Send it in smaller files.",
            "Die Datei enthält mehr, als auf einmal verarbeitet wird. Bitte in kleineren Dateien"
            " senden.",
        ),
        code="too_much",
    )
