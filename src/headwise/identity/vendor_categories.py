"""What makers of network cards are known for, by general knowledge of the market and not by any capture.

The table is a prior and nothing more: ten parts are shared out over the categories that a vendor's products in homes fall into.
A maker of modules that other makers build in (Espressif, Texas Instruments) says little, and is given little weight.
"""

from __future__ import annotations

SHARES = 10.0
NONE: dict[str, float] = {}

# Beginning of the vendor's name, or a word in it, in lower case; categories with their parts of ten.
TABLE: tuple[tuple[str, dict[str, float]], ...] = (
    ("amazon", {"audio": 6, "media": 3, "surveillance": 1}),
    ("amcrest", {"surveillance": 10}),
    ("apple", {"media": 5, "audio": 5}),
    ("arlo", {"surveillance": 10}),
    ("axis comm", {"surveillance": 10}),
    ("bang & olufsen", {"audio": 10}),
    ("belkin", {"home-automation": 8, "hub": 1, "surveillance": 1}),
    ("bosch", {"appliance": 8, "home-automation": 2}),
    ("bose", {"audio": 10}),
    ("broadlink", {"home-automation": 10}),
    ("bsh ", {"appliance": 10}),
    ("d-link", {"surveillance": 5, "home-automation": 4, "hub": 1}),
    ("dahua", {"surveillance": 10}),
    ("denon", {"audio": 10}),
    ("dyson", {"appliance": 10}),
    ("ecobee", {"home-automation": 10}),
    ("ecovacs", {"appliance": 10}),
    ("edimax", {"surveillance": 5, "home-automation": 5}),
    ("electric imp", {"appliance": 5, "home-automation": 5}),
    ("electrolux", {"appliance": 10}),
    ("eq-3", {"hub": 5, "home-automation": 5}),
    ("espressif", {"home-automation": 4, "appliance": 1}),
    ("ezviz", {"surveillance": 10}),
    ("fitbit", {"appliance": 10}),
    ("foscam", {"surveillance": 10}),
    ("general electric", {"appliance": 10}),
    ("google", {"audio": 5, "media": 4, "surveillance": 1}),
    ("harman", {"audio": 10}),
    ("hikvision", {"surveillance": 10}),
    ("hisense", {"media": 10}),
    ("honeywell", {"home-automation": 8, "surveillance": 2}),
    ("ikea", {"hub": 8, "home-automation": 2}),
    ("imilab", {"surveillance": 10}),
    ("insteon", {"hub": 10}),
    ("irobot", {"appliance": 10}),
    ("lg electronics", {"media": 7, "appliance": 3}),
    ("lg innotek", {"media": 6, "appliance": 4}),
    ("lifx", {"home-automation": 10}),
    ("logitech", {"hub": 5, "surveillance": 5}),
    ("lumi united", {"hub": 10}),
    ("lutron", {"hub": 10}),
    ("meross", {"home-automation": 10}),
    ("midea", {"appliance": 10}),
    ("miele", {"appliance": 10}),
    ("nest labs", {"home-automation": 7, "surveillance": 3}),
    ("netatmo", {"home-automation": 7, "surveillance": 3}),
    ("netgear", {"surveillance": 6, "hub": 2}),
    ("nintendo", {"media": 10}),
    ("osram", {"hub": 6, "home-automation": 4}),
    ("philips lighting", {"hub": 8, "home-automation": 2}),
    ("reolink", {"surveillance": 10}),
    ("ring ", {"surveillance": 10}),
    ("roborock", {"appliance": 10}),
    ("roku", {"media": 10}),
    ("samsung electro", {"appliance": 5, "media": 5}),
    ("samsung electronics", {"media": 6, "appliance": 3, "home-automation": 1}),
    ("shelly", {"home-automation": 10}),
    ("allterco", {"home-automation": 10}),
    ("shenzhen bilian", {"surveillance": 4}),
    ("signify", {"hub": 8, "home-automation": 2}),
    ("smartthings", {"hub": 10}),
    ("sonos", {"audio": 10}),
    ("sony interactive", {"media": 10}),
    ("sony ", {"media": 8, "audio": 2}),
    ("swann", {"surveillance": 10}),
    ("tado", {"hub": 6, "home-automation": 4}),
    ("tcl ", {"media": 10}),
    ("texas instruments", {"home-automation": 2, "surveillance": 2}),
    ("tp-link", {"home-automation": 8, "surveillance": 2}),
    ("tuya", {"home-automation": 9, "hub": 1}),
    ("vizio", {"media": 10}),
    ("whirlpool", {"appliance": 10}),
    ("wink", {"hub": 10}),
    ("withings", {"appliance": 10}),
    ("wiz ", {"home-automation": 10}),
    ("wyze", {"surveillance": 8, "home-automation": 2}),
    ("xiaomi", {"home-automation": 4, "surveillance": 3, "appliance": 2, "hub": 1}),
    ("yamaha", {"audio": 10}),
    ("yeelink", {"home-automation": 10}),
    ("zmodo", {"surveillance": 10}),
)


# Makers of modules that many others build into products of their own.
MODULES = (
    "ai-thinker",
    "ampak",
    "atheros",
    "azurewave",
    "broadcom",
    "cypress",
    "delta electronics",
    "electric imp",
    "espressif",
    "gainspan",
    "hi-flying",
    "hon hai",
    "liteon",
    "marvell",
    "mediatek",
    "microchip",
    "murata",
    "qualcomm",
    "ralink",
    "realtek",
    "shenzhen bilian",
    "shenzhen rf-link",
    "silicon lab",
    "texas instruments",
    "tuya",
    "universal global scientific",
    "wisol",
)
MAKERS_OF_A_MODULE = 5


def makers(vendor: str) -> int:
    """Return how many makers are known at least to build in what a vendor makes: 1, but for makers of modules."""
    return MAKERS_OF_A_MODULE if any(vendor.lower().startswith(word) for word in MODULES) else 1


def known_for(vendor: str) -> dict[str, float]:
    """Return how likely each category is of a vendor's devices, as parts of `SHARES`; nothing of one that is not in the table."""
    name = f"{vendor.lower()} "
    for word, parts in TABLE:
        if name.startswith(word) or f" {word}" in name:
            return parts
    return NONE
