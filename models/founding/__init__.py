"""Say which sentences may found a claim: those that somebody wrote so and that a trained model finds sound.

From outside: `model` is the founder, `features` are the model's plain inputs, `kinds` says what a sentence is
about.
"""
