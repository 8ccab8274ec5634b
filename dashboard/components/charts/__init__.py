"""Charts that several pages share.

`timeline` (a claim's evidence over time, in its `lanes`), `axis`, `style` (colours), `embed` (puts a chart on
a page), `sparkline`.
"""
