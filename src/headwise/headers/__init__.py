"""Bytes to header columns: reading, ordering, repeats, Parquet, anonymisation."""

from headwise.headers.batch import HeaderBatch
from headwise.headers.expand import expand
from headwise.headers.reader import HeaderReader

__all__ = ["HeaderBatch", "HeaderReader", "expand"]
