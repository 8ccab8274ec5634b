"""The names that posts about AI models use: organisations, models, benchmarks, people, venues, hardware.

The data lies beside this file as TOML; `docs/gazetteer.md` describes the format and how to add to it.
"""

from models.gazetteer.channels import Person
from models.gazetteer.entries import GazetteerError
from models.gazetteer.lookup import Entity, EntityType, Gazetteer

__all__ = ["Entity", "EntityType", "Gazetteer", "GazetteerError", "Person"]
