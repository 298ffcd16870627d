"""Where packets come from: files, streams, folders, the wire."""

from headwise.capture.blocks import WINDOW, Blocks, open_blocks, open_capture

__all__ = ["WINDOW", "Blocks", "open_blocks", "open_capture"]
