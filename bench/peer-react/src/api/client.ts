import { forget, getToken, SignedOut } from './session';

export interface FieldError {
  pointer: string;
  detail: string;
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: FieldError[],
  ) {
    super(detail);
  }
}

interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** The last answer of each address with its tag: what has not changed is not sent or parsed again. */
const known = new Map<string, { etag: string; body: unknown }>();
const MOST_KNOWN = 30;

export async function request<T>(path: string, { method = 'GET', body, headers, signal }: Call = {}): Promise<T> {
  let token = await getToken();
  for (const last of [false, true]) {
    const cached = method === 'GET' ? known.get(path) : undefined;
    const answer = await fetch(`/api${path}`, {
      method,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(cached && { 'if-none-match': cached.etag }),
        ...headers,
      },
    });
    if (answer.status === 304 && cached) return cached.body as T;
    if (answer.status === 204) return undefined as T;
    if (answer.ok) {
      const parsed = await answer.json();
      const etag = answer.headers.get('etag');
      if (method === 'GET' && etag) remember(path, { etag, body: parsed });
      return parsed;
    }
    if (answer.status === 401) {
      if (last) break;
      token = await getToken(token);
      continue;
    }
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, problem.detail ?? answer.statusText, problem.errors ?? []);
  }
  forget(true);
  throw new SignedOut();
}

function remember(path: string, answer: { etag: string; body: unknown }) {
  known.delete(path);
  known.set(path, answer);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
}
