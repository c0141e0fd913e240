// Access tokens: JWTs signed with Ed25519, as the bundled server issues them.

import { createPublicKey, verify } from "node:crypto";

import { jwks } from "./options.js";

const ISSUER = "latido";
const CLIENT = "latido-dashboard";

const keys = new Map(jwks.keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk, format: "jwk" })]));

const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString());

/** `{ user, session }` of a valid token, else `null`. */
export function verified(token) {
  try {
    const [header, claims, signature] = token.split(".");
    const { alg, kid } = decode(header);
    const key = keys.get(kid);
    if (alg !== "EdDSA" || key === undefined) return null;
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verify(null, signed, key, Buffer.from(signature, "base64url"))) return null;
    const { sub, sid, iss, aud, client_id, token_use, exp } = decode(claims);
    const meant = iss === ISSUER && aud === CLIENT && client_id === CLIENT && token_use === "access";
    return meant && exp * 1000 > Date.now() ? { user: sub, session: sid } : null;
  } catch {
    return null;
  }
}

/** The token of `Authorization: Bearer …`. */
export const bearer = (header) => (header?.startsWith("Bearer ") ? header.slice(7) : "");
