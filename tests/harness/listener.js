// Hears what a page's console is told. Kept for the tab, so that a reload forgets nothing.
{
  const hear = (isError, ...parts) => {
    const heard = JSON.parse(sessionStorage.getItem('heard') ?? '[]');
    heard.push({ isError, text: parts.map(String).join(' ') });
    sessionStorage.setItem('heard', JSON.stringify(heard));
  };
  for (const level of ['debug', 'log', 'info', 'warn', 'error', 'assert']) {
    const original = console[level];
    console[level] = (...parts) => {
      if (level !== 'assert' || !parts[0]) hear(level === 'error' || level === 'assert', ...parts);
      original.apply(console, parts);
    };
  }
  // Capturing hears of resources too, whose errors do not bubble.
  addEventListener('error', ({ message, target }) => hear(true, message ?? `${target.outerHTML} failed`), true);
  addEventListener('unhandledrejection', ({ reason }) => hear(true, 'rejected:', reason));
  addEventListener('securitypolicyviolation', (event) =>
    hear(true, 'policy:', event.violatedDirective, event.blockedURI));
  // WebKit breaks requests off where a page is left, and tells the page that they failed.
  let leaving = false;
  addEventListener('beforeunload', () => (leaving = true));
  const original = window.fetch;
  window.fetch = async (...call) => {
    const url = call[0]?.url ?? call[0];
    try {
      const answer = await original(...call);
      if (answer.status >= 400) hear(true, `${url} was answered with ${answer.status}`);
      return answer;
    } catch (error) {
      // Giving up on purpose is no error, and no browser's console calls it one.
      if (error.name !== 'AbortError' && !leaving) hear(true, url, error);
      throw error;
    }
  };
}
