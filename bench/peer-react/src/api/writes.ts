import { put } from '../realtime/cache';
import { request } from './client';
import { RESOURCES, type AnyRecord, type Family } from './types';

export type Draft = Record<string, string | number | undefined>;

/** Makes a record, or changes the one given; what the server made of it is shown at once. */
export async function save(family: Family, draft: Draft, before?: AnyRecord): Promise<void> {
  const { path, one } = RESOURCES[family];
  const answer = before
    ? await request<Record<string, AnyRecord>>(`${path}/${before.id}`, {
        method: 'PATCH',
        body: draft,
        headers: { 'if-match': `"${before.version}"` },
      })
    : await request<Record<string, AnyRecord>>(path, {
        method: 'POST',
        body: draft,
        headers: { 'idempotency-key': crypto.randomUUID() },
      });
  const record = answer[one]!;
  put({ family, id: record.id, record });
}

export async function remove(family: Family, { id }: AnyRecord): Promise<void> {
  await request(`${RESOURCES[family].path}/${id}`, { method: 'DELETE' });
  put({ family, id });
}
