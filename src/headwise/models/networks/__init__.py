"""Networks that can be retrained with frozen stages: PyTorch for training only, ONNX or LiteRT at the edge."""
