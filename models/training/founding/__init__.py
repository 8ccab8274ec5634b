"""Train the founding model: `python -m models.training.founding LABELS DATA`.

`sentences` writes the judged and made-up sentences anew, `plain` fits the logistic model, `reader` the
encoder.
"""
