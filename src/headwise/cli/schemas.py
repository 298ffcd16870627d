"""JSON Schemas of what ``--json`` prints, by command. The documents show them and tests hold the commands to them."""

from __future__ import annotations

from typing import Any

from headwise.identity.states import STATES

Schema = dict[str, Any]


def _object(meaning: str, properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": meaning, "properties": properties, "required": required, "additionalProperties": False}


def _count(meaning: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": meaning}


def _text(meaning: str) -> Schema:
    return {"type": "string", "description": meaning}


def _share(meaning: str) -> Schema:
    return {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": meaning}


def _counts(meaning: str) -> Schema:
    return {"type": "object", "description": meaning, "additionalProperties": {"type": "integer", "minimum": 0}}


def _list(meaning: str, items: Schema) -> Schema:
    return {"type": "array", "description": meaning, "items": items}


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}


def _choice(meaning: str, *values: str) -> Schema:
    return {"enum": list(values), "description": meaning}


def _name(meaning: str) -> Schema:
    return _object(
        meaning,
        {
            "label": _text("class, or `unknown`"),
            "probability": _share("how likely by the evidence; null where there is none, and of what a person said"),
        },
    )


_LENGTH: Schema = {"type": ["number", "string"], "description": "of a window in seconds, or `capture`"}
_LABEL = _choice("what is named: products or categories", "device", "category")
_DAYS = _list("UTC days", _text("ISO 8601 date"))
_WARNINGS = _list("what a reader of the result must know", _text("one line"))
_PACKETS = _count("packets of the captures")
_ROWS = _count("packets whose headers were read")
_COUNTED = _counts("packets that are no row, by reason; with the rows they add up to the packets")
_REMARKS = _counts("rows with an oddity, by kind")
_UNATTRIBUTED = _counts("rows that are no device's, by reason")
_LEFT_OUT = _counts("a device's packets that are in no window, by reason")

_DEVICE = {
    "mac": _text("such as `00:1a:22:05:26:41`"),
    "vendor": _or_null(_text("of the MAC; null where it is random or not known")),
    "role": _choice("what it is in the network", "device", "router"),
    "packets": _count("sent and received"),
    "bytes_sent": _count("on the wire"),
    "bytes_received": _count("on the wire"),
    "windows": _count("windows in which it sent something"),
    "first_seen": _text("ISO 8601, UTC"),
    "last_seen": _text("ISO 8601, UTC"),
    "state": _choice("of its identity, as the page on identity says", *STATES),
    "product": _name("where one product is named, by whatever name a home keeps; else `unknown`, with the probability of the likeliest"),
    "category": _name("also of a device whose product is unknown, where it is sure"),
    "family": _or_null(_name("product line, where one is named; else null")),
    "alternatives": _list("the likeliest products, likeliest first, three at most", _name("product")),
    "prediction_set": _list(
        "products of which one is the truth for 95 % of known devices; what it is called is among them", _text("product")
    ),
    "evidence": _list(
        "what speaks for it, in words; where something else is likelier than its name, that, and what speaks for it", _text("one line")
    ),
    "since": _or_null(
        _text(
            "start of the window from which on the likeliest product has been that, or one of the line that is named; of a name that a "
            "home keeps, from when on it had been when it was named; of a told one, when it was told; ISO 8601, UTC; null without evidence"
        )
    ),
}

_TRAFFIC = ("role", "packets", "bytes_sent", "bytes_received", "windows", "first_seen", "last_seen")
_KNOWN = {name: meaning for name, meaning in _DEVICE.items() if name not in _TRAFFIC}

_SCORE = {
    "precision": _share("of what was called so"),
    "recall": _share("of what is so"),
    "f1": _share("harmonic mean of the two"),
    "support": _count("how often it is so"),
}


def _scores(meaning: str, more: dict[str, Schema]) -> Schema:
    scores = {
        "count": _count("predictions scored"),
        "macro_f1": _share("mean F1 of the classes"),
        "weighted_f1": _share("the same, each weighted by its support"),
        "balanced_accuracy": _share("mean recall of the classes"),
        "accuracy": _share("of all predictions"),
        "classes": {"type": "object", "description": "by class", "additionalProperties": _object("scores of a class", _SCORE)},
        "confusion": _object(
            "how often each class (row) was called which (column)",
            {"labels": _list("of rows and columns", _text("class")), "matrix": _list("rows", _list("row", _count("times")))},
        ),
    }
    return _object(meaning, scores | more)


_INTERFACE = _object("of a capture", {"link_type": _text("its name"), "packets": _count("recorded on it")})
_FILE = _object(
    "a capture",
    {
        "name": _text("file"),
        "format": _text("`pcap` or `pcapng`"),
        "packets": _count("in it"),
        "interfaces": _list("on which it was recorded", _INTERFACE),
    },
)

HEADERS = _object(
    "what `headwise headers` read",
    {
        "packets": _PACKETS,
        "rows": _ROWS,
        "counted": _COUNTED,
        "remarks": _REMARKS,
        "first": _or_null(_text("earliest packet, ISO 8601, UTC")),
        "last": _or_null(_text("latest packet, ISO 8601, UTC")),
        "packets_per_second": {"type": ["number", "null"], "minimum": 0, "description": "mean rate between the two"},
        "files": _list("captures, in the order of reading", _FILE),
        "skipped_files": _count("files of folders that are no captures"),
        "warnings": _WARNINGS,
    },
)

WINDOWS = _object(
    "what `headwise windows` read",
    {
        "packets": _PACKETS,
        "rows": _ROWS,
        "counted": _COUNTED,
        "remarks": _REMARKS,
        "unattributed": _UNATTRIBUTED,
        "left_out": _LEFT_OUT,
        "warnings": _WARNINGS,
        "features_version": _count("of the feature catalogue"),
        "length": _LENGTH,
        "windows": _count("of all devices"),
        "devices": _list(
            "the most windows first", _object("a device", {name: _DEVICE[name] for name in ("mac", "vendor", "role", "windows")})
        ),
    },
)

TRAIN = _object(
    "what `headwise train` made",
    {
        "model": _text("file"),
        "family": _text("kind of model"),
        "group": _text("one model for all classes, or one for each"),
        "label": _LABEL,
        "length": _LENGTH,
        "classes": _list("in the model's order", _text("class")),
        "windows": _count("trained on"),
        "days": _DAYS,
        "days_set_aside": {"type": "object", "description": "scores on training days that were set aside"},
        "unknown_below": _share("a product line less likely than it means `unknown`"),
    },
)

RETRAIN = _object(
    "what `headwise retrain` made",
    {
        "model": _text("file"),
        "new_classes": _list("that the model did not know before", _text("class")),
        **{name: TRAIN["properties"][name] for name in ("family", "group", "label", "classes")},
        "windows": _count("new ones"),
        "replayed": _count("windows of earlier training that the model had kept"),
        "days": _DAYS,
        "freeze": _count("first layers of a network that stayed as they were"),
        "epochs": _count("most passes of a network"),
        "days_set_aside": {"type": "object", "description": "scores on the last days of the new windows, and on kept ones, set aside"},
        "unknown_below": TRAIN["properties"]["unknown_below"],
        "notes": _list("what whoever uses the model must know", _text("one line")),
    },
)

_AGREEMENT = _object(
    "how a runtime's probabilities compare with ONNX Runtime's",
    {
        "rows": _count("compared"),
        "labels": _share("share of them with the same likeliest class"),
        "difference": {"type": "number", "minimum": 0, "description": "largest of a probability"},
    },
)

EXPORT = _object(
    "what `headwise export` made",
    {
        "model": _text("file"),
        "files": _counts("bytes of each file in it, by name; weights for retraining left out"),
        "real_rows": _count("compared rows that are real windows, of the model's replay sample; the others are made up"),
        "agreement": _object(
            "by runtime", {"litert": _AGREEMENT, "litert-int8": _AGREEMENT | {"description": "only with --quantize int8"}}, ("litert-int8",)
        ),
    },
)

_RUNTIME = _object(
    "a runtime",
    {
        "name": _choice("of `--runtime`", "core", "onnx", "litert", "litert-int8"),
        "held": {"type": "boolean", "description": "the model file holds what it runs"},
        "installed": {"type": "boolean", "description": "it is installed here"},
    },
)

MODELS = _object(
    "what a model file holds",
    {
        "model": _text("file"),
        **{name: TRAIN["properties"][name] for name in ("family", "group", "label", "classes")},
        "categories": {"type": "object", "description": "category of each product", "additionalProperties": {"type": "string"}},
        "feature_set": _choice("what the features are: ours, or flows of published work", "headwise", "kolcun2020"),
        "features_version": _count("of the features"),
        "features": _count("how many"),
        "sequence": _count("first packets of a window that it looks at"),
        "length": _LENGTH,
        "temperature": {"type": "number", "description": "probabilities are raised to its inverse"},
        "unknown_below": TRAIN["properties"]["unknown_below"],
        "familiar_above": _share("a device of less familiarity is `unknown`"),
        "parameters": {"type": "object", "description": "of the family"},
        "training": {"type": "object", "description": "days, units, windows of each class, captures, retrainings"},
        "scores": {"type": "object", "description": "on days set aside; in test-beds left out; agreement of runtimes"},
        "libraries": {"type": "object", "description": "versions that it was made with"},
        "seed": _count("of the training"),
        "files": _counts("bytes of each file in it, by name"),
        "runtimes": _list("that could run it", _RUNTIME),
        "notes": _list("what keeps it from being used here", _text("one line")),
    },
)

_STRANGER = _object(
    "a unit",
    {
        "unit": _text("its name"),
        "product": _text("what it is"),
        "windows": _count("of it"),
        "called": _name("as what"),
    },
)

EVALUATE = _object(
    "how right a model is",
    {
        "label": _LABEL,
        "length": _LENGTH,
        "days": _DAYS,
        "windows": _count("read, also of units that the model does not know"),
        "units": _count("devices read"),
        "window": _scores("of each window on its own", {}),
        "device": _scores("of each unit, all its windows together", {"named": _share("units that are not called unknown")}),
        "strangers": _object(
            "units of products that the model does not know; in no score",
            {
                "units": _count("such units"),
                "called_unknown": _count("of them, those rightly called unknown"),
                "devices": _list("each of them", _STRANGER),
            },
        ),
        "warnings": _WARNINGS,
    },
)

IDENTIFY = _object("the devices of captures", {"devices": _list("those that sent most first, routers last", _object("a device", _DEVICE))})

_EVENT = _object(
    "something that happened",
    {
        "time": _text("ISO 8601, UTC"),
        "kind": _text("what, as the page on identity lists them"),
        "device": _or_null(_text("MAC; null where it is about a model")),
        "state": _or_null(_text("of the device from then on")),
        "label": _or_null(_text("what the device is called from then on, or the model's file")),
        "was": _or_null(_text("what it was before, where that is another")),
        "probability": _share("of what the evidence says"),
        "evidence": _list("in words", _text("one line")),
    },
)

NIGHTLY = _object(
    "what a night brought",
    {
        "night": _count("number of the night, from 1"),
        "model": _text("file of the model in use in the morning"),
        "events": _list("what happened, in order", _EVENT),
        "devices": _list("all of the home, with the names that they earned or were told", _object("a device", _KNOWN)),
    },
)

TELL = _object("what was told", {"event": _EVENT})

ROLLBACK = _object("what was brought back", {"event": _EVENT})

SIMULATE = _object(
    "what `headwise simulate` wrote",
    {"folder": _text("the test-bed"), "devices": _count("simulated"), "days": _count("simulated"), "packets": _count("written")},
)

SCHEMAS: dict[str, Schema] = {
    "headers": HEADERS,
    "windows": WINDOWS,
    "train": TRAIN,
    "retrain": RETRAIN,
    "export": EXPORT,
    "models": MODELS,
    "evaluate": EVALUATE,
    "identify": IDENTIFY,
    "nightly": NIGHTLY,
    "tell": TELL,
    "rollback": ROLLBACK,
    "simulate": SIMULATE,
}
