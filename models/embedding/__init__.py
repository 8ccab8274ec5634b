"""Turn sentences into vectors.

From outside: `embedder` loads a model by its name. `minilm` builds the default model's graph in 8 bits.
"""
