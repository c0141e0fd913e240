// Where writes wait that the server has not answered: IndexedDB, one lock and one channel for all tabs of a
// user. In JavaScript because these interfaces are promises and events all the way down, which cost a
// hundred lines here and ten kilobytes in the wasm. What is stored, and when, is decided there.
{
  const STORE = "outbox";
  let opening;
  const open = () =>
    (opening ??= new Promise((done, failed) => {
      const request = indexedDB.open("latido", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["user", "key"] });
      request.onsuccess = () => {
        // Another version of the page wants to change the store: let it.
        request.result.onversionchange = () => {
          request.result.close();
          opening = undefined;
        };
        done(request.result);
      };
      request.onerror = () => {
        opening = undefined;
        failed(request.error);
      };
    }));
  const work = async (mode, use) => {
    const database = await open();
    return new Promise((done, failed) => {
      // "strict": on the disk, not on its way there, before the request is sent.
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = use(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  };
  let channel;
  window.latidoOutbox = {
    all: (user) => work("readonly", (store) => store.getAll(IDBKeyRange.bound([user], [user, []]))),
    put: (user, key, entry) => work("readwrite", (store) => store.put({ user, key, entry })),
    remove: (user, key) => work("readwrite", (store) => store.delete([user, key])),
    // Resolves to the function that gives the lock back. Without locks (an insecure origin) every tab
    // has it; idempotency keys still keep the server from doing anything twice.
    lock: (user) =>
      new Promise((granted) => {
        if (!navigator.locks) return granted(() => {});
        navigator.locks.request(`latido.outbox.${user}`, () => new Promise((release) => granted(release)));
      }),
    listen: (user, heard) => {
      channel = new BroadcastChannel(`latido.outbox.${user}`);
      channel.onmessage = (event) => heard(event.data);
    },
    hush: () => {
      channel?.close();
      channel = undefined;
    },
    tell: (text) => channel?.postMessage(text),
  };
}
