"""Other programs' side: the clients that use MCP servers, and the files and snippets that people bring from them."""
