"""Children that do not outlive their parent, even one that was killed, or that let others first."""

import ctypes
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from signal import Signals

PR_SET_PDEATHSIG = 1
AUTOGROUP = "/proc/self/autogroup"
NICE = 5
"""What nobody waits for is this much nicer."""


def step_back() -> None:
    """Let others go first; a session of its own is weighed as a whole where Linux does so."""
    os.nice(NICE)
    with suppress(OSError), open(AUTOGROUP, "w") as weight:
        weight.write(str(NICE))


def stepping_back(tie: Callable[[], None] | None) -> Callable[[], None]:
    """A `preexec_fn`: the child lets others go first, and is tied if it is to be."""

    def begin() -> None:
        step_back()
        if tie:
            tie()

    return begin


if sys.platform == "linux":
    _libc = ctypes.CDLL(None)

    @dataclass(frozen=True, slots=True)
    class Tie:
        """A `preexec_fn`: the kernel sends the child this signal when its parent is gone."""

        parent: int
        end: Signals

        def __call__(self) -> None:
            """Tie the process that runs this."""
            _libc.prctl(PR_SET_PDEATHSIG, int(self.end), 0, 0, 0)
            if os.getppid() != self.parent:  # it died before the tie was made
                os.kill(os.getpid(), self.end)

    def lifeline(end: Signals) -> Callable[[], None] | None:
        """What ties a child that this process starts."""
        return Tie(os.getpid(), end)

else:

    def lifeline(end: Signals) -> Callable[[], None] | None:
        """Nothing: only Linux can tie a child to its parent."""
        return None
