"""The demo web: invented sites behind a loopback proxy, for `rumortrail demo` and the end-to-end tests.

From outside: `proxy.Site` serves it, `content` reads its places and stories from `content/*.toml`. `routes`
answers each address with the help of one module for each platform; `x` names the token that its X asks for.
"""
