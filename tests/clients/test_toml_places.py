"""Where the statements of a TOML text stand."""

import pytest

from approver.clients.toml_places import NoStatement, statements

TEXT = '''# top
a.b = 1 # one
"c d".'e' = """x
# no comment \\" here
"""
[t]
list = [ # it
  "]", '#', [1, 2],
  { k = "}", "q r" = [ '"' ], d = 1979-05-27 },
]
raw = \'\'\'a"""'\'\'\'\r
[[u.v]]
z = { }
'''


def test_every_statement_is_found_with_its_path_and_its_value() -> None:
    found = [(one.path, TEXT[one.value_start : one.value_end]) for one in statements(TEXT)]
    assert found == [
        (("a", "b"), "1"),
        (("c d", "e"), '"""x\n# no comment \\" here\n"""'),
        (("t",), ""),
        (
            ("t", "list"),
            '[ # it\n  "]", \'#\', [1, 2],\n  { k = "}", "q r" = [ \'"\' ], d = 1979-05-27 },\n]',
        ),
        (("t", "raw"), "'''a\"\"\"''''"),
        (("u", "v"), ""),
        (("u", "v", "z"), "{ }"),
    ]


def test_a_statement_reaches_to_the_end_of_its_line() -> None:
    assert [TEXT[one.start : one.end].endswith("\n") for one in statements(TEXT)] == [True] * 7
    assert TEXT[statements(TEXT)[0].start : statements(TEXT)[0].end] == "a.b = 1 # one\n"


@pytest.mark.parametrize("text", ["= 1", "a", "[a", "a = ", "a = [1"])
def test_what_is_no_toml_has_no_statements(text: str) -> None:
    with pytest.raises(NoStatement):
        statements(text)
