"""The check for shared libraries, and the list of packages that people read."""

import subprocess
import sys
from pathlib import Path

from approver.desktop import libraries

ROOT = Path(__file__).parents[2]


def test_a_library_that_does_not_load_is_named() -> None:
    def load(name: str) -> None:
        if name == "libEGL.so.1":
            raise OSError("cannot open shared object file")

    assert libraries.missing_libraries(load, "linux") == ("libEGL.so.1",)


def test_nothing_is_missing_where_everything_loads() -> None:
    assert libraries.missing_libraries(lambda _name: None, "linux") == ()


def test_only_linux_is_checked() -> None:
    def load(name: str) -> None:
        raise OSError(name)

    assert libraries.missing_libraries(load, "darwin") == ()


def test_a_name_that_is_no_library_does_not_load() -> None:
    def load(_name: str) -> object:
        import ctypes

        return ctypes.CDLL("libapprover-is-no-library.so.9")

    assert libraries.missing_libraries(load, "linux") == tuple(libraries.PACKAGE_OF_LIBRARY)


def test_the_list_for_people_names_the_same_packages() -> None:
    listed = (ROOT / "packaging" / "system-packages.txt").read_text(encoding="utf-8").split()
    assert listed == sorted(libraries.PACKAGE_OF_LIBRARY.values())


def test_it_runs_as_a_script_with_nothing_installed() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", libraries.__file__], capture_output=True, text=True, timeout=30, check=True
    )
    assert set(done.stdout.split()) <= set(libraries.PACKAGE_OF_LIBRARY.values())
