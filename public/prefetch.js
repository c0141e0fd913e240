// The session and the first list are asked for while the code that will want them is on its way; why, how, and when
// what they answer counts: see src/api/prefetch.rs.
{
  // Metrics begin with a month.
  const LISTS = { "/food": "/food-logs", "/exercise": "/exercise-logs" };
  const DAY_MS = 86_400_000, FRESH_MS = 20_000;
  const base = document.querySelector("meta[name=latido-api-url]")?.content || document.documentElement.dataset.api;
  const asked = new Map();
  // As bytes: the wasm takes a text letter by letter.
  const read = async (response) => [response, new Uint8Array(await response.arrayBuffer())];
  const ask = (method, path, authorization = null) => {
    const abort = new AbortController();
    const headers = authorization ? { authorization } : {};
    const how = { method, headers, credentials: "include", cache: "no-store", signal: abort.signal };
    const answer = fetch(base + path, how).then(read);
    asked.set(base + path, { method, authorization, answer, abort });
    return answer;
  };
  // Today, where its reader lives: as src/browser/day.rs has it.
  const today = () => {
    const timeZone = localStorage.getItem("latido.timeZone") ?? undefined;
    const clock = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "medium" });
    const reading = (at) => Date.parse(`${clock.format(at).replace(" ", "T")}Z`);
    const midnight = Math.floor(reading(Date.now()) / DAY_MS) * DAY_MS;
    return [midnight, midnight + DAY_MS].map((wanted) => {
      const near = wanted - (reading(wanted) - wanted);
      return new Date(near - (reading(near) - wanted)).toISOString();
    });
  };
  let open = true;
  const close = () => {
    open = false;
    asked.clear();
  };
  const begin = async () => {
    const list = LISTS[location.pathname];
    const [response, body] = await ask("POST", "/session/refresh");
    if (!response.ok || !list) return;
    const { accessToken } = JSON.parse(new TextDecoder().decode(body));
    const [from, to] = today();
    if (open) await ask("GET", `${list}?from=${from}&to=${to}&limit=200`, `Bearer ${accessToken}`);
  };
  try {
    // Whoever fails here fails again where it is told.
    if (base && localStorage.getItem("latido.session")) begin().catch(() => {});
  } catch {
    // Storage is forbidden here: nobody is remembered.
  }
  setTimeout(close, FRESH_MS);
  window.latidoRequests = {
    // The answer to exactly this request and its body, once; nothing for any other.
    take: (url, method, authorization, signal) => {
      const early = asked.get(url);
      asked.delete(url);
      if (early?.method !== method || early.authorization !== (authorization ?? null)) return;
      signal?.addEventListener("abort", () => early.abort.abort());
      return early.answer;
    },
    close,
  };
}
