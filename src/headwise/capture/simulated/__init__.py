"""A simulated home: captures of invented devices, for demonstrations, tests and load tests."""

from headwise.capture.simulated.home import Home
from headwise.capture.simulated.testbed import Plan, write

__all__ = ["Home", "Plan", "write"]
