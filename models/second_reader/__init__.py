"""Ask another reader where a passage stands toward a claim (docs/second-reader.md).

From outside: `chat` asks a server that speaks the OpenAI chat completions interface. What is sent over the
network, and how, is handed in. What the server is told first stands in a text file of its own.
"""
