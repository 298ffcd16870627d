"""`headwise tell`: a person's word for what a device of a home is."""

from __future__ import annotations

import argparse
from pathlib import Path

SUMMARY = "say what a device of a home is"
EXAMPLES = """\
  headwise tell my-home 0c:80:63:65:64:de tp-link-smart-plug
  headwise tell my-home 02:1c:43:00:1f:aa breville-kettle --category appliance
  headwise tell my-home 5a:31:90:22:41:07 --same-as 0c:80:63:65:64:de
"""
CATEGORIES = ("surveillance", "media", "audio", "hub", "appliance", "home-automation", "computer", "router")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("home", metavar="FOLDER", type=Path, help="of the home")
    parser.add_argument("mac", metavar="MAC", help="of the device")
    parser.add_argument("product", metavar="PRODUCT", nargs="?", help="what it is; also one that the model does not know")
    parser.add_argument("--category", choices=CATEGORIES, help="kind of a product that is not known yet")
    parser.add_argument("--same-as", metavar="MAC", help="it is the device that was seen under this MAC before")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Write it down, print the event."""
    import time

    from headwise.cli.nightly import print_events
    from headwise.cli.output import write_json
    from headwise.devices import parse_mac
    from headwise.errors import InputError
    from headwise.identity.nightly import link_device, tell_device

    if (arguments.product is None) == (arguments.same_as is None):
        raise InputError("takes a product or --same-as, one of them", do="say what the device is")
    if arguments.product is None and arguments.category is not None:
        raise InputError("is of a product, and --same-as takes none", where="--category", do="leave it out")
    mac, now = parse_mac(arguments.mac), time.time_ns()
    if arguments.product is not None:
        event = tell_device(arguments.home, mac, arguments.product, arguments.category, now)
    else:
        event = link_device(arguments.home, mac, parse_mac(arguments.same_as), now)
    if arguments.json:
        write_json({"event": event.to_json()})
    else:
        print_events([event])
    return 0
