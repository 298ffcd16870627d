"""JSON Schemas of the lines that ``headwise watch --json`` prints, by event."""

from __future__ import annotations

from typing import Any

from headwise.cli.schemas import IDENTIFY

Schema = dict[str, Any]

_DEVICES: Schema = IDENTIFY["properties"]["devices"]
_DEVICE: dict[str, Schema] = _DEVICES["items"]["properties"]


def _object(meaning: str, properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "description": meaning,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _count(meaning: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": meaning}


def _counts(meaning: str) -> Schema:
    return {"type": "object", "description": meaning, "additionalProperties": {"type": "integer", "minimum": 0}}


def _whole(event: str, meaning: str) -> Schema:
    fields: dict[str, Schema] = {
        "event": {"const": event, "type": "string", "description": f"`{event}`"},
        "interface": {"type": "string", "description": "that is watched"},
        "time": {"type": "string", "description": "now, ISO 8601, UTC"},
        "seconds": {"type": "number", "minimum": 0, "description": "since the beginning"},
        "packets": _count("read so far"),
        "rows": _count("packets whose headers were read"),
        "counted": _counts("packets that are no row, by reason; with the rows they add up to the packets"),
        "remarks": _counts("rows with an oddity, by kind"),
        "unattributed": _counts("rows that are no device's, by reason"),
        "left_out": _counts("a device's packets that are in no window, by reason"),
        "dropped": _count("packets that the kernel had no room for; not among those read"),
        "devices": _DEVICES,
    }
    return _object(meaning, fields)


EVENTS: dict[str, Schema] = {
    "window": _object(
        "a window that ended",
        {
            "event": {"const": "window", "type": "string", "description": "`window`"},
            "mac": _DEVICE["mac"],
            "vendor": _DEVICE["vendor"],
            "start": {"type": "string", "description": "of the window, ISO 8601, UTC"},
            "length_s": {"type": "number", "minimum": 0, "description": "of the window, seconds"},
            "packets_sent": _count("in the window"),
            "packets_received": _count("in the window"),
            "bytes_sent": _count("in the window, as its feature of that name"),
            "bytes_received": _count("in the window, as its feature of that name"),
            "product": _DEVICE["product"],
            "category": _DEVICE["category"],
            "complete": {"type": "boolean", "description": "false where watching ended before the window's time was over"},
        },
    ),
    "devices": _whole("devices", "all devices, at each refresh"),
    "end": _whole("end", "the last line: all devices"),
}
