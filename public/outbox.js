// Storage, lock and channel of the outbox; why and how, see src/writes/storage.rs.
{
  const STORE = "outbox";
  let opening, channel;
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
    const transaction = await open()
      .then((database) => begin(database, mode))
      .catch(async () => begin(await open(again()), mode));
    return new Promise((done, failed) => {
      const request = use(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  };
  window.latidoOutbox = {
    all: (user) => work("readonly", (store) => store.getAll(IDBKeyRange.bound([user], [user, []]))),
    put: (user, key, entry) => work("readwrite", (store) => store.put({ user, key, entry })),
    remove: (user, key) => work("readwrite", (store) => store.delete([user, key])),
    lock: (user) =>
      new Promise((granted) => {
        if (!navigator.locks) return granted(() => {});
        navigator.locks
          .request(`latido.outbox.${user}`, () => new Promise((release) => granted(release)))
          .catch(() => granted(() => {}));
      }),
    listen: (user, heard) => {
      channel = new BroadcastChannel(`latido.outbox.${user}`);
      channel.onmessage = (event) => heard(event.data);
    },
    hush: () => channel?.close(),
    tell: (text) => channel?.postMessage(text),
  };
}
