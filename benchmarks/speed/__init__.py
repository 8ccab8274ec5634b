"""How fast it goes, at which size, on which engine: seconds, memory, bytes, pages.

`throughput` is also part of `make bench`. `sql_scale` makes the store of a million mentions that others take;
`same` tells whether two published copies say the same; `screenshots` takes the documentation's pictures.
"""
