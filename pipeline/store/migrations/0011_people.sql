-- The place of a decision in the journal, which orders it whatever the editors' clocks say, and its hash.
ALTER TABLE store.decisions ADD COLUMN number INTEGER DEFAULT 0;
ALTER TABLE store.decisions ADD COLUMN sha256 VARCHAR DEFAULT '';

-- Claims that decisions name and that another claim stands for: merged into it by an editor, or, where clustering was
-- done anew, the claim that their founding mention is in now. Worked out anew from the decisions in each run.
CREATE TABLE store.heirs (
    claim_id VARCHAR PRIMARY KEY,
    heir     VARCHAR NOT NULL
);

-- The machine's words of claims that are told anew while an editor's split or move takes away whose words they were.
CREATE TABLE store.retold (
    claim_id VARCHAR PRIMARY KEY,
    claim    VARCHAR NOT NULL
);
