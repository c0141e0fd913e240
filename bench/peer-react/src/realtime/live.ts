/** Starts and stops what belongs to a session. */

import { queryClient } from '../api/queries';
import { getSession, subscribeToSession } from '../api/session';
import { onEverythingStale, onEvent } from './cache';
import { connection } from './connection';

export function followSession() {
  const follow = () => {
    const { state } = getSession();
    if (state === 'in') connection.start({ onEvent, onEverythingStale });
    if (state === 'out') {
      connection.stop();
      queryClient.clear();
    }
  };
  follow();
  subscribeToSession(follow);
  document.addEventListener('visibilitychange', connection.wake);
  window.addEventListener('online', connection.retry);
}
