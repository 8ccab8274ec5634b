"""The server: the tools under the names of their methods, with what an assistant is told first."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, Tool, ToolAnnotations

from pipeline.assistants.quoted import NOTICE
from pipeline.assistants.tools import TOOLS, Tools

INSTRUCTIONS = f"""\
Rumortrail follows claims about AI models from the first rumour to substantiation or contradiction, from
stored evidence. Search claims or list the stories that moved, then read one; cite claims and evidence by id,
with the quote, its source and when it was said. A time is known only as exactly as the precision beside it
says. Say "about the same time" where several said a thing first, and "unknown" where a time is null. A denial
by the accused is a denial, no refutation. What was not found is not known; that does not make it false.

Each answer holds `quoted_material`. {NOTICE}
"""


class _Server(MCPServer[None]):
    """The SDK's server, which refuses arguments that a tool does not have.

    The SDK leaves them out, and a question with a misspelt filter or instant would be answered without it.
    """

    async def list_tools(self) -> list[Tool]:
        """Return the tools, whose schemas say so."""
        tools = await super().list_tools()
        for tool in tools:
            tool.input_schema = tool.input_schema | {"additionalProperties": False}
        return tools

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; raises ToolError as the SDK does, and for an argument that the tool does not have."""
        schema = self._tool_input_schema(name)
        if schema is not None and arguments.keys() - schema["properties"].keys():
            raise ToolError(f"{name} has no such argument; it has: {', '.join(schema['properties'])}")
        return await super().call_tool(name, arguments, context)


def make(tools: Tools) -> MCPServer[None]:
    """Return the server; it logs nothing of what is asked."""
    server = _Server(
        "rumortrail",
        title="Rumortrail",
        description="Claims about AI models: who said them first, who denies them, and where they stand.",
        instructions=INSTRUCTIONS,
        version=version("rumortrail"),
        log_level="CRITICAL",
        subscriptions=False,
    )
    for method, title in TOOLS:
        name = method.__name__
        server.add_tool(
            getattr(tools, name),
            title=title,
            annotations=ToolAnnotations(
                title=title, read_only_hint=True, destructive_hint=False, idempotent_hint=True,
                open_world_hint=False,
            ),
        )  # fmt: skip
    return server
