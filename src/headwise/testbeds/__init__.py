"""Labelled captures: folders with `devices.csv`, their windows, and splits by time."""

from headwise.testbeds.checksums import checksums
from headwise.testbeds.labelled import Label, LabelledWindows, Length, join
from headwise.testbeds.loading import Selection, Testbed, load, read_testbeds
from headwise.testbeds.period import Period, day_name, day_of, parse_moment, parse_period
from headwise.testbeds.units import NOT_CLASSES, UNKNOWN, Unit, read_units

__all__ = [
    "NOT_CLASSES",
    "UNKNOWN",
    "Label",
    "LabelledWindows",
    "Length",
    "Period",
    "Selection",
    "Testbed",
    "Unit",
    "checksums",
    "day_name",
    "day_of",
    "join",
    "load",
    "parse_moment",
    "parse_period",
    "read_testbeds",
    "read_units",
]
