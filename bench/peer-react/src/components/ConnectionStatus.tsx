import { useSyncExternalStore } from 'react';

import { connection } from '../realtime/connection';
import { useLocale } from '../strings';
import { Icon } from './Icon';

export function ConnectionStatus() {
  const { strings } = useLocale();
  const state = useSyncExternalStore(connection.subscribe, connection.getState);
  return (
    <div className="connection" data-testid="connection-status" data-state={state}>
      <span className="badge">
        <span className="dot" />
        <span className="badge-text" role="status">
          {strings.connection[state]}
        </span>
      </span>
      {(state === 'reconnecting' || state === 'disconnected') && (
        <button type="button" className="button small" data-testid="retry" onClick={connection.retry}>
          <Icon name="retry" />
          <span>{strings.retry}</span>
        </button>
      )}
    </div>
  );
}
