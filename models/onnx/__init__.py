"""Run ONNX models (`session`, `encoder`), and read and check shipped weights (`weights`)."""
