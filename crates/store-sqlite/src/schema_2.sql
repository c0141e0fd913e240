-- One table for all that is kept: the store knows documents and events, and the domain what they mean.
CREATE TABLE documents (
    owner      TEXT NOT NULL,
    collection TEXT NOT NULL,
    id         TEXT NOT NULL,
    -- What lists are ordered and trimmed by.
    at         INTEGER NOT NULL,
    -- What lists can be narrowed to; empty where there is nothing.
    facet      TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (owner, collection, id)
) STRICT;
CREATE INDEX documents_by_time ON documents (owner, collection, at, id);
CREATE INDEX documents_by_facet ON documents (owner, collection, facet, at, id) WHERE facet <> '';

-- The number of a user's last event. It stays when the event itself is pruned.
CREATE TABLE heads (
    user_id TEXT PRIMARY KEY,
    head    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO heads SELECT id, head FROM users WHERE head > 0;

INSERT INTO documents
SELECT 'user:' || user_id, collection, id, at, facet, body FROM records;

INSERT INTO documents
SELECT 'user:' || profiles.user_id, 'profile', 'profile', users.created_at, '', profiles.body
FROM profiles JOIN users ON users.id = profiles.user_id;

INSERT INTO documents
SELECT 'server', 'account', id, created_at, '', json_object(
    'id', id, 'email', email, 'name', name, 'role', 'user', 'tenant', 'main', 'passwordHash', password_hash,
    'createdAt', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'))
FROM users;
INSERT INTO documents
SELECT 'server', 'accountByEmail', email, created_at, '', json_object(
    'email', email, 'user', id,
    'createdAt', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'))
FROM users;
INSERT INTO documents
SELECT 'tenant:main', 'member', id, created_at, 'user', json_object(
    'user', id, 'role', 'user',
    'since', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'))
FROM users;

INSERT INTO documents
SELECT 'user:' || sessions.user_id, 'session', sessions.id, max(refresh_tokens.expires_at), '', json_object(
    'id', sessions.id, 'user', sessions.user_id,
    'expiresAt', strftime('%Y-%m-%dT%H:%M:%fZ', max(refresh_tokens.expires_at) / 1000.0, 'unixepoch'))
FROM sessions JOIN refresh_tokens ON refresh_tokens.session_id = sessions.id
GROUP BY sessions.id;
INSERT INTO documents
SELECT 'server', 'refreshToken', lower(hex(hash)), expires_at, '', json_object(
    'hash', lower(hex(hash)), 'session', session_id, 'user', user_id,
    'expiresAt', strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch'),
    'usedAt', strftime('%Y-%m-%dT%H:%M:%fZ', used_at / 1000.0, 'unixepoch'))
FROM refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id;

INSERT INTO documents
SELECT 'user:' || user_id, 'refreshOf', lower(hex(hash)), expires_at, '', json_object(
    'hash', lower(hex(hash)),
    'expiresAt', strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch'))
FROM refresh_tokens JOIN sessions ON sessions.id = refresh_tokens.session_id;

INSERT INTO documents
SELECT 'user:' || user_id, 'answer', key, created_at, '', json_object(
    'key', key, 'request', lower(hex(request_hash)), 'body', answer,
    'createdAt', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch'))
FROM idempotency_keys;

ALTER TABLE events RENAME TO events_1;
CREATE TABLE events (
    user_id TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    -- The frame as it was sent, so that a replay is the same to the letter.
    frame   TEXT NOT NULL,
    PRIMARY KEY (user_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO events SELECT user_id, seq, at, frame FROM events_1;

DROP TABLE events_1;
DROP TABLE idempotency_keys;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE profiles;
DROP TABLE records;
DROP TABLE users;
