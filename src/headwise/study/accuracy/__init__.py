"""How right the names are: one module for each group of rows of the table in docs/accuracy.md.

Each such module has ``rows(data, say)``, which takes the folder of the test-beds and a callable that is told of progress, and returns
rows of the table; none where the test-beds that it needs are missing.
"""

from headwise.study.accuracy.row import Row, Say, Spread

__all__ = ["Row", "Say", "Spread"]
