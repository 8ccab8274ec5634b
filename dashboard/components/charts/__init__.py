"""Charts that several pages share.

`timeline` (a claim's evidence over time, in its `lanes`), `claims` (claims on one time axis), `axis`, `style`
(colours), `spec` (Vega-Lite's words), `embed` (puts a chart on a page), `sparkline`.
"""
