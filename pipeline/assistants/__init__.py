"""Serve the published copy to assistants: a server of the Model Context Protocol.

From outside: `server.make` makes it, `http` serves it on loopback. `tools` has what an assistant may ask,
`quoted` marks what strangers wrote, in every answer.
"""
