-- Stories: claims about the same things in the same days that touch one another. The title follows the
-- story's claims; `split_from` is the story that most of its first claims were in before.
CREATE TABLE store.stories (
    story_id   VARCHAR PRIMARY KEY,
    title      VARCHAR NOT NULL,
    split_from VARCHAR,
    created_at TIMESTAMP NOT NULL,
    run_id     VARCHAR NOT NULL
);

-- The story that a claim is in, and since when; a claim that touches no other is in none.
CREATE TABLE store.story_claims (
    claim_id VARCHAR PRIMARY KEY,
    story_id VARCHAR NOT NULL,
    since    TIMESTAMP NOT NULL,
    run_id   VARCHAR NOT NULL
);

-- Stories that another one took over; `heir` is never one that was taken over itself.
CREATE TABLE store.story_heirs (
    story_id VARCHAR PRIMARY KEY,
    heir     VARCHAR NOT NULL,
    since    TIMESTAMP NOT NULL,
    run_id   VARCHAR NOT NULL
);

-- The claims as they were when they were last put to stories: one that changed is looked at again.
CREATE TABLE store.storied (
    claim_id VARCHAR PRIMARY KEY,
    claim    VARCHAR NOT NULL,
    mentions BIGINT NOT NULL
);
