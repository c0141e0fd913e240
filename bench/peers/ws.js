// The contract's frames over `ws`.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { WebSocketServer } from "ws";

import { serve } from "./options.js";
import { routes } from "./rest.js";
import { close, epoch, head, lasts, missed } from "./store.js";
import { verified } from "./tokens.js";

const MAX_BYTES = 32 * 1024;
const PING_EVERY_MS = 30_000;
const HELLO_WITHIN_MS = 10_000;
const REPLAY = 300;
/** A socket that reads so slowly that this much waits for it is closed; it resumes. */
const MAX_WAITING_BYTES = 128 * 1024;
const MESSAGES = 60;
const FREE_MESSAGES = 12;
const WINDOW_MS = 60_000;

/** The sockets of every user that have said hello. */
const listening = new Map();

const frame = (type, data, more) => JSON.stringify({ type, data, timestamp: new Date().toISOString(), ...more });

const server = createServer(
  routes(
    (record, seq) => frame("foodLogCreated", record, { epoch, seq }),
    ({ user, seq, frame }) => {
      for (const socket of listening.get(user) ?? []) {
        if (seq <= socket.sent) continue;
        socket.sent = seq;
        send(socket, frame);
      }
    },
  ),
);
const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BYTES });

server.on("upgrade", (request, stream, rest) => {
  const url = new URL(request.url, "http://localhost");
  const caller = verified(url.searchParams.get("token") ?? "");
  if (url.pathname !== "/ws" || caller === null || !lasts(caller)) {
    return stream.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
  }
  sockets.handleUpgrade(request, stream, rest, (socket) => open(socket, caller.user));
});

function open(socket, user) {
  socket.user = user;
  socket.isAlive = true;
  socket.sent = 0;
  socket.windowEnds = 0;
  const greeting = setTimeout(() => socket.close(4408, "no hello"), HELLO_WITHIN_MS);
  socket.on("pong", () => (socket.isAlive = true));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearTimeout(greeting);
    leave(socket);
  });
  socket.on("message", (bytes, isBinary) => {
    socket.isAlive = true;
    if (isBinary) return socket.close(1003, "text only");
    let message;
    try {
      message = JSON.parse(bytes);
    } catch {
      message = {};
    }
    if (!allowed(socket, message.type === "hello" || message.type === "ping")) {
      send(socket, frame("error", { code: "rate_limited" }, { error: "Too many messages" }));
      return socket.close(4429, "rate limited");
    }
    switch (message.type) {
      case "hello":
        clearTimeout(greeting);
        return hello(socket, message.data ?? {});
      case "ping":
        return send(socket, frame("pong", { head: head(user) }));
      default:
        return send(socket, frame("error", { code: "bad_frame" }, { error: "No frame of the contract" }));
    }
  });
}

/** At most so many messages a minute, besides some pings and hellos. */
function allowed(socket, mayBeFree) {
  const now = Date.now();
  if (now >= socket.windowEnds) {
    socket.windowEnds = now + WINDOW_MS;
    socket.messages = 0;
    socket.free = 0;
  }
  if (mayBeFree && socket.free < FREE_MESSAGES) return ++socket.free > 0;
  return ++socket.messages <= MESSAGES;
}

/** Everything here happens in one turn of the event loop, so no event can come between. */
function hello(socket, { epoch: theirs, seq }) {
  const last = head(socket.user);
  const known = theirs === epoch && Number.isInteger(seq) && seq <= last && last - seq <= REPLAY;
  const mode = theirs === undefined ? "fresh" : known ? "resumed" : "reset";
  send(socket, frame("welcome", { connectionId: randomUUID(), epoch, head: last, mode }));
  if (known) for (const event of missed(socket.user, seq)) send(socket, event);
  socket.sent = last;
  let together = listening.get(socket.user);
  if (together === undefined) listening.set(socket.user, (together = new Set()));
  together.add(socket);
}

function leave(socket) {
  const together = listening.get(socket.user);
  together?.delete(socket);
  if (together?.size === 0) listening.delete(socket.user);
}

function send(socket, text) {
  if (socket.bufferedAmount > MAX_WAITING_BYTES) {
    leave(socket);
    return socket.close(1013, "too slow, reconnect to resume");
  }
  socket.send(text);
}

setInterval(() => {
  for (const socket of sockets.clients) {
    if (!socket.isAlive) {
      socket.terminate();
      continue;
    }
    socket.isAlive = false;
    socket.ping();
  }
}, PING_EVERY_MS).unref();

serve(server, close);
