"""Classes of ports: what a remote port says of a packet, without the number itself."""

from __future__ import annotations

import functools

import numpy as np

# Name to ports. The first ten stand in the order of enum hw_port_class of native/windows.h, which a test compares.
# Ports are those of the IANA registry, and of makers who document theirs or are widely reported to use them.
PORT_CLASSES: dict[str, tuple[range, ...]] = {
    "dynamic": (range(49152, 65536),),
    "registered": (range(1024, 49152),),
    "low": (range(0, 1024),),
    "dns": (range(53, 54), range(853, 854)),
    "mdns": (range(5353, 5354),),
    "ssdp": (range(1900, 1901),),
    "dhcp": (range(67, 69), range(546, 548)),
    "ntp": (range(123, 124),),
    "http": (range(80, 81),),
    "https": (range(443, 444),),
    "web": (range(81, 82), range(8000, 8001), range(8008, 8010), range(8080, 8082), range(8443, 8444), range(8888, 8889)),
    "mqtt": (range(1883, 1884),),
    "mqtts": (range(8883, 8884),),
    "stun": (range(3478, 3482), range(5349, 5350), range(19302, 19310)),
    "xmpp": (range(5222, 5224), range(5269, 5270)),
    "push": (range(2195, 2198), range(5228, 5231)),
    "rtsp": (range(554, 555), range(8554, 8555)),
    "rtmp": (range(1935, 1936),),
    "coap": (range(5683, 5685),),
    "tuya": (range(6666, 6669),),
    "kasa": (range(9999, 10000),),
    "lifx": (range(56700, 56701),),
    "upnp": (range(49152, 49156),),
    "netbios": (range(137, 140), range(445, 446)),
    "llmnr": (range(5355, 5356),),
    "ws_discovery": (range(3702, 3703),),
    "airplay": (range(5000, 5001), range(7000, 7001)),
    "sonos": (range(1400, 1401), range(1443, 1444)),
    "mail": (range(25, 26), range(110, 111), range(143, 144), range(465, 466), range(587, 588), range(993, 994), range(995, 996)),
    "shell": (range(22, 24),),
    "printing": (range(515, 516), range(631, 632), range(9100, 9101)),
    "sip": (range(5060, 5062),),
    "vpn": (range(500, 501), range(1194, 1195), range(4500, 4501), range(51820, 51821)),
}
NAMES: tuple[str, ...] = tuple(PORT_CLASSES)


@functools.cache
def port_table() -> np.ndarray:
    """Return the class of every port, uint8, shape ``(65536,)``, as positions in `NAMES`."""
    table = np.zeros(65536, np.uint8)
    for number, ranges in enumerate(PORT_CLASSES.values()):
        for ports in ranges:
            table[ports.start : ports.stop] = number
    table.setflags(write=False)
    return table


def ports_of(name: str) -> str:
    """Return the ports of a class as text, such as ``67-68, 546-547``."""
    return ", ".join(str(r.start) if len(r) == 1 else f"{r.start}-{r.stop - 1}" for r in PORT_CLASSES[name])
