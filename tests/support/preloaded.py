"""Python programs that take long to load, loaded once and run often: `warm.py` keeps them, every run is a fork."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WARM = Path(__file__).with_name("warm.py")


@contextmanager
def preloaded(*programs: Path) -> Iterator[list[str]]:
    """Load programs; yield what runs one of them as `python` does, without loading it again."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        address = f"{folder}/keeper"
        command = [sys.executable, str(WARM), "--keep", address, *map(str, programs)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as keeper:
            try:
                assert keeper.stdout is not None
                assert keeper.stdout.readline() == "ready\n", f"{WARM} could not load its programs"
                yield [sys.executable, "-S", "-E", str(WARM), address]
            finally:
                keeper.kill()
