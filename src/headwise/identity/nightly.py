"""What a person does with a home's folder: run a night, say what a device is, go back to the model before.

Each takes the folder alone, does one thing, and makes it the truth or leaves all as it was.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from headwise.clock import NS, iso_time
from headwise.devices import format_mac
from headwise.errors import InputError
from headwise.identity.answer import Answer
from headwise.identity.events import Event
from headwise.identity.home import BASE, Home, HomeFolder, Promoted
from headwise.identity.identities import Known
from headwise.identity.night import Night, NightSettings, Tell, identities_of
from headwise.models.base import PATH as BASE_MODEL
from headwise.models.model import load_model
from headwise.testbeds import UNKNOWN, Length
from headwise.windows import WindowReader, WindowTable

_NAME = re.compile(r"[a-z0-9]+([-_.+][a-z0-9]+)*", re.ASCII)


def run_night(
    folder: Path,
    captures: Sequence[str | Path],
    *,
    model: Path | None = None,
    settings: NightSettings | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    tell: Tell = lambda words: None,
    now: int | None = None,
) -> list[Event]:
    """Take a day's captures in, learn from the home's own windows, and return what happened.

    Parameters
    ----------
    folder : Path
        Of the home; made at its first night.
    captures : sequence of path
        Files, folders and patterns.
    model : Path, optional
        To begin with, at the first night; the one that comes with headwise by default.
    settings : NightSettings, optional
    progress : callable, optional
        Told of bytes read and their total.
    tell : callable
        Told in words what is being done.
    now : int, optional
        ns since 1970 UTC; by default what this machine's clock says. Captures are not believed to be of later.

    Raises
    ------
    InputError
        Where a later night than the first is given a model, a capture cannot be read, or ``home.json`` is gone.
    SystemFailure
        Where another process works on the folder.
    """
    place = HomeFolder(folder)
    if not place.read().models:
        model = model or BASE_MODEL
        load_model(model)
    with place.alone() as home:
        if home.night and model is not None:
            raise InputError("has a model already", where=str(folder), do="leave out --model, or begin with a new folder")
        manifest = load_model(model or place.model(home.in_use.file)).manifest
        reader = WindowReader(captures, length=manifest.length, sequence=manifest.sequence, progress=progress)
        table = WindowTable.concatenate(list(reader), manifest.sequence)
        for warning in reader.warnings:
            tell(warning)
        home = home if model is None else _begun(place, home, model)
        routers = [device.mac for device in reader.devices if device.role == "router"]
        return Night(place, home, settings or NightSettings(), tell, time.time_ns() if now is None else now).run(table, routers)


def devices_of(folder: Path, *, use_vendor: bool = True) -> dict[int, Answer]:
    """Return what is said of each device of a home, by MAC: under the name that it earned or was told, else by its evidence.

    Raises
    ------
    InputError
        Where the folder is no home's.
    """
    place = _begun_already(folder)
    home = place.read()
    identities = identities_of(home, load_model(place.model(home.in_use.file)), use_vendor=use_vendor)
    return {mac: identities.answer(mac, home.categories) for mac in sorted(identities.devices)}


def tell_device(folder: Path, mac: int, product: str, category: str | None, now: int) -> Event:
    """Take a person's word for what a device is; it is never overwritten, and teaches the next night.

    Parameters
    ----------
    folder : Path
        Of a home that had a night.
    mac : int
    product : str
        What it is; also one that the model does not know.
    category : str or None
        Of a product that is not known yet.
    now : int
        ns since 1970 UTC.

    Raises
    ------
    InputError
        Where the folder is no home's, the MAC is one of a group, the product has no name of its own, or the category of a new product is
        missing or another than the known one.
    """
    if mac >> 40 & 1:
        raise InputError("is an address of many devices", where=format_mac(mac), do="give the MAC of one")
    with _begun_already(folder).alone() as home:
        place = HomeFolder(folder)
        model = load_model(place.model(home.in_use.file))
        known = {**home.categories, **load_model(place.model(BASE)).manifest.categories}
        if product not in known and (not _NAME.fullmatch(product) or product == UNKNOWN):
            what = f"'{product}' is no name of a product"
            raise InputError(what, where=format_mac(mac), do="use lower-case letters, digits and hyphens, like breville-kettle")
        if product not in known and category is None:
            raise InputError(
                f"the model knows no '{product}'", where=format_mac(mac), do="give its kind with --category, or a product it knows"
            )
        if category is not None and known.get(product, category) != category:
            raise InputError(f"'{product}' is of category '{known[product]}'", where="--category", do="leave it out")
        identities = identities_of(home, model)
        event = identities.tell(mac, product, now)
        categories = home.categories if product in known else {**home.categories, product: str(category)}
        place.commit(replace(home, identities=identities.to_json(), categories=categories).with_events([event]))
    return event


def link_device(folder: Path, new: int, old: int, now: int) -> Event:
    """Accept that a device that was seen under one MAC is now seen under another.

    Raises
    ------
    InputError
        Where the folder is no home's, or has not seen both; where the two are one MAC, were there at the same time, or were told to be
        different products.
    """
    if new == old:
        raise InputError("is one MAC, given twice", where=format_mac(new), do="give the MAC that the device had before")
    with _begun_already(folder).alone() as home:
        place = HomeFolder(folder)
        model = load_model(place.model(home.in_use.file))
        identities = identities_of(home, model)
        for mac in (new, old):
            if mac not in identities.devices:
                raise InputError("was never seen in this home", where=format_mac(mac), do="give MACs that a night has seen")
        _refuse_two(identities.devices[new], identities.devices[old], model.manifest.length)
        home = home.move(old, new, identities.devices[old].last_seen)
        event = identities.link(new, old, now)
        place.commit(replace(home, identities=identities.to_json()).with_events([event]))
    return event


def _refuse_two(arrived: Known, gone: Known, length: Length) -> None:
    """Refuse to take two devices for one."""
    new, old = format_mac(arrived.identity.device), format_mac(gone.identity.device)
    heard = arrived.first_seen < arrived.last_seen and gone.first_seen < gone.last_seen
    # The window in which a device took its new MAC may hold both.
    together = gone.last_seen - arrived.first_seen - (0 if isinstance(length, str) else round(length * NS))
    if heard and together > 0:
        what = f"still spoke at {iso_time(gone.last_seen)[:16]}Z, when {new} had been there since {iso_time(arrived.first_seen)[:16]}Z"
        raise InputError(what, where=old, do="they are two devices: tell each by the name of its product")
    names = [each.identity.label for each in (arrived, gone) if each.identity.state == "told"]
    if len(set(names)) == 2:
        what = f"was told to be '{names[0]}', and {old} to be '{names[1]}'"
        raise InputError(what, where=new, do="tell them to be one product before they become one device")


def roll_back(folder: Path, now: int) -> Event:
    """Bring the model before the one in use back into use; only a better one than it takes its place again.

    Raises
    ------
    InputError
        Where the folder is no home's, or there is no earlier model.
    """
    with _begun_already(folder).alone() as home:
        place = HomeFolder(folder)
        if len(home.models) < 2:
            raise InputError("is already at its first model", where=str(folder), do="there is no earlier one to roll back to")
        earlier, event = home.refuse(now, ("a person asked for it",))
        model = load_model(place.model(earlier.in_use.file))
        identities = identities_of(home, model)
        place.commit(replace(earlier, identities=identities.to_json()).with_events([event]))
    return event


def _begun(place: HomeFolder, home: Home, model: Path) -> Home:
    # Its home.json comes first: models and windows without one are of a home that lost it.
    place.commit(replace(home, models=()))
    place.begin(model)
    return replace(home, models=(Promoted(BASE, 0),))


def _begun_already(folder: Path) -> HomeFolder:
    place = HomeFolder(folder)
    if not place.read().models:
        raise InputError("is no home's folder", where=str(folder), do="run headwise nightly on it first")
    return place
