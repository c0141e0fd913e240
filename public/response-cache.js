// Cached responses, for a start without a network. Why and how: see src/browser/response_cache.rs.
{
  const NAME = "latido-kept", WHO = "/kept/who", WHEN = "x-kept-at";
  const MOST = 60, OLDEST_MS = 30 * 86_400_000, PAUSE_MS = 1000, PATIENCE_MS = 3000;
  const waiting = new Map();
  let owner, timer, late;
  let turn = Promise.resolve();
  // A cache that does not answer in time is as good as none, until it does.
  const timely = (work) =>
    new Promise((done) => {
      const timer = setTimeout(() => done(void (late = true)), PATIENCE_MS);
      const answered = (it) => {
        clearTimeout(timer);
        late = false;
        done(it);
      };
      Promise.resolve().then(work).then(answered, () => answered());
    });
  const inTurn = (work) => (turn = turn.then(() => (late ? undefined : timely(work))));
  const isSignedIn = () => localStorage.getItem("latido.session");
  const put = (cache, name, text) => cache.put(name, new Response(text, { headers: { [WHEN]: Date.now() } }));
  const read = async (cache, key) => {
    const found = await cache.match(key);
    const at = Number(found?.headers.get(WHEN));
    if (at > Date.now() - OLDEST_MS) return [at, await found.text()];
    if (found) await cache.delete(key);
  };
  const write = () => {
    timer = clearTimeout(timer);
    return inTurn(async () => {
      const cache = await caches.open(NAME);
      // In another tab somebody else may have signed in meanwhile.
      const who = await read(cache, WHO);
      if (who && JSON.parse(who[1]).id !== owner) waiting.clear();
      for (const [path, text] of waiting) {
        waiting.delete(path);
        await put(cache, `/kept${path}`, text);
      }
      const answers = (await cache.keys()).filter((key) => !key.url.endsWith(WHO));
      for (const key of answers.slice(0, -MOST)) await cache.delete(key);
      // Another tab may have signed out meanwhile.
      if (!owner || !isSignedIn()) await caches.delete(NAME);
    });
  };
  // The same question about another time is the same but for these.
  const asked = ({ pathname, searchParams }) => {
    const [from, to] = ["from", "to"].map((name) => searchParams.get(name));
    for (const name of ["from", "to"]) searchParams.delete(name);
    return { from, to, what: `${pathname}?${searchParams}` };
  };
  const overlap = (one, other) => one.what === other.what && one.from < other.to && other.from < one.to;
  addEventListener("visibilitychange", () => timer && document.hidden && write());
  window.latidoResponses = {
    setOwner: (id, name, role) => {
      if (owner === id) return;
      owner = id;
      inTurn(async () => {
        const before = await read(await caches.open(NAME), WHO);
        if (before && JSON.parse(before[1]).id !== id) await caches.delete(NAME);
        if (owner === id) await put(await caches.open(NAME), WHO, JSON.stringify({ id, name, role }));
      });
    },
    owner: () => inTurn(async () => (isSignedIn() ? (await read(await caches.open(NAME), WHO))?.[1] : undefined)),
    store: (path, text) => {
      if (!owner) return;
      waiting.set(path, text);
      timer ??= setTimeout(write, PAUSE_MS);
    },
    load: (path) =>
      inTurn(async () => {
        const cache = await caches.open(NAME);
        const wanted = `/kept${path}`;
        const exact = await read(cache, wanted);
        if (exact) return exact;
        const question = asked(new URL(wanted, location));
        let oldest = Infinity;
        const texts = [];
        for (const { url } of await cache.keys()) {
          const found = overlap(question, asked(new URL(url))) && (await read(cache, url));
          if (!found) continue;
          oldest = Math.min(oldest, found[0]);
          texts.push(found[1]);
        }
        return [oldest, ...texts];
      }),
    clear: () => {
      owner = undefined;
      waiting.clear();
      inTurn(() => caches.delete(NAME));
      // Not in turn where nothing has one any more.
      if (late) caches.delete(NAME).catch(() => {});
    },
  };
}
