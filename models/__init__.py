"""Language, embedding and stance models behind the protocols that the pipeline asks for."""
