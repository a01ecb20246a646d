"""Children that do not outlive their parent, even one that was killed."""

import ctypes
import os
import sys
from collections.abc import Callable
from signal import Signals

PR_SET_PDEATHSIG = 1

if sys.platform == "linux":
    _libc = ctypes.CDLL(None)

    def lifeline(end: Signals) -> Callable[[], None] | None:
        """A `preexec_fn`: the kernel sends the child this signal when its parent is gone."""
        parent = os.getpid()

        def tie() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
            if os.getppid() != parent:  # it died before the tie was made
                os.kill(os.getpid(), end)

        return tie

else:

    def lifeline(end: Signals) -> Callable[[], None] | None:
        """Nothing: only Linux can tie a child to its parent."""
        return None
