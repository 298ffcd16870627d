"""What each device is, over time: evidence, states, events."""

from headwise.identity.events import KINDS, Event
from headwise.identity.evidence import Evidence, EvidenceSettings, Posterior
from headwise.identity.identities import Identities, Known
from headwise.identity.naming import Decide, Decision, Naming
from headwise.identity.states import STATES, Identity, StateSettings
from headwise.windows import content_weights

__all__ = [
    "KINDS",
    "STATES",
    "Decide",
    "Decision",
    "Event",
    "Evidence",
    "EvidenceSettings",
    "Identities",
    "Identity",
    "Known",
    "Naming",
    "Posterior",
    "StateSettings",
    "content_weights",
]
