"""Train the stance model: `python -m models.training.stance DATA`.

`data` and `synthetic` make the pairs, `network` trains and exports the encoder, `head` the last layer, `card`
the model card.
"""
