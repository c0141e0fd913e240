/** What events say about records, and what that makes of the lists that are cached. */

import { instantOf, type AnyRecord, type Family } from './types';

export type Change = { family: Family; id: string; record?: AnyRecord };

/** The newest change of each record while a fetch is under way: its answer may be older than them. */
const during = new Map<string, { change: Change; at: number }>();
let clock = 0;
let fetching = 0;

export function note(change: Change) {
  clock += 1;
  if (fetching > 0) during.set(change.id, { change, at: clock });
}

/** Fetches a list, and applies the changes that have come meanwhile. */
export async function fetchUnder<R extends AnyRecord>(
  range: Range,
  fetchAll: () => Promise<R[]>,
): Promise<R[]> {
  const started = clock;
  fetching += 1;
  try {
    const records = await fetchAll();
    const since = new Map<string, Change>();
    for (const [id, { change, at }] of during) if (at > started) since.set(id, change);
    return apply(records, range, since);
  } finally {
    fetching -= 1;
    if (fetching === 0) during.clear();
  }
}

export interface Range {
  family: Family;
  from: string;
  to: string;
}

/** Newest first. The same array if nothing changes. */
export function apply<R extends AnyRecord>(records: R[], range: Range, changes: Map<string, Change>): R[] {
  if (changes.size === 0) return records;
  const left = new Map(changes);
  let changed = false;
  let moved = false;
  const kept: R[] = [];
  for (const record of records) {
    const change = left.get(record.id);
    left.delete(record.id);
    if (!change || change.family !== range.family || (change.record && change.record.version <= record.version)) {
      kept.push(record);
      continue;
    }
    changed = true;
    const next = change.record as R | undefined;
    if (next && isWithin(next, range)) {
      kept.push(next);
      moved ||= instantOf(next) !== instantOf(record);
    }
  }
  for (const { family, record } of left.values()) {
    if (record && family === range.family && isWithin(record, range)) {
      kept.push(record as R);
      changed = moved = true;
    }
  }
  if (moved) kept.sort(newestFirst);
  return changed ? kept : records;
}

function isWithin(record: AnyRecord, { from, to }: Range): boolean {
  const at = instantOf(record);
  return from <= at && at < to;
}

function newestFirst(a: AnyRecord, b: AnyRecord): number {
  const [left, right] = [instantOf(a), instantOf(b)];
  if (left !== right) return left < right ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}
