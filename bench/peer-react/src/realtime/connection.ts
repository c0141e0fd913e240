import { request } from '../api/client';
import { getToken, SignedOut } from '../api/session';
import { isEvent, parse, type Frame, type Welcome } from './frames';
import { Position } from './position';

export type State = 'stopped' | 'connecting' | 'live' | 'reconnecting' | 'disconnected';

export interface Handlers {
  onEvent(frame: Frame): void;
  /** What was missed cannot be told: everything has to be fetched. Resolves when it has been. */
  onEverythingStale(): Promise<void>;
}

const HEARTBEAT_MS = 30_000;
const PONG_WITHIN_MS = 5_000;
const DIAL_WITHIN_MS = 10_000;
const WELCOME_WITHIN_MS = 3_000;
const HOLE_PATIENCE_MS = 2_000;
const STABLE_AFTER_MS = 5_000;
const RENEW_BEFORE_MS = 60_000;
const LONGEST_LIFE_MS = 110 * 60_000;
const MOST_ATTEMPTS = 10;
const RATE_LIMITED_MS = 30_000;
const STOPPING = new Set([1008, 4403, 4409]);

type Timer = 'dial' | 'welcome' | 'heartbeat' | 'pong' | 'hole' | 'stable' | 'redial' | 'renew';

/** The one socket of the page. */
class Connection {
  private state: State = 'stopped';
  private socket: WebSocket | undefined;
  private handlers: Handlers | undefined;
  private readonly position = new Position();
  private readonly timers = new Map<Timer, number>();
  private readonly listeners = new Set<() => void>();
  private attempts = 0;
  private helloAgain = false;
  private refused = false;
  /** Counts dials, so that what belongs to an earlier one is told apart. */
  private dial = 0;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  readonly getState = () => this.state;
  readonly isLive = () => this.state === 'live';

  start(handlers: Handlers) {
    this.handlers = handlers;
    if (this.state === 'stopped') void this.open('connecting');
  }

  stop() {
    this.drop();
    this.position.startAt(undefined, 0);
    this.attempts = 0;
    this.become('stopped');
  }

  /** Somebody asks for it, or there is a reason to hope. */
  readonly retry = () => {
    if (this.state !== 'reconnecting' && this.state !== 'disconnected') return;
    this.attempts = 0;
    void this.open('reconnecting');
  };

  /** The page is looked at again. */
  readonly wake = () => {
    if (document.visibilityState === 'hidden') return;
    if (this.state === 'live') this.ping();
    else this.retry();
  };

  private async open(state: State) {
    this.drop();
    const mine = ++this.dial;
    this.become(state);
    this.after('dial', DIAL_WITHIN_MS, () => this.redial());
    try {
      const { ticket } = await request<{ ticket: string }>('/realtime/ticket', { method: 'POST' });
      if (mine !== this.dial) return;
      const url = new URL('/ws', location.href.replace(/^http/, 'ws'));
      const socket = new WebSocket(url, ['latido.v1', `ticket.${ticket}`]);
      this.socket = socket;
      socket.onopen = () => {
        this.hello();
        // A plain backend does not welcome anybody.
        this.after('welcome', WELCOME_WITHIN_MS, () => this.caughtUp(this.handlers!.onEverythingStale()));
      };
      socket.onmessage = ({ data }) => this.receive(parse(data));
      socket.onclose = ({ code }) => this.closed(code);
    } catch (error) {
      if (mine === this.dial && !(error instanceof SignedOut)) this.redial();
    }
  }

  private hello() {
    const { epoch, seq } = this.position;
    this.send('hello', { ...(epoch && { epoch, seq }), client: 'latido-react/0.1.0' });
  }

  private receive(frame: Frame | undefined) {
    if (!frame) return;
    if (isEvent(frame)) this.event(frame);
    else if (frame.type === 'welcome') this.welcome(frame.data as unknown as Welcome);
    else if (frame.type === 'pong') this.pong(frame.data?.head);
    else if (frame.type === 'goaway') this.redial(Number(frame.data?.retryAfterMs ?? 0));
  }

  private event(frame: Frame) {
    if (frame.seq !== undefined) {
      if (!this.position.take(frame.seq)) return;
      if (this.position.hasHole) this.afterOnce('hole', HOLE_PATIENCE_MS, () => this.position.hasHole && this.ask());
    }
    this.handlers!.onEvent(frame);
  }

  private welcome({ epoch, head, mode, expiresAt }: Welcome) {
    this.cancel('dial');
    this.cancel('welcome');
    this.helloAgain = false;
    this.refused = false;
    if (mode === 'resumed') {
      this.caughtUp(Promise.resolve());
    } else {
      this.position.startAt(epoch, head);
      this.caughtUp(this.handlers!.onEverythingStale());
    }
    const life = expiresAt ? Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_MS : LONGEST_LIFE_MS;
    this.after('renew', Math.min(Math.max(life, RENEW_BEFORE_MS), LONGEST_LIFE_MS), () => void this.open('live'));
  }

  private async caughtUp(fetched: Promise<void>) {
    this.cancel('dial');
    const mine = this.dial;
    await fetched;
    if (mine !== this.dial) return;
    this.become('live');
    this.after('stable', STABLE_AFTER_MS, () => (this.attempts = 0));
    this.after('heartbeat', HEARTBEAT_MS, this.ping);
  }

  private readonly ping = () => {
    this.after('heartbeat', HEARTBEAT_MS, this.ping);
    if (document.visibilityState === 'hidden') return;
    this.send('ping', { seq: this.position.seq });
    this.after('pong', PONG_WITHIN_MS, () => this.redial());
  };

  private pong(head: unknown) {
    this.cancel('pong');
    if (typeof head === 'number' && head > this.position.seq && this.position.epoch) this.ask();
  }

  /** Something is missing: asks for it on the same socket, and the second time for everything. */
  private ask() {
    if (this.helloAgain) this.position.startAt(undefined, 0);
    this.helloAgain = true;
    this.hello();
  }

  private closed(code: number) {
    const refused = code === 4401;
    if (STOPPING.has(code) || (refused && this.refused)) {
      this.drop();
      return this.become('disconnected');
    }
    if (refused) {
      this.refused = true;
      // The ticket is asked for with a token that is surely another one.
      void getToken().then((token) => getToken(token)).then(() => this.open('reconnecting'), () => this.redial());
      return;
    }
    this.redial(code === 4429 ? RATE_LIMITED_MS : 0);
  }

  private redial(atLeast = 0) {
    this.drop();
    if (this.attempts >= MOST_ATTEMPTS) return this.become('disconnected');
    const backoff = Math.min(30_000, 1_000 * 2 ** this.attempts) + Math.random() * 1_000;
    this.attempts += 1;
    this.become('reconnecting');
    this.after('redial', Math.max(backoff, atLeast), () => void this.open('reconnecting'));
  }

  private drop() {
    this.dial += 1;
    for (const timer of this.timers.keys()) this.cancel(timer);
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private send(type: string, data: object) {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(JSON.stringify({ type, data, timestamp: new Date().toISOString() }));
  }

  private become(state: State) {
    if (this.state === state) return;
    this.state = state;
    for (const listener of this.listeners) listener();
  }

  private after(timer: Timer, ms: number, then: () => void) {
    this.cancel(timer);
    this.timers.set(timer, window.setTimeout(then, ms));
  }

  private afterOnce(timer: Timer, ms: number, then: () => void) {
    if (this.timers.has(timer)) return;
    this.after(timer, ms, () => {
      this.timers.delete(timer);
      then();
    });
  }

  private cancel(timer: Timer) {
    window.clearTimeout(this.timers.get(timer));
    this.timers.delete(timer);
  }
}

export const connection = new Connection();
