"""Captures whose services died."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headwise.cli.main import main
from headwise.study.dead_services import ATTEMPT_S, Death, read_dead
from headwise.windows import WindowTable, read_windows

WINDOW_S = 600.0


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return a simulated day of three devices."""
    home = tmp_path_factory.mktemp("home") / "home"
    assert main(["simulate", "-o", str(home), "--devices", "3", "--days", "1"]) == 0
    return sorted((home / "captures").rglob("*.pcap*"))


def of(table: WindowTable, mac: int, name: str) -> np.ndarray:
    """Return a feature of a device's windows, in the order of time."""
    found: np.ndarray = table.features[table.device == mac, table.names.index(name)]
    return found


def opening(table: WindowTable) -> list[int]:
    """Return the MACs of devices that open connections in most of their windows' time."""
    return [mac for mac in np.unique(table.device).tolist() if (of(table, mac, "connections_sent") > 0).mean() > 0.1]


def test_servers_that_say_nothing_are_asked_again_and_again(captures: list[Path]) -> None:
    """In every window connections are opened once a minute, four packets each, and none is answered."""
    live, dead = read_windows(captures).table, read_dead(captures, Death.UNANSWERED)
    assert opening(live)
    for mac in opening(live):
        assert np.median(of(dead, mac, "connections_sent")) >= WINDOW_S / ATTEMPT_S
        assert np.median(of(dead, mac, "connections_syns_sent")) == pytest.approx(4, abs=0.5)
        assert np.nanmin(of(live, mac, "connections_unanswered_sent")) < 0.5
        assert np.nanmedian(of(dead, mac, "connections_unanswered_sent")) == 1


def test_names_that_are_gone_are_asked_for_and_nobody_is_called(captures: list[Path]) -> None:
    """No connection to the internet is left; a name is asked for every minute, and each question gets an answer that is 75 bytes longer."""
    live, dead = read_windows(captures).table, read_dead(captures, Death.UNRESOLVED)
    asking = [mac for mac in opening(live) if np.nansum(of(live, mac, "dns_count_sent")) > 0]
    assert asking
    for mac in asking:
        assert np.nansum(of(dead, mac, "to_https_sent")) == 0
        assert np.median(of(dead, mac, "dns_count_sent")) >= WINDOW_S / ATTEMPT_S
        assert np.median(of(dead, mac, "dns_count_received")) >= WINDOW_S / ATTEMPT_S
        longest = np.nanmax(of(dead, mac, "dns_max_received") - of(dead, mac, "dns_max_sent"))
        assert longest >= 75


@pytest.mark.parametrize("death", list(Death))
def test_the_time_is_told_as_before(captures: list[Path], death: Death) -> None:
    """NTP is another's service: as many requests and replies as ever."""
    live, dead = read_windows(captures).table, read_dead(captures, death)
    for name in ("ntp_count_sent", "ntp_count_received"):
        counts = [float(np.nansum(table.features[:, table.names.index(name)])) for table in (live, dead)]
        assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("death", list(Death))
def test_nothing_is_tried_where_nobody_listened(captures: list[Path], death: Death) -> None:
    """No device has a window that it had not before."""
    live, dead = read_windows(captures).table, read_dead(captures, death)
    before = set(zip(live.device.tolist(), live.start.tolist(), strict=True))
    assert set(zip(dead.device.tolist(), dead.start.tolist(), strict=True)) <= before
