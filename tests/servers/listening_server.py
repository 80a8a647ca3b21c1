"""A stdio server of the protocol's own SDK, which takes `subscriptions/listen`, and never has anything to tell."""

from mcp.server.mcpserver import MCPServer

server = MCPServer("listening")


@server.tool()
def echo(text: str) -> str:
    """Say it again."""
    return text


@server.tool()
def erase() -> str:
    """Do not."""
    return "erased"


server.run()
