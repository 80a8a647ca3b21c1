"""The registry, which other systems do not have."""

import importlib
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="there is a registry here")
def test_elsewhere_it_says_that_there_is_none() -> None:
    with pytest.raises(ImportError, match="no registry on this system"):
        importlib.import_module("approver.desktop.windows_registry")
