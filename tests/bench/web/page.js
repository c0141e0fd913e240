// See page.rs. Runs before the page's own script.
window.bench = (() => {
  let arrived = new Map();
  let took = [];
  let watching = false;
  let longTasks = [];

  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...how) {
      super(...how);
      // Registered first, so it is called before the page's own listener.
      this.addEventListener('message', ({ data }) => {
        if (!watching) return;
        const now = performance.now();
        const { type, data: record } = JSON.parse(data);
        if (type === 'foodLogCreated' || type === 'foodLogUpdated') arrived.set(record.name, now);
      });
    }
  };

  // An observer is called in the very task that changed the document. Names are unique, and none is a part of another;
  // a windowed list may change the text of a row that is there already, so it is the whole list that is looked at.
  new MutationObserver(() => {
    if (arrived.size === 0) return;
    const now = performance.now();
    const text = document.querySelector('[data-testid=food-list]')?.textContent ?? '';
    for (const [name, since] of arrived) {
      if (text.includes(name)) {
        took.push(now - since);
        arrived.delete(name);
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });

  new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });

  // Calls back when what is in the document now has been painted.
  const painted = () =>
    new Promise((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(0);
      });
    });

  const appearance = (css) =>
    new Promise((done) => {
      if (document.querySelector(css)) return done();
      const observer = new MutationObserver(() => {
        if (!document.querySelector(css)) return;
        observer.disconnect();
        done();
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true });
    });

  // Frames that came late are as many as would have fitted in between.
  const FRAME_MS = 1000 / 60;
  let missed = 0;
  let counting = false;
  const countFrames = () => {
    missed = 0;
    counting = true;
    let last;
    const frame = (now) => {
      if (!counting) return;
      if (last !== undefined) missed += Math.max(0, Math.round((now - last) / FRAME_MS) - 1);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };

  const memories = new Set();
  for (const way of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[way];
    WebAssembly[way] = async (...how) => {
      const made = await original.apply(WebAssembly, how);
      for (const found of Object.values((made.instance ?? made).exports)) {
        if (found instanceof WebAssembly.Memory) memories.add(found);
      }
      return made;
    };
  }

  return {
    reset: () => {
      arrived = new Map();
      took = [];
      longTasks = [];
      watching = true;
    },
    took: () => took,
    longTasks: () => longTasks,
    painted,
    appearance,
    countFrames,
    missedFrames: () => {
      counting = false;
      return missed;
    },
    wasm: () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  };
})();
