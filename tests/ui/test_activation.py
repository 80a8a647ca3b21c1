"""Tokens that let a window come to the front."""

import pytest

from approver.ui.activation import use_activation


@pytest.mark.parametrize(
    ("token", "kept"), [("approver-7_TIME1", "approver-7_TIME1"), ("", None), ("ü", None), ("a\nb", None)]
)
def test_only_what_can_be_a_token_is_handed_on(monkeypatch: pytest.MonkeyPatch, token: str, kept: str | None) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "before")
    use_activation(token)
    import os

    assert os.environ["XDG_ACTIVATION_TOKEN"] == (kept or "before")
