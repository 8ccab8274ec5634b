"""Run ONNX models (`session`, `encoder`), multiply large ones faster (`by_token`), and read and check shipped
weights (`weights`).
"""
