// What makes a food log: the contract's rules, every broken one named.

import { randomUUID } from "node:crypto";

const MEALS = ["breakfast", "lunch", "dinner", "snack"];
const SOURCES = ["wallavi", "manual", "import"];
const AHEAD_MS = 48 * 3_600_000;

/** `{ record }`, or `{ errors: [{ pointer, detail }] }`. */
export function foodLog(body, now) {
  const errors = [];
  const refuse = (name, detail) => void errors.push({ pointer: `/${name}`, detail });

  const text = (name, max, required) => {
    const value = body[name];
    if (value === undefined || value === null || (typeof value === "string" && value.trim() === "")) {
      return required ? refuse(name, "is required") : undefined;
    }
    if (typeof value !== "string") return refuse(name, "must be a text");
    const trimmed = value.trim();
    // Counted in characters only where the UTF-16 length leaves a doubt.
    const fits = trimmed.length <= max || [...trimmed].length <= max;
    return fits ? trimmed : refuse(name, `must have 1 to ${max} characters`);
  };
  const number = (name, max, standard) => {
    const value = body[name] ?? standard;
    if (value === undefined) return refuse(name, "is required");
    if (typeof value !== "number") return refuse(name, "must be a number");
    return value >= 0 && value <= max ? value : refuse(name, `must be between 0 and ${max}`);
  };
  const word = (name, words, standard) => {
    const value = body[name] ?? standard;
    if (value === undefined) return refuse(name, "is required");
    return words.includes(value) ? value : refuse(name, `must be one of ${words.join(", ")}`);
  };
  const time = (name) => {
    const at = body[name] === undefined || body[name] === null ? now : Date.parse(body[name]);
    if (Number.isNaN(at)) return refuse(name, "must be an RFC 3339 time such as 2026-11-21T08:15:00.000Z");
    if (at > now + AHEAD_MS) return refuse(name, "must not be more than 48 hours ahead");
    return new Date(at).toISOString();
  };

  const at = new Date(now).toISOString();
  const record = {
    id: randomUUID(),
    loggedAt: time("loggedAt"),
    meal: word("meal", MEALS),
    name: text("name", 200, true),
    calories: number("calories", 10_000),
    proteinG: number("proteinG", 1000, 0),
    carbsG: number("carbsG", 1000, 0),
    fatG: number("fatG", 1000, 0),
    notes: text("notes", 2000, false),
    source: word("source", SOURCES, "manual"),
    createdAt: at,
    updatedAt: at,
    version: 1,
  };
  return errors.length > 0 ? { errors } : { record };
}
