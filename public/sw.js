// The service worker: the shell without a network, and never an old shell with one.
//
// The page comes from the network whenever that answers in time, so a deploy is seen at once; files that have
// a hash in their name come from the cache, since they cannot have changed. What is below /api is left alone.
// Every build has a cache of its own, and a cache that holds the page is whole. A page holds a shared lock by the
// name of its build's cache for as long as it lives: while it is held an older cache stays, for what that page
// may still have to load.
"use strict";

// Both are written by `cargo xtask build` (xtask/src/offline.rs).
const BUILD = "";
const FILES = [];

const PREFIX = "latido-shell-";
const SHELL = PREFIX + BUILD;
// How long a cache may take to answer: one that never does is as good as none.
const CACHE_PATIENCE_MS = 2000;
// How long the network may take to answer with the page when there is one here.
const PATIENCE_MS = 3000;
const HASHED = /-[0-9a-f]{12,16}[._/]/;
const NOT_A_PAGE = /^\/(api|ws|healthz|readyz)(\/|$)|\.[^/]*$/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (!BUILD || method !== "GET" || origin !== location.origin || pathname.startsWith("/api/")) return;
  if (mode === "navigate") {
    if (!NOT_A_PAGE.test(pathname)) event.respondWith(page(event));
  } else if (HASHED.test(pathname)) {
    event.respondWith(file(event.request));
  }
});

async function install() {
  await fill();
  // The page that is open goes on as it is: this only decides what the next one gets without a network.
  await self.skipWaiting();
}

async function activate() {
  await self.clients.claim();
  await tidy();
}

async function fill() {
  const shell = await fetch("/", { cache: "no-cache" });
  // In the middle of a deploy it may be another build's already. The next look finds a worker that fits.
  const fits = shell.ok && !shell.redirected && (await shell.clone().text()).includes(`data-build="${BUILD}"`);
  if (!fits) throw new Error("the page is not this build's");
  const cache = await caches.open(SHELL);
  await Promise.all(FILES.map((name) => add(cache, name)));
  await cache.put("/", shell);
}

async function add(cache, name) {
  const answer = await fetch(name);
  // Some servers answer with the page where there is nothing.
  const isPage = answer.headers.get("content-type")?.startsWith("text/html");
  if (!answer.ok || isPage) throw new Error(`${name} is not there`);
  await cache.put(name, answer);
}

// Lets go of older shells that no open page is of.
async function tidy() {
  const names = await caches.keys();
  const { installing, waiting } = self.registration;
  if (installing || waiting || !navigator.locks) return;
  const { held } = await navigator.locks.query();
  const inUse = [SHELL, ...held.map((lock) => lock.name)];
  const old = names.filter((name) => name.startsWith(PREFIX) && !inUse.includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(event) {
  // Not preloaded while the worker starts: where that fails, Firefox shows its own page whatever stands here.
  const network = fetch(event.request);
  const shell = await kept("/", { cacheName: SHELL });
  event.waitUntil(network.then(shell ? tidy : fill).catch(() => {}));
  if (!shell) return network;
  const answer = await Promise.race([network, pause(PATIENCE_MS)]).catch(() => undefined);
  // A gateway that has lost its server is no better than no network.
  return answer && answer.status < 500 ? answer : shell;
}

async function file(request) {
  return (await kept(request, { ignoreVary: true })) ?? fetch(request);
}

async function kept(request, options) {
  return Promise.race([caches.match(request, options), pause(CACHE_PATIENCE_MS)]).catch(() => undefined);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
