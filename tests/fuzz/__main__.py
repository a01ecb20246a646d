"""Lets every parser meet millions of files that nobody would send, for as long as is asked.

    python -m tests.fuzz [--minutes N] [--parser NAME] [--keep FOLDER]

Each parser has an equal share of the time, in a process of its own that libFuzzer steers towards
code not yet reached. It starts from the files that `BELEG_SAMPLES` holds and from the made-up
company's. A file that a parser crashes over, needs too long or too much memory for, is kept.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.seeds import plant

PARSERS = ("camt", "mt940", "ofx", "csv", "pdf", "invoices", "parsers")
SECONDS_A_FILE = 20
MEMORY_MB = 1024
LARGEST_BYTES = 320 * 1024  # what is read in blocks must not fit into one


def main() -> None:
    """Fuzz one parser after the other; fails if any has come to harm."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--parser", choices=PARSERS, action="append")
    arguments.add_argument("--keep", type=Path, help="where found files are kept")
    given = arguments.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="beleg-fuzz-"))
    names = given.parser or list(PARSERS)
    seconds = round(given.minutes * 60 / len(names))
    harmed = [name for name in names if not fuzz(name, folder / name, seconds)]
    print(f"{len(names)} parsers, {seconds} s each; files are in {folder}")
    if harmed:
        raise SystemExit(f"These came to harm: {', '.join(harmed)}")


def fuzz(name: str, folder: Path, seconds: int) -> bool:
    """Fuzz one parser; whether it came through."""
    corpus, found = folder / "corpus", folder / "found"
    for each in (corpus, found):
        each.mkdir(parents=True, exist_ok=True)
    plant(corpus, name)
    command = [sys.executable, "-m", "tests.fuzz.target", name, str(corpus)]
    command += [f"-max_total_time={seconds}", f"-timeout={SECONDS_A_FILE}"]
    command += [f"-rss_limit_mb={MEMORY_MB}", f"-max_len={LARGEST_BYTES}"]
    command += [f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=0"]
    print(f"{name}: {len(list(corpus.iterdir()))} files to start from", flush=True)
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    main()
