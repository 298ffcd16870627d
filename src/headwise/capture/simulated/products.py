"""The products of simulated homes. All are invented; their habits are of the kinds seen in published captures.

The first half of a MAC is a real maker's of network modules (as the vendor table has them), since that is whose number most
small devices carry. A phone's is random, as phones do.
"""

from __future__ import annotations

from dataclasses import dataclass

from headwise.capture.simulated import stacks
from headwise.capture.simulated.behaviours import AskNeighbour, Beacon, Browse, CloudSession, Ping, Report, Stream
from headwise.capture.simulated.chores import Announce, Behaviour, ClockSync, Lease, Lookups, Neighbours

ESPRESSIF, TEXAS, MURATA, RASPBERRY, AZUREWAVE, LITEON = 0x240AC4, 0x5CF821, 0x98F170, 0xB827EB, 0x6C71D9, 0x20689D


@dataclass(frozen=True)
class Product:
    """One product: its name, its category, whose network module it carries (OUI; 0: random), its stack and its habits."""

    name: str
    category: str
    oui: int
    stack: stacks.Stack
    habits: tuple[Behaviour, ...]


PRODUCTS: tuple[Product, ...] = (
    Product("indoor-camera", "surveillance", LITEON, stacks.OLD_LINUX, (
        Lease(43200, 308), Neighbours(240), ClockSync("time.lookout.example", 1800),
        CloudSession("relay-3.lookout.example", 443, 55, 0.01, 62, 54, 8, 194, 2900),
        Beacon(10240, 45, 88, 52, "stun.lookout.example"),
        Stream("ingest.lookout.example", 10, 15, 0.15, 2600, True, "awake", action="motion"),
    )),
    Product("smart-plug", "home-automation", ESPRESSIF, stacks.LWIP, (
        Lease(7200, 318, 0.5), Neighbours(120), ClockSync("pool.clock.example", 3600, 2, False),
        CloudSession("mqtt.brightwatt.example", 8883, 60, 0.005, 31, 31, 12, 180, 2400),
        Report("mqtt.brightwatt.example", 140, 90, per_day=8, rhythm="awake", action="toggle"),
        Beacon(6666, 30, 172),
    )),
    Product("smart-speaker", "audio", MURATA, stacks.ANDROID, (
        Lease(43200, 335), Neighbours(120, True), ClockSync("clock.hark.example", 900), Announce((245, 410), 120, "mdns", True),
        CloudSession("voice.hark.example", 443, 110, 0.1, 74, 46, 10, 517, 4400, 6),
        Report("metrics.hark.example", 2200, 320, 1500, version=6), Lookups((19, 24, 31), 600, True),
        Stream("music.hark.example", 3, 60, 0.8, 9000, False, "awake", action="play"),
        Stream("voice-in.hark.example", 10, 4, 0.06, 640, True, "awake", action="ask"),
    )),
    Product("lamp-bridge", "hub", TEXAS, stacks.EMBEDDED, (
        Lease(21600, 300), Neighbours(180), ClockSync("ntp-2.gleam.example", 1024, 1, False), Announce((180, 95), 60),
        Announce((308, 317, 372), 900, "ssdp"), CloudSession("ws.gleam.example", 443, 100, 0.02, 29, 27, 24, 220, 3600),
        Report("portal.gleam.example", 480, 730, 3600), AskNeighbour("smart-bulb", 9999, 120, 60, 420),
    )),
    Product("coffee-maker", "appliance", ESPRESSIF, stacks.LWIP_SMALL, (
        Lease(86400, 302), Neighbours(90), Ping(60), CloudSession("brew.example", 1883, 45, 0.03, 2, 2, 4, 0, 0),
        Report("recipes.brew.example", 210, 1500, 7200, hello=143, certificate=2050),
        Report("brew.example", 900, 300, per_day=3, rhythm="morning", port=8883, action="brew"),
    )),
    Product("television", "media", AZUREWAVE, stacks.Stack(64, "MSTNW", first_window=14600, window=229, scale=6, pads=True), (
        Lease(43200, 342), Neighbours(150, True), ClockSync("time.tellyvision.example", 3600), Announce((520, 230, 140), 200),
        Announce((129, 133, 129, 133), 600, "ssdp"), Report("ads.tellyvision.example", 1300, 5200, 400, jitter=0.2),
        Report("guide.tellyvision.example", 450, 14000, 2700, jitter=0.1), Lookups((14, 22, 27, 35), 240, True),
        Stream("video.tellyvision.example", 3, 60, 1.2, 28000, False, "evening", action="watch"),
    )),
    Product("doorbell", "surveillance", TEXAS, stacks.REAL_TIME, (
        Lease(28800, 306, 1), Neighbours(400), CloudSession("sip.dingdong.example", 15063, 90, 0.02, 106, 106, 12, 160, 2600),
        Beacon(19302, 50, 28, 60, "stun.dingdong.example"), Report("snap.dingdong.example", 26000, 420, 3600),
        ClockSync("ntp.dingdong.example", 7200),
        Stream("media.dingdong.example", 7, 30, 0.05, 1080, True, "awake", 21000, True, "ring"),
    )),
    Product("smart-bulb", "home-automation", ESPRESSIF, stacks.LWIP, (
        Lease(7200, 320, 0.8), Neighbours(120), ClockSync("pool.clock.example", 3600, 2, False),
        CloudSession("mqtt.brightwatt.example", 8883, 60, 0.005, 33, 33, 12, 182, 2400),
        Report("mqtt.brightwatt.example", 164, 90, per_day=12, rhythm="evening", action="light"),
        Beacon(6666, 30, 188),
    )),
    Product("internet-radio", "audio", MURATA, stacks.MODULE, (
        Lease(43200, 304), Neighbours(200), ClockSync("0.clock.example", 3600), Announce((210, 160), 75),
        Report("stations.airwave.example", 340, 6800, 1200, port=80, hello=0),
        CloudSession("control.airwave.example", 443, 120, 0.05, 52, 41, 6, 205, 3300),
        Stream("stream.airwave.example", 3, 120, 0.9, 9000, False, "morning", 8000, action="listen"),
    )),
    Product("washing-machine", "appliance", AZUREWAVE, stacks.EMBEDDED, (
        Lease(21600, 316), Neighbours(500), ClockSync("time.whirl.example", 3600), Announce((340,), 300),
        CloudSession("iot.whirl.example", 8883, 240, 0.02, 85, 41, 24, 240, 4000),
        Report("iot.whirl.example", 2400, 210, per_day=5, rhythm="daytime", action="wash"), Report("ota.whirl.example", 290, 190, 14400),
    )),
    Product("alarm-hub", "hub", RASPBERRY, stacks.Stack(64, "MSTNW", first_window=29200, window=229, scale=7, counts=False, pads=True), (
        Lease(86400, 330), Neighbours(100), ClockSync("2.clock.example", 256), Ping(60, 32, "watch.guardhouse.example"),
        CloudSession("watch.guardhouse.example", 443, 40, 0.02, 41, 35, 24, 300, 3800), Report("log.guardhouse.example", 5200, 180, 900),
        AskNeighbour("indoor-camera", 554, 600, 240, 900),
        Report("watch.guardhouse.example", 700, 200, per_day=4, rhythm="awake", action="arm"),
    )),
    Product("streaming-stick", "media", AZUREWAVE, stacks.ANDROID, (
        Lease(43200, 328), Neighbours(130, True), ClockSync("clock.castaway.example", 1200), Announce((165, 290), 20, "mdns", True),
        CloudSession("push.castaway.example", 5228, 280, 0.2, 28, 28, 12, 517, 4200, 6), Lookups((16, 23, 29), 300, True),
        Report("beacon.castaway.example", 860, 240, 500, version=6),
        Stream("cdn.castaway.example", 3, 60, 1.6, 30000, False, "evening", action="cast"),
    )),
    Product("thermostat", "home-automation", TEXAS, stacks.LINUX, (
        Lease(43200, 325), Neighbours(270), ClockSync("time.cosy.example", 1800), Report("weather.cosy.example", 380, 1900, 900),
        CloudSession("transport.cosy.example", 9543, 150, 0.05, 64, 58, 8, 210, 3000),
        Report("transport.cosy.example", 620, 280, per_day=4, rhythm="awake", port=9543, action="set"),
    )),
    Product("robot-vacuum", "appliance", ESPRESSIF, stacks.ANDROID, (
        Lease(21600, 310), Neighbours(110), Beacon(8053, 40, 32, 32, "ot.sweepster.example"), ClockSync("1.clock.example", 1800),
        Report("log.sweepster.example", 9000, 160, 2700), Lookups((18, 20), 450),
        Stream("map.sweepster.example", 2, 240, 0.8, 700, True, "daytime", action="clean"),
    )),
)  # fmt: skip

PHONE = Product("phone", "computer", 0, stacks.APPLE, (
    Lease(3600, 330, 3), Neighbours(400, True), Announce((120, 380), 500, "mdns", True), Browse(7, "awake"),
    CloudSession("push.fruit.example", 5223, 900, 0.3, 53, 53, 5, 517, 4100, 6),
))  # fmt: skip
COMPUTER = Product("laptop", "computer", LITEON, stacks.WINDOWS, (
    Lease(7200, 350, 2), Neighbours(300, True), Announce((175,), 1800, "ssdp"), Browse(7, "daytime", 18),
    ClockSync("time.panes.example", 32768),
))  # fmt: skip
