// Storage, lock and channel of the outbox; why and how, see src/data/mutations/storage.rs.
{
  const STORE = "outbox", PATIENCE_MS = 3000, LOOK_MS = 15000;
  let opening, channel, receive, late;
  // What does not answer in time is gone for all, until it answers after all.
  const timely = (promise) =>
    new Promise((done, failed) => {
      const timer = setTimeout(() => failed((late = new Error("no answer"))), PATIENCE_MS);
      const answered = () => {
        clearTimeout(timer);
        if (late) receive?.("changed", (late = undefined));
      };
      promise.then((it) => done(it, answered()), (error) => failed(error, answered()));
    });
  const again = () => (opening = undefined);
  const open = () =>
    (opening ??= new Promise((done, failed) => {
      const request = indexedDB.open("latido", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["user", "key"] });
      request.onsuccess = () => {
        request.result.onclose = again;
        request.result.onversionchange = () => again(request.result.close());
        done(request.result);
      };
      request.onerror = () => failed(again(request.error));
    }));
  const begin = (database, mode) => database.transaction(STORE, mode, { durability: "strict" });
  const work = async (mode, use) => {
    if (late) throw late;
    const transaction = await timely(open())
      .then((database) => begin(database, mode))
      .catch(async (error) => {
        if (late) throw error;
        return begin(await timely(open(again())), mode);
      });
    return timely(
      new Promise((done, failed) => {
        const request = use(transaction.objectStore(STORE));
        transaction.oncomplete = () => done(request.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
        transaction.commit?.();
      }),
    );
  };
  window.latidoOutbox = {
    all: (user) => work("readonly", (store) => store.getAll(IDBKeyRange.bound([user], [user, []]))),
    put: (user, key, entry) => work("readwrite", (store) => store.put({ user, key, entry })),
    remove: (user, key) => work("readwrite", (store) => store.delete([user, key])),
    lock: (user) =>
      new Promise((granted) => {
        const name = `latido.outbox.${user}`;
        const { locks } = navigator;
        let release, timer, over;
        const held = new Promise((done) => (release = done));
        held.then(() => clearTimeout(timer, (over = true)));
        const grant = () => granted(release);
        if (!locks) return grant();
        const is = (lock) => lock.name === name;
        // One that nobody has and that does not come is not waited for. Whoever has it finds out here, too, that
        // another tab wants it: the channel may be broken.
        const look = async (mine) => {
          const of = await Promise.race([locks.query(), pause()]).catch(() => {});
          if (over) return;
          if (!mine && !of?.held.some(is)) return grant();
          if (mine && of?.pending.some(is)) for (const word of ["changed", "wanted"]) receive?.(word);
          timer = setTimeout(look, LOOK_MS, mine);
        };
        const pause = () => new Promise((done) => setTimeout(done, PATIENCE_MS));
        timer = setTimeout(look, PATIENCE_MS);
        locks
          .request(name, () => {
            clearTimeout(timer);
            if (!over) timer = setTimeout(look, LOOK_MS, true);
            grant();
            return held;
          })
          .catch(grant);
      }),
    listen: (user, heard) => {
      receive = heard;
      channel = new BroadcastChannel(`latido.outbox.${user}`);
      channel.onmessage = (event) => heard(event.data);
    },
    close: () => channel?.close((receive = undefined)),
    post: (text) => channel?.postMessage(text),
  };
}
