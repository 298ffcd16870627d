"""Where packets come from: files, streams, folders, the wire."""

from headwise.capture.blocks import Blocks, open_blocks, open_capture

__all__ = ["Blocks", "open_blocks", "open_capture"]
