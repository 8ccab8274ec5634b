"""Say which sentences may found a claim: those that somebody wrote so and that a trained model finds sound.

From outside: `model` is the founder, `wording` finds a sentence in its quotation, `features` are the model's
plain inputs.
"""
