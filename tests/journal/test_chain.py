"""The bytes that are hashed, held to two other programs' idea of JSON."""

import hashlib
import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_entries import entry

from approver.journal.chain import START, canonical, fields_of, link, seconds, storable

EVERY_SORT = "".join(map(chr, range(0x300))) + '\u2028\u2029\ufeff😀\uffff\U000e0001/\\"'
ROWS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1) | st.text())


def test_the_first_row_s_digest_is_what_the_documentation_says() -> None:
    row = fields_of(1, entry(at=1.5, waited=0.25, arguments='{"é":"\n"}'))
    written = (
        '[1,1500000,"decision","c1","s1","Tester","local","files","write","{\\"é\\":\\"\\n\\"}","' + "d" * 64 + '","",'
        '"allowed","","policy",250000,"",null,""]'
    )
    assert canonical(row) == written.encode()
    assert link(bytes(32), canonical(row)) == hashlib.sha256(bytes(32) + written.encode()).digest()
    assert bytes.fromhex(START.digest) == bytes(32)


@given(ROWS)
def test_python_s_own_json_gives_the_same_bytes(row: list[Any]) -> None:
    assert canonical(row) == json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()


def test_javascript_gives_the_same_bytes() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    row = canonical([1, 1_795_341_600_123_456, EVERY_SORT, None])
    script = "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0, 'utf8'))))"
    assert subprocess.run([node, "-e", script], input=row, capture_output=True, check=True).stdout == row


@given(st.floats(0, 4e9), st.none() | st.floats(0, 1e6))
def test_times_are_kept_to_the_microsecond(at: float, waited: float | None) -> None:
    row = fields_of(1, entry(at=at, waited=waited))
    assert row[1] == round(at * 1_000_000)
    kept = seconds(row[15])  # type: ignore[arg-type]  # the column of `waited`
    assert kept is None if waited is None else kept == pytest.approx(waited, abs=1e-6)


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_what_utf8_has_no_room_for_is_written_as_json_writes_it(text: str) -> None:
    (written, number) = storable((text, 5))
    assert number == 5
    assert written == text or "\\ud" in str(written)
    canonical((written,))


def test_lone_surrogates_within_json_keep_their_meaning() -> None:
    (written,) = storable((json.dumps({"x": "\ud800"}, ensure_ascii=False),))
    assert json.loads(str(written)) == {"x": "\ud800"}
