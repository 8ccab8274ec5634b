"""The page Models and organisations."""
