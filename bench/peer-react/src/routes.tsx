import { createBrowserRouter, Outlet, ScrollRestoration } from 'react-router';

import { listQuery, profileQuery, queryClient } from './api/queries';
import type { Family } from './api/types';
import { Header } from './components/Header';
import { Skeleton } from './components/Skeleton';
import { plusDays, rangeOf, startOfToday } from './day';

/** Starts the page's first fetch while its code is still on the way. */
const today = (family: Family) => () => {
  void queryClient.prefetchQuery(listQuery(family, ...rangeOf(startOfToday())));
  return null;
};

function overview() {
  today('food')();
  today('exercise')();
  const [from] = rangeOf(plusDays(startOfToday(), -14));
  const [, to] = rangeOf(startOfToday());
  void queryClient.prefetchQuery(listQuery('metric', from, to));
  void queryClient.prefetchQuery(profileQuery);
  return null;
}

function Shell() {
  return (
    <>
      <Header />
      <main id="content" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
}

function Fallback() {
  return (
    <>
      <Header />
      <main id="content" className="page" aria-busy="true">
        <Skeleton />
      </main>
    </>
  );
}

export const router = createBrowserRouter([
  {
    Component: Shell,
    HydrateFallback: Fallback,
    children: [
      { path: '/', loader: overview, lazy: () => import('./pages/Overview') },
      { path: '/food', loader: today('food'), lazy: () => import('./pages/Food') },
      { path: '/exercise', loader: today('exercise'), lazy: () => import('./pages/Exercise') },
      { path: '/metrics', loader: today('metric'), lazy: () => import('./pages/Metrics') },
      { path: '*', lazy: () => import('./pages/NotFound') },
    ],
  },
]);
