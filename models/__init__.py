"""Models behind the protocols that the pipeline asks for; they import none of the other packages.

From outside: `protocols` (what a model must do, and the records in between), `claim_similarity` (how likely
two propositions are one claim), `founding` (which sentences may found a claim), and the rooms `language`,
`embedding`, `stance`, `second_reader`, `gazetteer`, `onnx`, `training`. `passage_context` writes what a
passage stands in, `other_documents` says how surely others speak to a claim, `lexicon` has the cue words that
several rooms read, `stems` the words by which texts are compared, `chinese` writes English for Chinese,
`identities` says which model a code name is to be, `probabilities` is what log odds come to.
"""
