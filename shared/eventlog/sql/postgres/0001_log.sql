-- The log: the columns are those of eventsourcing's PostgresProcessRecorder. Ids have holes after rollbacks.
CREATE TABLE stored_events (
    originator_id      text   NOT NULL,
    originator_version bigint NOT NULL,
    topic              text   NOT NULL,
    state              bytea  NOT NULL,
    notification_id    bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01);
CREATE UNIQUE INDEX stored_events_notification_id ON stored_events (notification_id);

CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TRIGGER stored_events_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history();

CREATE TABLE log_identity (log_id text NOT NULL);
INSERT INTO log_identity VALUES (gen_random_uuid()::text);

-- Derived and deletable: one state a stream, so that a long stream loads as fast as a short one.
CREATE TABLE snapshots (
    stream        text   NOT NULL,
    decider       text   NOT NULL,
    state_version text   NOT NULL,
    version       bigint NOT NULL,
    state         bytea  NOT NULL,
    commands      bytea  NOT NULL,
    PRIMARY KEY (stream, decider)
);

CREATE TABLE person_keys (
    person    text PRIMARY KEY,
    wrapped   bytea,
    destroyed boolean NOT NULL DEFAULT false
);

CREATE TABLE positions (
    handler  text   NOT NULL,
    build    bigint NOT NULL,
    log      text   NOT NULL,
    position bigint NOT NULL,
    log_id   text,
    last_id  text,
    status   text   NOT NULL DEFAULT 'following',
    PRIMARY KEY (handler, build, log)
);

CREATE TABLE view_builds (
    view  text    NOT NULL,
    build bigint  NOT NULL,
    definition bigint NOT NULL,
    live  boolean NOT NULL,
    PRIMARY KEY (view, build)
);

CREATE TABLE parked (
    handler   text   NOT NULL,
    subject   text   NOT NULL,
    position  bigint NOT NULL,
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
    value bigint NOT NULL
);
