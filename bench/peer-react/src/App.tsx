import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState, useSyncExternalStore } from 'react';
import { RouterProvider } from 'react-router';

import { queryClient } from './api/queries';
import { getSession, subscribeToSession } from './api/session';
import { router } from './routes';
import { LocaleContext, localeOf, preferredLanguage, rememberLanguage, type Language } from './strings';

const SignIn = lazy(() => import('./pages/SignIn'));

export function App() {
  const session = useSyncExternalStore(subscribeToSession, getSession);
  const [language, setLanguage] = useState(preferredLanguage);
  const locale = useMemo(() => {
    const choose = (next: Language) => {
      rememberLanguage(next);
      setLanguage(next);
    };
    return { locale: localeOf(language), choose };
  }, [language]);
  return (
    <LocaleContext value={locale}>
      <QueryClientProvider client={queryClient}>
        {session.state === 'out' ? (
          <Suspense>
            <SignIn ended={session.ended} />
          </Suspense>
        ) : (
          // A reload shows the page at once; its lists wait for the token.
          <RouterProvider router={router} />
        )}
      </QueryClientProvider>
    </LocaleContext>
  );
}
