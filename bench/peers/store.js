// The database: sessions, records, and every user's numbered events.
//
// `better-sqlite3` is synchronous, so a commit holds up everything else. Writes therefore wait for the end of the
// turn of the event loop and are committed together: under load many share one sync of the disk.

import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import Database from "better-sqlite3";

import { accounts, data } from "./options.js";

mkdirSync(data, { recursive: true });
const database = new Database(join(data, "peer.db"));
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec(`
  CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, head INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id)) STRICT;
  CREATE TABLE IF NOT EXISTS food_logs (
    user_id TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (user_id, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS food_logs_by_time ON food_logs (user_id, at, id);
  CREATE TABLE IF NOT EXISTS events (
    user_id TEXT NOT NULL, seq INTEGER NOT NULL, frame TEXT NOT NULL, PRIMARY KEY (user_id, seq)
  ) STRICT, WITHOUT ROWID;
`);

const addUser = database.prepare("INSERT OR IGNORE INTO users (id) VALUES (?)");
const addSession = database.prepare("INSERT OR IGNORE INTO sessions (id, user_id) VALUES (?, ?)");
database.transaction(() => {
  for (const { user, session } of accounts) {
    addUser.run(user);
    addSession.run(session, user);
  }
})();

/** Names this log; a position of another one means nothing here. */
export const epoch = randomUUID();

const sessionUser = database.prepare("SELECT user_id FROM sessions WHERE id = ?").pluck();
const userHead = database.prepare("SELECT head FROM users WHERE id = ?").pluck();
const eventsBehind = database
  .prepare("SELECT frame FROM events WHERE user_id = ? AND seq > ? ORDER BY seq")
  .pluck();

/** Whether the session lasts and is this user's. */
export const lasts = ({ user, session }) => sessionUser.get(session) === user;

/** The number of the user's last event. */
export const head = (user) => userHead.get(user) ?? 0;

/** The stored frames behind a position, in order. */
export const missed = (user, seq) => eventsBehind.all(user, seq);

const nextSeq = database.prepare("UPDATE users SET head = head + 1 WHERE id = ? RETURNING head").pluck();
const addFood = database.prepare("INSERT INTO food_logs (user_id, id, at, body) VALUES (?, ?, ?, ?)");
const addEvent = database.prepare("INSERT INTO events (user_id, seq, frame) VALUES (?, ?, ?)");

let waiting = [];

const commit = database.transaction((writes) => {
  for (const write of writes) {
    const { user, record } = write;
    addFood.run(user, record.id, record.loggedAt, JSON.stringify(record));
    write.seq = nextSeq.get(user);
    write.frame = write.encode(write.seq);
    addEvent.run(user, write.seq, write.frame);
  }
});

function flush() {
  const writes = waiting;
  waiting = [];
  let failure = null;
  try {
    commit(writes);
  } catch (error) {
    failure = error;
  }
  for (const write of writes) write.done(failure, write);
}

/**
 * Writes a record and its event. `encode(seq)` gives the event's frame; `done(error, { user, record, seq, frame })`
 * is called when it is on the disk.
 */
export function put(user, record, encode, done) {
  if (waiting.length === 0) setImmediate(flush);
  waiting.push({ user, record, encode, done });
}

export const close = () => database.close();
