"""What habits say of the kind of a device, by general knowledge of protocols and products and not by any capture.

Sources: the IANA registry of ports, what makers document of theirs, and how things are commonly built: IP cameras (RTSP, WS-Discovery of
ONVIF, relays over UDP), televisions and speakers (mDNS, SSDP, push services), microcontrollers (lwIP and its like: no window scaling, a TTL
of 255) and their clouds (MQTT). The numbers are estimates: of a hundred devices of a kind, how many show the habit on their first day.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

KINDS = ("surveillance", "media", "audio", "hub", "appliance", "home-automation", "computer")

# Of habits that shut each other out, a group adds up to a hundred; the others count only where they are seen.
TABLE: dict[str, tuple[float, ...]] = {
    # How many names, servers and kinds of connection.
    "turns to few": (75, 10, 15, 60, 85, 75, 10),
    "turns to some": (20, 20, 25, 25, 12, 17, 15),
    "turns to many": (5, 70, 60, 15, 3, 8, 75),
    # TCP: without window scaling, with a little, or as of an operating system with megabytes to spare.
    "small stack": (25, 3, 5, 30, 60, 50, 5),
    "middle stack": (45, 17, 15, 30, 20, 25, 10),
    "large stack": (30, 80, 80, 40, 20, 25, 85),
    # How it looks for others, or lets itself be found.
    "announces nothing": (45, 5, 10, 35, 75, 65, 20),
    "mdns": (15, 25, 50, 20, 10, 10, 40),
    "ssdp": (15, 15, 5, 20, 10, 20, 10),
    "mdns and ssdp": (25, 55, 35, 25, 5, 5, 30),
    # Film that is sent, film or music that is received.
    "uploads": (45, 3, 4, 2, 1, 1, 5),
    "downloads": (10, 65, 50, 5, 5, 4, 50),
    "mqtt": (15, 10, 10, 35, 40, 45, 10),
    "no mqtt": (85, 90, 90, 65, 60, 55, 90),
    "relays": (60, 10, 15, 15, 3, 15, 15),
    "tuya": (2, 1, 1, 2, 6, 20, 2),
    "kasa": (0.5, 0.5, 0.5, 0.5, 1, 10, 0.5),
    "push": (5, 45, 40, 10, 3, 5, 50),
    "camera ports": (30, 5, 2, 2, 1, 1, 10),
    "stun": (35, 10, 20, 10, 2, 8, 30),
    "serves web": (50, 40, 30, 50, 10, 20, 10),
    "xmpp": (10, 35, 35, 15, 10, 5, 40),
    "plays": (1, 30, 40, 2, 1, 1, 30),
}

WORDS: dict[str, str] = {
    "turns to few": "turns to few servers",
    "turns to some": "turns to some servers",
    "turns to many": "turns to many servers",
    "small stack": "opens connections as a small device does",
    "middle stack": "opens connections as a device of middling size does",
    "large stack": "opens connections as a large operating system does",
    "announces nothing": "looks for no others in the network",
    "mdns": "announces itself over mDNS",
    "ssdp": "announces itself over SSDP",
    "mdns and ssdp": "announces itself over mDNS and SSDP",
    "uploads": "sends much more than it receives",
    "downloads": "receives much more than it sends",
    "mqtt": "talks MQTT",
    "no mqtt": "does not talk MQTT",
    "relays": "keeps a way open for datagrams from the internet",
    "tuya": "talks to Tuya's ports",
    "kasa": "answers on TP-Link Kasa's port",
    "push": "waits for push messages",
    "camera ports": "talks to ports of cameras",
    "stun": "looks for its public address (STUN)",
    "serves web": "has web pages of its own",
    "xmpp": "talks XMPP",
    "plays": "talks to ports of speakers",
}
"""How each habit is said."""
TELLS = 0.4
"""Natural logarithm of how much likelier a kind must make a habit, to be said."""


def habit_logarithms(habits: Sequence[str], categories: Sequence[str]) -> np.ndarray:
    """Return the natural logarithms of how much likelier each category makes these habits than the mean of all kinds does.

    Parameters
    ----------
    habits : sequence of str
        Of a device, names in `TABLE`.
    categories : sequence of str
        In the order of the answer; of one that is not in the table nothing is known, which is 0.
    """
    rates = np.array([TABLE[habit] for habit in habits]).reshape(len(habits), len(KINDS))
    sums = dict(zip(KINDS, np.log(rates / rates.mean(axis=1, keepdims=True)).sum(axis=0).tolist(), strict=True))
    return np.array([sums.get(category, 0.0) for category in categories])


def telling_habit(habits: Sequence[str], category: str) -> str | None:
    """Return in words the habit that speaks most for a category; None where none does."""
    found = [(float(habit_logarithms([habit], [category])[0]), habit) for habit in habits]
    most, habit = max(found, default=(0.0, ""))
    return WORDS[habit] if most >= TELLS else None
