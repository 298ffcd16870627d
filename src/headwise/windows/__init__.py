"""Windows: what each device did in each slice of time, as named features and a sequence."""

from headwise.windows.accumulate import Windows
from headwise.windows.catalogue import FEATURES_VERSION, Feature, catalogue, delays_among, names
from headwise.windows.content import content_weights
from headwise.windows.feature_sets import FEATURE_SETS, FLOW, FeatureSet, feature_set, feature_set_of
from headwise.windows.flows import read_flows
from headwise.windows.reading import WindowReader, WindowReading, read_windows
from headwise.windows.storing import WindowWriter, read_window_table, write_window_table
from headwise.windows.table import SEQUENCE_VALUES, WindowTable

__all__ = [
    "FEATURES_VERSION",
    "FEATURE_SETS",
    "FLOW",
    "SEQUENCE_VALUES",
    "Feature",
    "FeatureSet",
    "WindowReader",
    "WindowReading",
    "WindowTable",
    "WindowWriter",
    "Windows",
    "catalogue",
    "content_weights",
    "delays_among",
    "feature_set",
    "feature_set_of",
    "names",
    "read_flows",
    "read_window_table",
    "read_windows",
    "write_window_table",
]
