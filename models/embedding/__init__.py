"""Turn sentences into vectors.

From outside: `embedder` loads a model by its name, `retriever` what passages are searched for by. `minilm`
builds the default model's graph in 8 bits.
"""
