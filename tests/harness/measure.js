// See measure.rs. Rows are told by the food's name, which the measurements make unique.
window.measure = (() => {
  let state;
  let arrived;
  const reset = () => {
    state = { events: 0, eventToRow: [], refetches: 0, longTasks: [] };
    arrived = new Map();
    touch();
  };
  let last = 0;
  const touch = () => { last = performance.now(); };
  reset();

  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...how) {
      super(...how);
      // Registered first, so it is called before the page's own listener.
      this.addEventListener('message', ({ data }) => {
        const now = performance.now();
        const { type, data: record } = JSON.parse(data);
        if (!type.startsWith('foodLog')) return;
        state.events += 1;
        touch();
        if (type === 'foodLogCreated') arrived.set(record.name, now);
      });
    }
  };

  const row = '[data-testid=food-row]';
  const appeared = (element) => {
    const now = performance.now();
    for (const [name, since] of arrived) {
      if (element.textContent.includes(name)) {
        state.eventToRow.push(now - since);
        arrived.delete(name);
        touch();
      }
    }
  };
  // An observer is called in the very task that changed the document.
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches(row)) appeared(node);
        else for (const inner of node.querySelectorAll(row)) appeared(inner);
      }
    }
  }).observe(document, { subtree: true, childList: true });

  const fetch = window.fetch;
  window.fetch = (request, ...rest) => {
    const url = new URL(request.url ?? request, location);
    const method = request.method ?? rest[0]?.method ?? 'GET';
    if (method === 'GET' && url.pathname.endsWith('/food-logs') && !url.searchParams.has('cursor')) {
      state.refetches += 1;
      touch();
    }
    return fetch(request, ...rest);
  };

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      state.longTasks.push(duration);
      touch();
    }
  }).observe({ type: 'longtask' });

  return { reset, seen: () => ({ ...state, quietFor: performance.now() - last }) };
})();
