"""Where packets come from: files, streams, folders, the wire."""

from headwise.capture.blocks import WINDOW, Blocks, open_blocks, open_capture
from headwise.capture.mapped import Mapping

__all__ = ["WINDOW", "Blocks", "Mapping", "open_blocks", "open_capture"]
