"""The top of a claim's page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from dashboard.data import queries
from dashboard.views.claim.as_of import Known
from dashboard.views.claim.header import since, title
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.core.vocabulary import Status
from pipeline.published.claim_rows import About, Move
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES


def test_a_name_is_a_link_where_it_has_a_page(sample_home: Home) -> None:
    known = Known(queries.current(sample_home, Config()), claim_id(STORIES[0].claim))
    about = known.read(About, "about")
    page_names = {(name.type, name.subject) for name in about}
    assert page_names >= {("model", "Aster 2"), ("organisation", "Aurora Labs")}
    claim = replace(known.claim(), entities=["Aster 2", "Mara Lindqvist", "Lyra"])
    head = title(claim, [*about, About("person", "Mara Lindqvist", "speaker:mara")])
    assert '<a class="rt-tag rt-in" href="models?org=Aurora%20Labs">Aurora Labs</a>' in head
    assert '<a class="rt-tag rt-in" href="models?model=Aster%202">Aster 2</a>' in head
    assert 'href="sources?id=speaker%3Amara&amp;who=People">Mara Lindqvist</a>' in head
    assert '<span class="rt-tag">Lyra</span>' in head


def test_a_name_of_an_organisation_and_of_a_model_leads_to_both(sample_home: Home) -> None:
    known = Known(queries.current(sample_home, Config()), claim_id(STORIES[0].claim))
    claim = replace(known.claim(), organisations=["Lyra", "Both"], entities=["Lyra", "Both", "Mara"])
    about = [About("model", "Both", None), About("organisation", "Both", None)]
    about.append(About("person", "Mara", "s:m"))
    head = title(claim, about)
    assert re.findall(r'href="(models[^"]*|sources[^"]*)">([^<]*)<', head) == [
        ("models?org=Both", "Both"), ("models?model=Both", "Both"),
        ("sources?id=s%3Am&amp;who=People", "Mara"),
    ]
    assert head.count(">Lyra<") == 1


def test_a_status_of_an_unknown_time_is_told_by_the_day_of_its_judgement() -> None:
    at = datetime(2026, 3, 1, 4)  # noqa: DTZ001  # the published copy holds UTC without a zone
    said, judged = (since(Move(at, Status.DISPUTED, "", known, None)) for known in (True, False))
    assert said.startswith("since <time") and judged.startswith("time unknown; judged on <time")
