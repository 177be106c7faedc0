-- The rule of a fact says which words found it and what it is not: nearly every one is another, so
-- it is a plain text.
ALTER TABLE attempt_facts MODIFY COLUMN rule String CODEC(ZSTD(3));
