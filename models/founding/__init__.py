"""Say which sentences may found a claim: those that somebody wrote so and that a trained model finds sound.

From outside: `model` (the founder).
"""
