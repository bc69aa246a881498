-- The log: the columns are those of eventsourcing's SQLiteProcessRecorder; the rowid is the position.
CREATE TABLE stored_events (
    originator_id      TEXT    NOT NULL,
    originator_version INTEGER NOT NULL,
    topic              TEXT    NOT NULL,
    state              BLOB    NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
);

CREATE TRIGGER stored_events_never_change BEFORE UPDATE ON stored_events
    BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER stored_events_never_go BEFORE DELETE ON stored_events
    BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;

CREATE TABLE log_identity (log_id text NOT NULL);
INSERT INTO log_identity VALUES (lower(hex(randomblob(16))));

-- Derived and deletable: one state a stream, so that a long stream loads as fast as a short one.
CREATE TABLE snapshots (
    stream        text   NOT NULL,
    decider       text   NOT NULL,
    state_version text   NOT NULL,
    version       INTEGER NOT NULL,
    state         BLOB  NOT NULL,
    commands      BLOB  NOT NULL,
    PRIMARY KEY (stream, decider)
);

CREATE TABLE person_keys (
    person    text PRIMARY KEY,
    wrapped   BLOB,
    destroyed boolean NOT NULL DEFAULT false
);

CREATE TABLE positions (
    handler  text   NOT NULL,
    build    INTEGER NOT NULL,
    log      text   NOT NULL,
    position INTEGER NOT NULL,
    log_id   text,
    last_id  text,
    status   text   NOT NULL DEFAULT 'following',
    PRIMARY KEY (handler, build, log)
);

CREATE TABLE view_builds (
    view  text    NOT NULL,
    build INTEGER  NOT NULL,
    definition INTEGER NOT NULL,
    live  boolean NOT NULL,
    PRIMARY KEY (view, build)
);

CREATE TABLE parked (
    handler   text   NOT NULL,
    subject   text   NOT NULL,
    position  INTEGER NOT NULL,
    event_id  text   NOT NULL,
    log       text   NOT NULL,
    reason    text   NOT NULL,
    parked_at text   NOT NULL,
    intention text,
    PRIMARY KEY (handler, subject, position)
);

CREATE TABLE timers (
    handler text NOT NULL,
    subject text NOT NULL,
    rule    text NOT NULL,
    due     text NOT NULL,
    command text NOT NULL,
    fired   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (handler, subject, rule, due)
);
CREATE INDEX timers_due ON timers (due) WHERE NOT fired;

CREATE TABLE intentions (
    id       text PRIMARY KEY,
    kind     text NOT NULL,
    target   text NOT NULL,
    asked_by text NOT NULL,
    asked_at text NOT NULL,
    status   text NOT NULL,
    detail   text NOT NULL DEFAULT '{}'
);

CREATE TABLE counters (
    name  text   PRIMARY KEY,
    value INTEGER NOT NULL
);
