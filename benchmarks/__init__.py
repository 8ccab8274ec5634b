"""What was measured, and how to measure it again (docs/benchmarks.md tells the figures).

`quality` holds how well text is read, grouped and judged, with the floors under the figures; `speed` how
fast, and at which size. `harness` has what both share. The folder labels holds the readers' labels, which
train models, too. Modules are run from the repository's root, as in
`python -m benchmarks.quality.reading --help`. None of this is installed.
"""
