"""Train every model whose weights the project ships."""
