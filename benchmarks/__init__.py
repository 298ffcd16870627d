"""Speed and memory beside other programs: `make bench`, `docs/performance.md`."""

import os

# As the command `headwise` has it: NumPy makes no threads that spin while others are measured.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
