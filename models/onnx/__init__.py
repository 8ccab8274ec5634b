"""Run ONNX models (`session`), and read and check shipped weights (`weights`)."""
