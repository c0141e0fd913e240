// The command line of both peers: --port 0 --data DIR --jwks FILE --accounts FILE.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    data: { type: "string" },
    jwks: { type: "string" },
    accounts: { type: "string" },
  },
});
for (const name of ["data", "jwks", "accounts"]) {
  if (values[name] === undefined) throw new Error(`--${name} is missing`);
}

const json = (file) => JSON.parse(readFileSync(file, "utf8"));

export const port = Number(values.port);
/** The folder of the database. */
export const data = values.data;
export const jwks = json(values.jwks);
/** `[{ "user", "session" }]`: who may sign in. */
export const accounts = json(values.accounts);

/** Listens on 127.0.0.1, says where in the one line that others wait for, and stops when told to. */
export function serve(server, close) {
  server.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
  process.once("SIGTERM", () => {
    close();
    process.exit(0);
  });
}
