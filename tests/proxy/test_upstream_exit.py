"""The end of a server, in words."""

import pytest

from approver.proxy.upstream_exit import UpstreamExit


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (UpstreamExit("x", 0, (), False), "it ended with status 0."),
        (UpstreamExit("x", 3, ("no", "key"), False), "it ended with status 3. Its last words: no key"),
        (UpstreamExit("x", -9, (), False), "it was killed by SIGKILL."),
        (UpstreamExit("x", -99, (), False), "it was killed by signal 99."),
        (UpstreamExit("x", None, (), False), "it ended without telling how."),
        (UpstreamExit("x", -15, ("bye",), True), "it was stopped."),
        (
            UpstreamExit("x", -15, ("bye",), False, "it had closed its standard output"),
            "Approver ended it because it had closed its standard output. Its last words: bye",
        ),
        (UpstreamExit("x", 1, ("a" * 900,), False), f"it ended with status 1. Its last words: {'a' * 600}"),
    ],
)
def test_it_says_how_and_what_was_said_last(end: UpstreamExit, sentence: str) -> None:
    assert str(end) == sentence
