// The same over `socket.io`: a room a user, its own heartbeat, and its connection state recovery. What recovery does
// not cover (a restart, a long absence) is replayed from the log, as its documentation advises.

import { createServer } from "node:http";

import { Server } from "socket.io";

import { serve } from "./options.js";
import { routes } from "./rest.js";
import { close, head, lasts, missed } from "./store.js";
import { verified } from "./tokens.js";

const MAX_BYTES = 32 * 1024;
const MESSAGES = 60;
const WINDOW_MS = 60_000;
const REPLAY = 300;

const http = createServer();
const io = new Server(http, {
  serveClient: false,
  maxHttpBufferSize: MAX_BYTES,
  pingInterval: 30_000,
  connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: false },
});

const route = routes(
  (record, seq) => JSON.stringify({ record, seq }),
  ({ user, record, seq }) => void io.to(user).emit("foodLogCreated", record, seq),
);
// socket.io has its own listener, which answers what is below /socket.io/ and nothing else.
http.on("request", (request, response) => {
  if (!request.url.startsWith("/socket.io/")) route(request, response);
});

io.use((socket, next) => {
  const caller = verified(socket.handshake.auth.token ?? "");
  if (caller === null || !lasts(caller)) return next(new Error("unauthorized"));
  socket.data.user = caller.user;
  next();
});

io.on("connection", (socket) => {
  const { user } = socket.data;
  socket.join(user);
  const { seq } = socket.handshake.auth;
  const last = head(user);
  let mode = "fresh";
  if (socket.recovered) mode = "resumed";
  else if (Number.isInteger(seq)) mode = seq <= last && last - seq <= REPLAY ? "resumed" : "reset";
  socket.emit("welcome", { head: last, mode });
  if (mode === "resumed" && !socket.recovered) {
    for (const event of missed(user, seq)) {
      const { record, seq } = JSON.parse(event);
      socket.emit("foodLogCreated", record, seq);
    }
  }

  let windowEnds = 0;
  let messages = 0;
  socket.use((_, next) => {
    const now = Date.now();
    if (now >= windowEnds) {
      windowEnds = now + WINDOW_MS;
      messages = 0;
    }
    if (++messages > MESSAGES) return socket.disconnect(true);
    next();
  });
});

serve(http, close);
