import { keepPreviousData, notifyManager, queryOptions, QueryClient, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

import { connection } from '../realtime/connection';
import { request, Refused } from './client';
import { fetchUnder } from './changes';
import { SignedOut } from './session';
import { RESOURCES, type AnyRecord, type Family, type HealthProfile, type RecordOf } from './types';

// What an event has changed is rendered in its own task and not in a timer's.
notifyManager.setScheduler(queueMicrotask);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Events tell what is stale; without a connection the lists are polled.
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: 'always',
      retry: (failures, error) => failures < 3 && !(error instanceof Refused) && !(error instanceof SignedOut),
    },
  },
});

const PAGE = 200;
const MOST_PAGES = 10;
const POLL_MS = 8_000;

type Page = { nextCursor: string | null } & Record<string, AnyRecord[]>;

export const keys = {
  family: (family: Family) => [family] as const,
  list: (family: Family, from: string, to: string) => [family, 'list', from, to] as const,
  profile: ['profile'] as const,
};

/** The records between two instants, newest first. */
export function listQuery<F extends Family>(family: F, from: string, to: string) {
  type R = RecordOf[F];
  const { path, many } = RESOURCES[family];
  return queryOptions({
    queryKey: keys.list(family, from, to),
    queryFn: ({ signal }) =>
      fetchUnder<R>({ family, from, to }, async () => {
        const all: R[] = [];
        let cursor: string | null = null;
        for (let page = 0; page < MOST_PAGES; page += 1) {
          const query = new URLSearchParams({ from, to, limit: String(PAGE), ...(cursor && { cursor }) });
          const answer: Page = await request<Page>(`${path}?${query}`, { signal });
          const records = (answer[many] ?? []) as R[];
          if (page === 0 && !answer.nextCursor) return records;
          all.push(...records);
          cursor = answer.nextCursor;
          if (!cursor) break;
        }
        return all;
      }),
    structuralSharing: (before, after) => shareByVersion(before as R[] | undefined, after as R[]),
  });
}

/** Keeps the object of every record that is still the same, so that its memoised row is not rendered again. */
function shareByVersion<R extends AnyRecord>(before: R[] | undefined, after: R[]): R[] {
  if (!before || before === after) return after;
  const known = new Map(before.map((record) => [record.id, record]));
  let same = before.length === after.length;
  const shared = after.map((record, place) => {
    const old = known.get(record.id);
    const kept = old && old.version === record.version && old.updatedAt === record.updatedAt ? old : record;
    same &&= kept === before[place];
    return kept;
  });
  return same ? before : shared;
}

export const profileQuery = queryOptions({
  queryKey: keys.profile,
  queryFn: async ({ signal }) =>
    (await request<{ healthProfile: HealthProfile }>('/health-profile', { signal })).healthProfile,
});

function usePollInterval() {
  const live = useSyncExternalStore(connection.subscribe, connection.isLive);
  return live ? (false as const) : POLL_MS;
}

export function useList<F extends Family>(family: F, from: string, to: string) {
  return useQuery({ ...listQuery(family, from, to), refetchInterval: usePollInterval() });
}

export function useProfile() {
  return useQuery({ ...profileQuery, placeholderData: keepPreviousData });
}
