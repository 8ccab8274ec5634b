-- The claims that an editor's decision on stories meant when it was first carried out: those of the story
-- that is merged (`moves`) and of the one that takes over (`holds`), or those that leave a story (`leaves`)
-- and those that stay (`stays`); `story_id` is the story that each was in then.
CREATE TABLE store.story_sides (
    decision_id VARCHAR NOT NULL,
    claim_id    VARCHAR NOT NULL,
    side        VARCHAR NOT NULL,
    story_id    VARCHAR,
    PRIMARY KEY (decision_id, claim_id)
);
