"""What each device is, over time: evidence, states, events."""

from headwise.identity.answer import Answer
from headwise.identity.events import KINDS, Event
from headwise.identity.evidence import Evidence, EvidenceSettings, Posterior
from headwise.identity.identifying import Identified, Names, identified, identify
from headwise.identity.identities import Identities, Known
from headwise.identity.naming import Decision
from headwise.identity.products import Products
from headwise.identity.states import STATES, Identity, StateSettings
from headwise.windows import content_weights

__all__ = [
    "KINDS",
    "STATES",
    "Answer",
    "Decision",
    "Event",
    "Evidence",
    "EvidenceSettings",
    "Identified",
    "Identities",
    "Identity",
    "Known",
    "Names",
    "Posterior",
    "Products",
    "StateSettings",
    "content_weights",
    "identified",
    "identify",
]
