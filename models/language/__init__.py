"""Find sentences that make claims, who says them, and what they say (docs/extract.md).

From outside: `load`, `load_beside`, which reads in processes of its own (`beside` says how much at a time),
and `wording`, which finds a sentence in its quotation. `extractor` does it with the rooms `parsing`, `names`,
`attribution`, `propositions`, `slots`.
"""

from __future__ import annotations

from pathlib import Path

from models.gazetteer import Gazetteer
from models.language.beside import READ_SECONDS, BesideLanguage
from models.language.extractor import SpacyLanguage
from models.language.parsing.parser import LanguageModelMissing, Parser

__all__ = ["BesideLanguage", "LanguageModelMissing", "SpacyLanguage", "load", "load_beside"]


def load(language: str = "en_core_web_sm", gazetteer: str = "") -> SpacyLanguage:
    """Return the language model with spaCy's pipeline `language` and, over the shipped names, those of the
    file `gazetteer`.

    Raises LanguageModelMissing where no installed package holds the pipeline, GazetteerError for a broken
    file.
    """
    return SpacyLanguage(Parser(language), Gazetteer.load(Path(gazetteer) if gazetteer else None))


def load_beside(language: str = "en_core_web_sm", gazetteer: str = "", *, small: int | None = None,
                seconds: float = READ_SECONDS) -> BesideLanguage:
    """Return the same model, which reads more than `small` characters (SMALL of `beside`) in processes beside
    this one, each text within `seconds` of processor time. Raises as `load` does.
    """
    return BesideLanguage(load(language, gazetteer), language, gazetteer, small=small, seconds=seconds)
