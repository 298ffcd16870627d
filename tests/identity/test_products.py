"""From the evidence of one device to all that is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from headwise.clock import NS
from headwise.identity import Answer, Evidence, Products
from headwise.identity.habit_categories import habit_logarithms
from headwise.identity.habits import NAMES
from headwise.identity.reasons import Shown
from headwise.models.knowledge import TELLING, Knowledge
from headwise.models.manifest import Manifest

CLASSES = ("belkin-wemo-insight", "belkin-wemo-switch", "ring-chime", "roku-tv", "sonos-one")
CATEGORIES = dict(zip(CLASSES, ("home-automation", "home-automation", "surveillance", "media", "audio"), strict=True))
BELKIN, ROKU, TEXAS, NOBODY, UNLISTED = 0x24F5A2FFAD97, 0x88DEA90803B9, 0xF4B85E000001, 0x024F5A2FFAD9, 0xE4E4E4000001
KNOWLEDGE = Knowledge(
    {
        "belkin-wemo-insight": {"Belkin International Inc.": 1},
        "belkin-wemo-switch": {"Belkin International Inc.": 1},
        "ring-chime": {"Texas Instruments": 1},
        "roku-tv": {"Roku, Inc.": 1},
        "sonos-one": {"Sonos, Inc.": 1},
    },
    {"ring-chime": {"syn_window_sent": 33580.0}, "roku-tv": {"syn_window_sent": 65535.0}},
)
MANIFEST = Manifest(
    features_version=1,
    features=("packets_sent",),
    sequence=0,
    family="etc",
    group="all-device",
    label="device",
    classes=CLASSES,
    categories=CATEGORIES,
    graphs=("model.onnx",),
    length=600.0,
    temperature=1.0,
    unknown_below=0.5,
    named_above=0.6,
    familiar_above=0.7,
    set_above=0.2,
)


def answer(row: list[float], mac: int = UNLISTED, windows: int = 20, weight: float = 0.9, manifest: Manifest = MANIFEST) -> Answer:
    """Return what is said of a device all of whose windows, one each ten minutes, have the same probabilities."""
    evidence = Evidence(manifest.classes)
    for number in range(windows):
        evidence.add((number + 1) * 600 * NS, np.log(np.array(row)), weight)
        evidence.lead.note(int(np.argmax(row)), (number + 5) * 600 * NS)
    shown = Shown()
    shown.add(np.array([33580.0 if name == "syn_window_sent" else np.nan for name in TELLING]))
    return Products(manifest, KNOWLEDGE).answer(evidence, shown, mac)


def test_the_numbers_behind_an_answer_are_all_there() -> None:
    """Also where no category is sure enough to be told, each has its probability; a vendor raises those of its products."""
    evidence = Evidence(CLASSES)
    evidence.add(600 * NS, np.log(np.array([0.2, 0.2, 0.2, 0.2, 0.2])), 0.9)
    nobody, roku = (Products(MANIFEST, KNOWLEDGE).verdict(evidence, Shown(), mac) for mac in (NOBODY, ROKU))
    assert sum(nobody.categories().values()) == pytest.approx(1)
    assert set(CATEGORIES.values()) <= set(nobody.categories())
    assert roku.categories()["media"] > nobody.categories()["media"]
    assert roku.probabilities[3] > nobody.probabilities[3]
    assert np.allclose(roku.typical, nobody.typical)


def test_a_device_that_is_sure_is_named() -> None:
    """It has its product, category, reasons, and the moment since when; a product without a line has no family."""
    found = answer([0.02, 0.02, 0.92, 0.02, 0.02])
    assert (found.state, found.product.label, found.category.label, found.family) == ("named", "ring-chime", "surveillance", None)
    assert found.prediction_set == ("ring-chime",)
    assert found.since == 3000 * NS
    assert found.evidence == ("opens TCP connections with a window of 33580 bytes, as no other known product does",)


def test_twins_are_named_by_their_line() -> None:
    """Where two products of a line are equally likely none is named, and both are in the set."""
    found = answer([0.48, 0.46, 0.02, 0.02, 0.02])
    assert found.product.label == "unknown"
    assert found.family is not None
    assert found.family.label == "belkin-wemo"
    assert (found.state, found.category.label) == ("named", "home-automation")
    assert set(found.prediction_set) == {"belkin-wemo-insight", "belkin-wemo-switch"}
    # The only thing that it showed is told of another product alone.
    wanted = "nothing that it does is rare by itself: all of it together is most like belkin-wemo-insight, of 5 known products"
    assert found.evidence == (wanted,)


def test_the_set_holds_what_is_likeliest_whatever_makes_it_so() -> None:
    """A vendor that names a line or makes a product likeliest adds it to what a typical window says, and takes nothing away."""
    row = [0.12, 0.1, 0.3, 0.24, 0.24]
    alone, with_vendor = answer(row), answer(row, BELKIN)
    assert set(alone.prediction_set) == {"ring-chime", "roku-tv", "sonos-one"}
    assert with_vendor.alternatives[0].label == "belkin-wemo-insight"
    assert with_vendor.prediction_set[0] == "belkin-wemo-insight"
    assert set(with_vendor.prediction_set) == {"belkin-wemo-insight", *alone.prediction_set}


def test_a_line_of_several_kinds_says_less_of_the_kind() -> None:
    """Where the other product of a line is of another kind, the likelier one's kind is less sure by more than its own share."""
    row = [0.9, 0.04, 0.02, 0.02, 0.02]
    kinds = {**CATEGORIES, "belkin-wemo-switch": "appliance"}
    careful = replace(MANIFEST, named_above=0.99)
    one, two = (answer(row, manifest=replace(careful, categories=each)) for each in (CATEGORIES, kinds))
    assert one.family is not None
    assert two.family is not None
    assert one.category.label == "home-automation"
    assert one.category.probability - two.category.probability > 0.05


def test_what_is_like_nothing_is_unknown() -> None:
    """It keeps its alternatives and says what it is least unlike."""
    found = answer([0.2, 0.1, 0.3, 0.2, 0.2])
    assert (found.state, found.product.label, found.family) == ("unknown", "unknown", None)
    assert found.alternatives[0].label == "ring-chime"
    assert "ring-chime by 30%" in found.evidence[0]


def test_the_category_of_what_is_unknown_comes_from_its_vendor() -> None:
    """A new product of a maker of media players is offered as media, what drew its MAC as a computer; without a vendor nothing is."""
    assert answer([0.2, 0.2, 0.2, 0.2, 0.2], ROKU).category.label == "media"
    assert answer([0.2, 0.2, 0.2, 0.2, 0.2], NOBODY).category.label == "computer"
    assert answer([0.2, 0.2, 0.2, 0.2, 0.2], UNLISTED).category.label == "unknown"


def showing(signs: Sequence[str], row: Sequence[float] = (0.2, 0.2, 0.2, 0.2, 0.2)) -> tuple[Evidence, Shown]:
    """Return what six windows give that have the same probabilities, by default like nothing, and show the same signs."""
    evidence, shown = Evidence(CLASSES), Shown()
    for number in range(6):
        evidence.add((number + 1) * 600 * NS, np.log(np.array(row)), 0.9)
        shown.add(np.full(len(TELLING), np.nan), signs=np.isin(NAMES, list(signs)))
    return evidence, shown


FILMS = ("uploads", "relays", "camera ports", "connects", "scales")
PLAYS = ("many names", "many servers", "scales", "scales far", "mdns", "ssdp", "downloads")


def test_the_category_of_what_is_unknown_comes_from_its_habits() -> None:
    """What uploads and keeps a way open is a camera, and the reason is told; without a sign and a vendor no category is."""
    found = Products(MANIFEST, KNOWLEDGE).answer(*showing(FILMS), UNLISTED)
    assert (found.state, found.category.label) == ("unknown", "surveillance")
    assert found.evidence[1] == "sends much more than it receives, as many of the kind surveillance do"
    nothing = Products(MANIFEST, KNOWLEDGE).answer(*showing(()), UNLISTED)
    assert (nothing.category.label, len(nothing.evidence)) == ("unknown", 1)


def test_what_a_stranger_is_least_unlike_is_told_by_its_windows() -> None:
    """Even where the vendor makes another product the likeliest one; what the vendor is known for is told besides."""
    found = Products(replace(MANIFEST, familiar_above=0.99), KNOWLEDGE).answer(*showing(PLAYS, (0.3, 0.3, 0.2, 0.1, 0.1)), ROKU)
    assert (found.state, found.alternatives[0].label, found.category.label) == ("unknown", "roku-tv", "media")
    assert found.evidence[0].startswith("a typical window of it is like belkin-wemo-insight by 30%")
    assert found.evidence[-1] == "its network card is of Roku, Inc., which is known for the kind media"
    alone = Products(MANIFEST, KNOWLEDGE).answer(*showing(PLAYS), NOBODY)
    assert (alone.category.label, alone.evidence[-1]) == ("computer", "its MAC is random, as those of phones and laptops are")


def test_habits_and_vendor_add_up() -> None:
    """Of one maker of media players, what plays is likelier one than what films; a kind of which nothing is known is possible."""
    products = Products(MANIFEST, KNOWLEDGE)
    plays, films = (products.verdict(*showing(signs), ROKU).categories() for signs in (PLAYS, FILMS))
    assert plays["media"] > 0.6 > films["media"]
    assert films["surveillance"] > plays["surveillance"]
    assert products.verdict(*showing(("connects", "starts at 255", "mqtt")), UNLISTED).categories()["appliance"] > plays["appliance"]


NOT_BELIEVED = replace(MANIFEST, familiar_above=1e9)
"""So that no product has a part in the category."""


def odds(signs: Sequence[str], row: Sequence[float], mac: int) -> float:
    """Return how much likelier surveillance is than audio, by vendor, traffic and habits alone: a natural logarithm."""
    found = Products(NOT_BELIEVED, KNOWLEDGE).verdict(*showing(signs, row), mac).categories()
    return float(np.log(found["surveillance"] / found["audio"]))


def test_each_thing_counts_for_a_category_as_much_as_the_documents_say() -> None:
    """Habits to the power of 0.6, traffic to that of 0.5 and by itself, the vendor in full: each apart from the others."""
    plain, tilted, kinds = [0.2] * 5, [0.15, 0.15, 0.4, 0.15, 0.15], ("surveillance", "audio")
    products = Products(NOT_BELIEVED, KNOWLEDGE)
    verdicts = {signs: products.verdict(*showing(signs), UNLISTED) for signs in ((), FILMS)}
    lean = [habit_logarithms(verdict.habits, kinds) for verdict in verdicts.values()]
    assert odds(FILMS, plain, UNLISTED) - odds((), plain, UNLISTED) == pytest.approx(
        0.6 * np.subtract(*(one - other for one, other in lean[::-1]))
    )
    traffic = products.verdict(*showing((), tilted), UNLISTED).traffic
    assert odds((), tilted, UNLISTED) - odds((), plain, UNLISTED) == pytest.approx(0.5 * np.log(traffic[2] / traffic[4]), rel=0.02)
    prior = products.verdict(*showing(()), TEXAS).prior.categories
    nothing = products.verdict(*showing(()), UNLISTED).prior.categories
    vendor = np.log(prior["surveillance"] / prior["audio"]) - np.log(nothing["surveillance"] / nothing["audio"])
    assert odds((), plain, TEXAS) - odds((), plain, UNLISTED) == pytest.approx(vendor)
    assert vendor > 0.5


def test_a_product_is_believed_for_a_category_as_far_as_its_traffic_is_familiar() -> None:
    """The vendor of its maker, which makes other kinds too, adds nothing."""
    row = [0.05, 0.05, 0.05, 0.8, 0.05]
    manifest = replace(MANIFEST, familiar_above=0.5, named_above=0.95)
    evidence, seen = Evidence(CLASSES), Shown()
    evidence.add(600 * NS, np.log(np.array(row)), 0.9)
    seen.add(np.full(len(TELLING), np.nan), {"dns": ("98",), "syn-mss": ("1400",)})
    verdict, other = (Products(each, MARKED).verdict(evidence, seen, ROKU) for each in (manifest, replace(manifest, familiar_above=1e9)))
    assert verdict.known > 2 * verdict.known_by_traffic
    share = verdict.known_by_traffic**2 / (verdict.known_by_traffic**2 + 0.5**2)
    wanted = 0.5 * share * verdict.probabilities[3] + (1 - 0.5 * share) * other.categories()["media"]
    assert verdict.categories()["media"] == pytest.approx(wanted)


def test_a_category_follows_the_name() -> None:
    """However unlike its product's kind a device behaves, what is called by its name is of its category."""
    found = Products(MANIFEST, KNOWLEDGE).answer(*showing(FILMS, (0.02, 0.02, 0.02, 0.92, 0.02)), UNLISTED)
    assert (found.product.label, found.category.label) == ("roku-tv", "media")


def test_the_vendor_alone_names_no_product() -> None:
    """Of a product without a line: a card of its maker and traffic that is not known is a guess, for the maker has others."""
    shown, row = {"dns": ("98",), "syn-mss": ("1400",)}, [0.05, 0.05, 0.05, 0.8, 0.05]
    manifest = replace(MANIFEST, familiar_above=0.5, named_above=0.95)
    evidence, seen = Evidence(CLASSES), Shown()
    for number in range(6):
        evidence.add((number + 1) * 600 * NS, np.log(np.array(row)), 0.9)
        seen.add(np.full(len(TELLING), np.nan), shown)
    verdict = Products(manifest, MARKED).verdict(evidence, seen, ROKU)
    assert verdict.known > 0.5 > verdict.known_by_traffic
    found = verdict.answer(seen, "Roku, Inc.")
    assert (found.state, found.product.label, found.alternatives[0].label) == ("guessing", "unknown", "roku-tv")


def test_the_vendor_speaks_for_a_line_and_not_for_a_product() -> None:
    """Traffic that alone is unknown is of a known line by the vendor; which product it is, it does not say."""
    row = [0.22, 0.2, 0.2, 0.19, 0.19]
    alone, with_vendor = answer(row), answer(row, BELKIN)
    assert alone.state == "unknown"
    assert with_vendor.product.label == "unknown"
    assert with_vendor.family is not None
    assert with_vendor.family.label == "belkin-wemo"


def test_a_random_mac_speaks_against_what_is_hardly_familiar() -> None:
    """What is a little like a known product is unknown where its MAC is random; what is much like one is named all the same."""
    row, manifest = [0.05, 0.05, 0.05, 0.8, 0.05], replace(MANIFEST, familiar_above=0.7)
    listed, random = (answer(row, mac, manifest=manifest) for mac in (UNLISTED, NOBODY))
    assert (listed.state, random.state) == ("named", "unknown")
    assert answer(row, NOBODY, manifest=replace(manifest, familiar_above=0.05)).product.label == "roku-tv"


def test_another_vendor_speaks_against_a_name() -> None:
    """Traffic that is barely sure of a product is unknown on a card that the product never came with."""
    row = [0.1, 0.1, 0.62, 0.09, 0.09]
    assert answer(row).product.label == "ring-chime"
    assert answer(row, ROKU).state in ("unknown", "guessing")
    assert answer(row, ROKU).product.probability < answer(row).product.probability  # type: ignore[operator]


def test_little_evidence_is_a_guess_and_none_says_nothing() -> None:
    """A first window that holds little is a guess; a device of empty windows is new."""
    assert answer([0.02, 0.02, 0.92, 0.02, 0.02], windows=1, weight=0.3).state == "guessing"
    assert answer([0.02, 0.02, 0.92, 0.02, 0.02], windows=1, weight=0.001) == Answer("new")


def test_a_model_elsewhere_grows_less_sure() -> None:
    """With less evidence at most, the same windows give a smaller probability and the same name."""
    row = [0.1, 0.05, 0.7, 0.1, 0.05]
    evidence = Evidence(CLASSES, None)
    assert evidence.settings.most > 1
    home = answer(row)
    assert home.product.probability == pytest.approx(0.7**4 / sum(value**4 for value in row), abs=0.05)


def test_a_model_of_categories_names_categories_alone() -> None:
    """There is no product, no line and no vendor in it."""
    kinds = replace(MANIFEST, label="category", classes=("audio", "hub"), categories={})
    found = answer([0.95, 0.05], manifest=kinds)
    assert (found.state, found.product.label, found.category.label) == ("named", "unknown", "audio")
    assert answer([0.45, 0.4], manifest=replace(kinds, unknown_below=0.6)).state == "unknown"


MARKED = replace(
    KNOWLEDGE,
    fingerprints={
        "belkin-wemo-insight": {"dns": {"31": 1.0}, "syn-window": {"5840": 1.0}},
        "belkin-wemo-switch": {"dns": {"32": 1.0}, "syn-window": {"5840": 1.0}},
        "ring-chime": {"dns": {"33": 1.0}, "hello": {"120": 1.0}, "syn-window": {"33580": 1.0}, "syn-mss": {"1400": 1.0}},
        "roku-tv": {"dns": {"34": 1.0}, "syn-window": {"65535": 1.0}},
        "sonos-one": {"dns": {"35": 1.0}, "syn-window": {"14600": 1.0}},
    },
)


def marked(row: list[float], showing: dict[str, tuple[str, ...]]) -> Answer:
    """Return what is said of a device whose windows all say the same and show the same."""
    evidence, shown = Evidence(CLASSES), Shown()
    evidence.add(600 * NS, np.log(np.array(row)), 0.9)
    shown.add(np.full(len(TELLING), np.nan), showing)
    return Products(replace(MANIFEST, familiar_above=0.1), MARKED).answer(evidence, shown, UNLISTED)


def test_rare_marks_name_what_traffic_leaves_open() -> None:
    """In a place that trees never saw, exact marks that no other product has tell what it is; of another product's they make it unknown."""
    row = [0.2, 0.2, 0.2, 0.2, 0.2]
    its_own = {"dns": ("33",), "hello": ("120",), "syn-window": ("33580",), "syn-mss": ("1400",)}
    found = marked(row, its_own)
    assert (found.state, found.alternatives[0].label) == ("guessing", "ring-chime")
    assert found.alternatives[0].probability > 0.2  # type: ignore[operator]
    assert marked(row, {"dns": ("99",), "hello": ("98",), "syn-window": ("97",)}).state == "unknown"


def test_a_product_without_a_line_is_named_where_it_is_known() -> None:
    """To be known is to be it; of a line, a product that is not sure enough stays open."""
    its_own = {"dns": ("33",), "hello": ("120",), "syn-window": ("33580",), "syn-mss": ("1400",)}
    assert marked([0.05, 0.05, 0.6, 0.15, 0.15], its_own).product.label == "ring-chime"
    assert marked([0.15, 0.15, 0.4, 0.15, 0.15], its_own).product.label == "unknown"
    twin = marked([0.4, 0.3, 0.1, 0.1, 0.1], {"dns": ("31",), "syn-window": ("5840",)})
    assert twin.product.label == "unknown"


def test_what_the_home_taught_is_named_where_it_is_as_sure_as_its_own_windows_are() -> None:
    """From the threshold of its own windows on, evidence grows as at home; under it a near twin is not called so, however sure."""
    taught = replace(MANIFEST, most_evidence=0.5, at_home={"ring-chime": 0.9})
    row = [0.02, 0.02, 0.92, 0.02, 0.02]
    assert answer(row, manifest=taught).state == "named"
    assert answer(row, manifest=taught).product.label == "ring-chime"
    below = answer([0.05, 0.05, 0.8, 0.05, 0.05], manifest=taught)
    assert (below.state, below.product.label) == ("guessing", "unknown")


def test_a_decision_is_the_answer_in_one_label() -> None:
    """A product, a line, a guess of the likeliest, unknown, or nothing: the state is the same."""
    products = Products(MANIFEST, KNOWLEDGE)
    verdicts = {"name": "named", "guess": "guessing", "unknown": "unknown", "nothing": "new"}
    for row, label, line in (
        ([0.02, 0.02, 0.92, 0.02, 0.02], "ring-chime", False),
        ([0.48, 0.46, 0.02, 0.02, 0.02], "belkin-wemo", True),
        ([0.08, 0.08, 0.55, 0.21, 0.08], "ring-chime", False),
        ([0.2, 0.1, 0.3, 0.2, 0.2], "unknown", False),
    ):
        evidence = Evidence(CLASSES)
        for number in range(20):
            evidence.add((number + 1) * 600 * NS, np.log(np.array(row)), 0.9)
        decision = products.decide(evidence, products.likeness(Shown()), UNLISTED)
        assert (decision.label, decision.line) == (label, line)
        assert verdicts[decision.verdict] == answer(row).state
    assert products.decide(Evidence(CLASSES), products.likeness(Shown()), UNLISTED).verdict == "nothing"
