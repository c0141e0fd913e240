// `POST /api/food-logs`: authenticated, bounded, validated, answered when it is on the disk.

import { foodLog } from "./food.js";
import { lasts, put } from "./store.js";
import { bearer, verified } from "./tokens.js";

const MAX_BYTES = 64 * 1024;

function answer(response, status, body) {
  const text = JSON.stringify(body);
  const type = status < 400 ? "application/json" : "application/problem+json";
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}

const problem = (response, status, title, errors) =>
  answer(response, status, { type: "about:blank", title, status, errors });

/** `encode(record, seq)` gives the event's frame; `publish(write)` sends it to the user's sockets. */
export function routes(encode, publish) {
  return (request, response) => {
    if (request.method !== "POST" || request.url !== "/api/food-logs") {
      return problem(response, 404, "Not found");
    }
    const caller = verified(bearer(request.headers.authorization));
    if (caller === null || !lasts(caller)) return problem(response, 401, "Unauthorized");

    const chunks = [];
    let bytes = 0;
    request.on("data", (chunk) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) {
        problem(response, 413, "Too large");
        return request.destroy();
      }
      chunks.push(chunk);
    });
    request.on("end", () => {
      let body;
      try {
        body = JSON.parse(Buffer.concat(chunks).toString());
      } catch {
        return problem(response, 400, "Not JSON");
      }
      if (typeof body !== "object" || body === null) return problem(response, 422, "Not an object");
      const { record, errors } = foodLog(body, Date.now());
      if (errors) return problem(response, 422, "Some fields are not as they have to be", errors);
      put(caller.user, record, (seq) => encode(record, seq), (error, write) => {
        if (error) return problem(response, 500, "Not written");
        publish(write);
        answer(response, 201, { foodLog: record });
      });
    });
  };
}
