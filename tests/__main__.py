"""`python -m tests`: all of them on all cores, with `make check` beside them."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT

CHECK = ("make", "--no-print-directory", "check")
TESTS = (sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal")


async def main() -> int:
    """Run both; where the check fails, the tests end, and what it said stands last."""
    check = await asyncio.create_subprocess_exec(*CHECK, stdout=PIPE, stderr=STDOUT)
    tests = await asyncio.create_subprocess_exec(*TESTS, *sys.argv[1:])
    try:
        output, _ = await check.communicate()
        if check.returncode and tests.returncode is None:
            tests.send_signal(signal.SIGINT)
    finally:  # also at Ctrl-C, which they have heard themselves
        failed = await tests.wait()
    print(output.decode(), flush=True)
    return check.returncode or failed


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
