/** Brings events into the query cache: at once what they carry, and a refetch that confirms it. */

import { apply, note, type Change } from '../api/changes';
import { queryClient, keys } from '../api/queries';
import { FAMILIES, RESOURCES, type AnyRecord, type Family, type HealthProfile } from '../api/types';
import type { Frame } from './frames';

/** The least time between two refetches that events cause. */
const COALESCE_MS = 300;

const EVENTS = new Map<string, Family>(
  FAMILIES.flatMap((family) =>
    ['Created', 'Updated', 'Deleted'].map((what) => [`${RESOURCES[family].one}${what}`, family] as const),
  ),
);

/** The newest of every record that has not been shown yet. */
let waiting = new Map<string, Change>();
let frame = 0;

export function onEvent({ type, data }: Frame) {
  if (type === 'healthProfileUpdated') {
    const profile = data as unknown as HealthProfile;
    queryClient.setQueryData<HealthProfile>(keys.profile, (old) => (old && old.version >= profile.version ? old : profile));
    return refetchSoon(keys.profile);
  }
  const family = EVENTS.get(type);
  if (!family || typeof data?.id !== 'string') return;
  put({ family, id: data.id, record: type.endsWith('Deleted') ? undefined : (data as unknown as AnyRecord) });
  refetchSoon(keys.family(family));
}

/** Shows a change: the first of a frame at once, those that follow together in the next. */
export function put(change: Change) {
  note(change);
  waiting.set(change.id, change);
  if (frame !== 0) return;
  frame = requestAnimationFrame(onFrame);
  flush();
}

function onFrame() {
  frame = 0;
  if (waiting.size > 0) {
    frame = requestAnimationFrame(onFrame);
    flush();
  }
}

function flush() {
  const changes = waiting;
  waiting = new Map();
  const families = new Set(Array.from(changes.values(), ({ family }) => family));
  for (const family of families) {
    for (const [key, records] of queryClient.getQueriesData<AnyRecord[]>({ queryKey: keys.family(family) })) {
      const [, , from, to] = key as ReturnType<typeof keys.list>;
      if (!records) continue;
      const next = apply(records, { family, from, to }, changes);
      if (next !== records) queryClient.setQueryData(key, next);
    }
  }
}

document.addEventListener('visibilitychange', flush);

const refetching = new Map<string, { again: boolean }>();

/** At once, then at most every so often, and the last is never dropped. */
export function refetchSoon(queryKey: readonly [string]) {
  const [name] = queryKey;
  const running = refetching.get(name);
  if (running) {
    running.again = true;
    return;
  }
  const run = { again: true };
  refetching.set(name, run);
  void (async () => {
    while (run.again) {
      run.again = false;
      const pause = new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
      await Promise.all([queryClient.invalidateQueries({ queryKey }), pause]);
    }
    refetching.delete(name);
  })();
}

export async function onEverythingStale() {
  await queryClient.invalidateQueries();
}
