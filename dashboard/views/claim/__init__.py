"""The page of one claim, a module a section; all of them show what was known at one instant (`asof.Known`)."""
