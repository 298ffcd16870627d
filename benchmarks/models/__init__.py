"""What models cost: training, retraining, inference, size and memory."""
