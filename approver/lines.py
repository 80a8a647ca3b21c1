"""Lines of JSON as the shim sees them: put together from chunks, and read only where it must. Standard library only.

chunks ──> Lines ── whole lines ──> …        a line ──> method_of, error_answer
"""


class Lines:
    """Puts lines together from chunks. A newline is looked for in each new chunk only, however long the line gets."""

    def __init__(self, longest: int = 0, kept_end: int = 0) -> None:
        """With `longest`, a line that exceeds it by `kept_end` is cut to `longest` + 1: its begin and end."""
        self._longest = longest
        self._kept_end = kept_end
        self._begun = bytearray()

    def complete(self, chunk: bytes) -> bytes:
        """Return the lines that are whole with `chunk`, each with its newline; the rest waits for its own."""
        end = chunk.rfind(b"\n") + 1
        if not self._begun:
            if end == len(chunk):
                return chunk
            self._begun += chunk[end:]
            return chunk[:end]
        if not end:
            self._begun += chunk
            if self._longest and len(self._begun) > self._longest + self._kept_end:
                del self._begun[self._longest + 1 - self._kept_end : -self._kept_end]
            return b""
        begun, self._begun = self._begun, bytearray(chunk[end:])
        begun += chunk[:end]
        return bytes(begun)

    def forget(self) -> None:
        """Drop the line that has begun: its end will never come."""
        self._begun.clear()


def method_of(line: bytes) -> str:
    """Return the method that a message names, or nothing."""
    message = _object(line)
    return str(message.get("method", ""))


def error_answer(line: bytes, why: str) -> bytes:
    """Return the answer, a line of its own, that tells a request why it failed; nothing where none is owed."""
    import json

    message = _object(line)
    if "method" not in message or "id" not in message:
        return b""
    fault = {"code": -32000, "message": why}
    return json.dumps({"jsonrpc": "2.0", "id": message["id"], "error": fault}).encode() + b"\n"


def _object(line: bytes) -> dict[str, object]:
    import json  # only here: while all goes well no line is read

    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}
