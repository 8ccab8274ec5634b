"""Documents in other languages, marked to the published copy; models that are set, or missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.core.config import AskConfig, ModelConfig
from pipeline.core.context import RunContext
from pipeline.core.errors import ModelError
from pipeline.core.vocabulary import Role
from pipeline.published.database import open_published, query
from pipeline.run.models import LazyModels
from pipeline.stages.extract import extract
from pipeline.stages.publish.stage import publish
from pipeline.store.store import Store
from tests.worlds.builder import World, hours

pytestmark = pytest.mark.slow  # whole nights

TEXTS = {
    "de": "Das Labor wird sein neues Sprachmodell Lumen 4 erst im Herbst veröffentlichen, "
          "sagten zwei Mitarbeiter der Zeitung.",
    "fr": "Le laboratoire ne publiera pas son nouveau modèle de langue avant l'automne, "
          "ont déclaré deux employés au journal.",
    "zh": "该实验室要到秋天才会发布新的语言模型，两名员工对报纸表示。",
    "ru": "Лаборатория выпустит новую языковую модель только осенью, сообщили газете двое сотрудников.",
    "en": "Halcyon Labs will release its new language model in the autumn, two employees told the newspaper.",
}


def test_other_languages_are_marked_to_the_published_copy_and_give_no_mention(store: Store,
                                                                              run: RunContext) -> None:
    world = World(store)
    world.source("lantern", Role.PRESS)
    documents = [world.document(f"d-{code}", "lantern", hours(0), text) for code, text in TEXTS.items()]
    store.append("documents", [replace(document, language=None) for document in documents], replace=True)
    store.connection.execute("DELETE FROM store.extracted")
    counts = extract(store, run, LazyModels(ModelConfig()).language)
    assert (counts.inputs, counts.failed, counts.detail["other_language"]) == (5, 0, 4)
    publish(store, run)
    copy = open_published(run.home.published, AskConfig())
    _, rows = query(copy, "SELECT document_id, language FROM documents", seconds=10)
    assert dict(rows) == {f"d-{code}": code for code in TEXTS}
    mention_documents = store.connection.execute("SELECT DISTINCT document_id FROM store.mentions").fetchall()
    assert set(mention_documents) <= {("d-en",)}


def test_an_embedding_model_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no embedding model"):
        _ = LazyModels(ModelConfig(embedding=str(tmp_path / "missing"))).embedder


def test_passages_are_searched_for_by_the_trained_retriever_whatever_embeds(tmp_path: Path) -> None:
    retriever = LazyModels(ModelConfig(embedding=str(tmp_path / "missing"))).retriever
    assert retriever.claims.name == retriever.passages.name == LazyModels(ModelConfig()).retriever.claims.name
