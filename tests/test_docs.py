"""The documentation, as far as a machine can check it: links lead somewhere, examples are valid, commands described."""

import json
import re
from pathlib import Path

import pytest

from approver.cli.main import COMMANDS
from approver.policy.document import parse

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|#)([^)#\s]+)")
PICTURE = re.compile(r'\bsrc(?:set)?="([^"]+)"')
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
HERE_DOCUMENT = re.compile(r"<<'(\w+)'\n(.*?)\n\1\n", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = LINK.findall(text) + PICTURE.findall(text)
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_json_in_the_documentation_is_json_and_its_policies_are_valid(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    examples = [body for language, body in BLOCK.findall(text) if language == "json"]
    examples += [body for _, body in HERE_DOCUMENT.findall(text)]
    for example in examples:
        found = json.loads(example)
        if "version" in found:
            parse(example)


def test_every_command_is_described() -> None:
    described = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f"approver {command}" not in described] == []


def test_no_command_is_described_that_does_not_exist() -> None:
    for page in PAGES:
        for _, block in BLOCK.findall(page.read_text(encoding="utf-8")):
            named = re.findall(r"^approver ([a-z]+)", block, re.MULTILINE)
            assert set(named) <= set(COMMANDS), name_of(page)


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name for path in decisions if path.name not in index] == []
    assert [path.name[:3] for path in decisions] == [f"{number:03}" for number in range(1, len(decisions) + 1)]
