// See soak/mod.rs. Runs before the page's own script.
window.soak = (() => {
  const counts = { listeners: 0, sockets: 0, messages: 0, opened: 0 };

  // A listener ends with its target, too. Targets are only watched, not held.
  const registered = new WeakMap();
  const ended = new FinalizationRegistry((state) => { counts.listeners -= state.size; });
  const listenersOf = (target) => {
    if (!registered.has(target)) {
      const state = new Map();
      registered.set(target, state);
      ended.register(target, state);
    }
    return registered.get(target);
  };
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const captures = (options) => Boolean(typeof options === 'object' ? options?.capture : options);
  const names = new WeakMap();
  let lastName = 0;
  const key = (type, listener, options) => {
    if (!names.has(listener)) names.set(listener, lastName += 1);
    return `${type} ${names.get(listener)} ${captures(options)}`;
  };
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (listener) {
      const state = listenersOf(this ?? window);
      const name = key(type, listener, options);
      if (!state.has(name)) {
        state.set(name, true);
        counts.listeners += 1;
        if (options?.once) {
          addEventListener.call(this ?? window, type, () => forget(state, name), { once: true });
        }
      }
    }
    return addEventListener.call(this ?? window, type, listener, options);
  };
  const forget = (state, name) => { if (state.delete(name)) counts.listeners -= 1; };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    if (listener) forget(listenersOf(this ?? window), key(type, listener, options));
    return removeEventListener.call(this ?? window, type, listener, options);
  };

  // Handles of what still waits. One number can be a timeout or an interval: clearing does not care.
  const waiting = new Set();
  const { setTimeout, setInterval, clearTimeout, clearInterval } = window;
  window.setTimeout = (callback, ...rest) => {
    const handle = setTimeout((...given) => {
      waiting.delete(handle);
      callback(...given);
    }, ...rest);
    waiting.add(handle);
    return handle;
  };
  window.setInterval = (...how) => {
    const handle = setInterval(...how);
    waiting.add(handle);
    return handle;
  };
  window.clearTimeout = (handle) => { waiting.delete(handle); clearTimeout(handle); };
  window.clearInterval = (handle) => { waiting.delete(handle); clearInterval(handle); };

  // The handlers of a socket are properties, so what counts is how many sockets are not closed.
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...how) {
      super(...how);
      counts.sockets += 1;
      addEventListener.call(this, 'open', () => { counts.opened += 1; });
      addEventListener.call(this, 'message', () => { counts.messages += 1; });
      addEventListener.call(this, 'close', () => { counts.sockets -= 1; });
    }
  };

  let memory;
  for (const way of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[way];
    WebAssembly[way] = async (...how) => {
      const made = await original.apply(WebAssembly, how);
      const { exports } = made.instance ?? made;
      memory = Object.values(exports).find((found) => found instanceof WebAssembly.Memory) ?? memory;
      return made;
    };
  }

  return { seen: () => ({ ...counts, timers: waiting.size, wasm: memory.buffer.byteLength }) };
})();
