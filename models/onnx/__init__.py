"""ONNX Runtime sessions and the weights of shipped models."""
