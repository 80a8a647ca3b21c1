"""Finding the files that come with Approver."""

import pytest

from approver.resources import resource


def test_a_file_that_comes_with_approver_is_found() -> None:
    assert resource("risk_words.json").is_file()


def test_a_missing_file_says_that_the_installation_is_incomplete() -> None:
    with pytest.raises(FileNotFoundError, match="installation of Approver is incomplete"):
        resource("no/such/file.svg")
