/** Frames of the socket, as docs/protocol.md has them. */
export interface Frame {
  type: string;
  data?: Record<string, unknown>;
  epoch?: string;
  seq?: number;
}

export interface Welcome {
  epoch: string;
  head: number;
  mode: 'fresh' | 'resumed' | 'reset';
  expiresAt?: string;
}

export function parse(text: unknown): Frame | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}

const CONTROL = new Set(['welcome', 'pong', 'goaway', 'error']);
export const isEvent = (frame: Frame) => !CONTROL.has(frame.type);
