/** Who is signed in. The token is in memory only; a reload gets another with the refresh cookie. */

export interface User {
  id: string;
  name: string;
}

export type Session = { state: 'unknown' } | { state: 'out'; ended: boolean } | { state: 'in'; user: User };

interface Answer {
  accessToken: string;
  expiresIn: number;
  user: User;
}

export class SignedOut extends Error {}

/** Remembers only that somebody was signed in, so that a first visit asks for nothing. */
const FLAG = 'latido.session';
/** A token is renewed this long before it expires. */
const MARGIN_MS = 30_000;

let session: Session = localStorage.getItem(FLAG) ? { state: 'unknown' } : { state: 'out', ended: false };
let token: { value: string; renewAt: number } | undefined;
let refreshing: Promise<string> | undefined;
const listeners = new Set<() => void>();

export const getSession = () => session;

export function subscribeToSession(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Session) {
  session = next;
  for (const listener of listeners) listener();
}

function take({ accessToken, expiresIn, user }: Answer): string {
  const lifetime = expiresIn * 1000;
  token = { value: accessToken, renewAt: Date.now() + Math.max(lifetime - MARGIN_MS, lifetime / 2) };
  localStorage.setItem(FLAG, '1');
  if (session.state !== 'in' || session.user.id !== user.id) become({ state: 'in', user });
  return accessToken;
}

export function forget(ended: boolean) {
  token = undefined;
  localStorage.removeItem(FLAG);
  become({ state: 'out', ended });
}

/** A token that should work; `refused` is one that did not. However many ask, one request is made. */
export function getToken(refused?: string): Promise<string> {
  if (session.state === 'out') return Promise.reject(new SignedOut());
  if (token && Date.now() < token.renewAt && token.value !== refused) return Promise.resolve(token.value);
  refreshing ??= refresh().finally(() => (refreshing = undefined));
  return refreshing;
}

async function refresh(): Promise<string> {
  const answer = await fetch('/api/session/refresh', { method: 'POST' });
  if (answer.status === 401) {
    forget(true);
    throw new SignedOut();
  }
  if (!answer.ok) throw new Error(`refresh: ${answer.status}`);
  return take(await answer.json());
}

/** Whether the credentials are right; throws if the server cannot say. */
export async function signIn(email: string, password: string): Promise<boolean> {
  const answer = await fetch('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status === 401) return false;
  if (!answer.ok) throw new Error(`sign-in: ${answer.status}`);
  take(await answer.json());
  return true;
}

export async function signOut() {
  const bearer = token?.value;
  forget(false);
  if (bearer) await fetch('/api/session', { method: 'DELETE', headers: { authorization: `Bearer ${bearer}` } });
}
