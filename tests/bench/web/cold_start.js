// See cold_start.rs. Runs before the page's own script.
window.coldStart = (() => {
  let done;
  const shown = new Promise((resolve) => { done = resolve; });
  const row = '[data-testid=food-row]';
  const observer = new MutationObserver(() => {
    if (!document.querySelector(row)) return;
    observer.disconnect();
    // Painted, not only there.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(0);
    });
  });
  observer.observe(document, { subtree: true, childList: true });

  const firstPaint = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [first] = list.getEntriesByName('first-contentful-paint');
      if (first) resolve(first.startTime);
    }).observe({ type: 'paint', buffered: true });
  });

  return {
    result: async () => {
      const [rows, paint] = await Promise.all([shown, firstPaint]);
      return { rows, paint };
    },
    // With the heads of the answers, and without what was answered after `until`.
    bytes: (until) =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ responseEnd }) => responseEnd <= until)
        .reduce((sum, { transferSize }) => sum + transferSize, 0),
  };
})();
