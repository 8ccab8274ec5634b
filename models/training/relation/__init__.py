"""Train the stance model: `python -m models.training.relation DATA`.

`data` and `synthetic` make the pairs, `network` trains and exports the encoder, `head` the last layer, `card`
the model card.
"""
