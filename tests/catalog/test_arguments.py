"""Names of arguments out of what a server says of its tools."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.catalog.arguments import DEEPEST, MOST, argument_paths


def test_arguments_and_their_members_are_named_as_policies_name_them() -> None:
    schema = {
        "properties": {
            "path": {"type": "string"},
            "options": {"type": "object", "properties": {"depth": {"type": "integer"}, "any": True}},
        }
    }
    assert argument_paths(schema) == {
        "args.path": "string",
        "args.options": "object",
        "args.options.depth": "integer",
        "args.options.any": "",
    }


@pytest.mark.parametrize("schema", [{}, {"properties": []}, {"properties": {"a.b": {}, "": {}, 3: {}}}])
def test_what_no_path_can_name_is_left_out(schema: dict[str, Any]) -> None:
    assert argument_paths(schema) == {}


def test_a_type_that_is_a_list_is_not_one_type() -> None:
    assert argument_paths({"properties": {"a": {"type": ["string", "null"]}}}) == {"args.a": ""}


def test_depth_and_number_have_an_end() -> None:
    deep: dict[str, Any] = {}
    for _ in range(10):
        deep = {"properties": {"a": deep}}
    assert list(argument_paths(deep)) == ["args" + ".a" * depth for depth in range(1, DEEPEST + 1)]
    assert len(argument_paths({"properties": {f"a{number}": {} for number in range(1000)}})) == MOST


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=4)))
def test_whatever_a_server_says_paths_begin_with_args(said: Any) -> None:
    schema = {"properties": said}
    assert all(path.startswith("args.") and ".." not in path for path in argument_paths(schema))
