"""The names that posts about AI models use: organisations, models, benchmarks, people, venues, hardware.

The data are the TOML files of this folder; docs/gazetteer.md explains the format. From outside: the names
below. `entries` reads the files, `compile`, `patterns` and `tokens` make matchers of them, `matcher` and
`resolve` find names in a text, `lookup` answers, `channels` knows accounts and domains.
"""

from models.gazetteer.channels import Person
from models.gazetteer.entries import GazetteerError
from models.gazetteer.lookup import Entity, EntityType, Gazetteer

__all__ = ["Entity", "EntityType", "Gazetteer", "GazetteerError", "Person"]
