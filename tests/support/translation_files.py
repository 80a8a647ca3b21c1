"""What stands in a file of `resources/translations`."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Message:
    """One text, and what a translator made of it."""

    context: str
    source: str
    translation: str
    is_finished: bool


def messages(path: Path) -> Iterator[Message]:
    """Every text of the file."""
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            yield Message(
                context.findtext("name", ""),
                message.findtext("source", ""),
                translation.text or "",
                "type" not in translation.attrib,
            )
