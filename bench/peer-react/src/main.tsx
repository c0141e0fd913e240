import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { getSession, getToken } from './api/session';
import { App } from './App';
import { followSession } from './realtime/live';

// The session is on its way before anything is rendered.
if (getSession().state === 'unknown') getToken().catch(() => undefined);
followSession();

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
