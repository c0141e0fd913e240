// The page as a shell: keeps its build's files, makes it work offline, and notices that there is a newer one.
// Why and how, see docs/architecture.md.
{
  const [SETTLE_AFTER_MS, FIRST_LOOK_MS, LOOK_EVERY_MS] = [2_000, 10_000, 180_000];
  const { build } = document.documentElement.dataset;
  const workers = navigator.serviceWorker;
  // A page that came from the cache, for want of a quick network, finds out soon.
  let looked = Date.now() - LOOK_EVERY_MS + FIRST_LOOK_MS;
  const look = async () => {
    if (document.hidden || Date.now() - looked < LOOK_EVERY_MS) return;
    looked = Date.now();
    const worker = await (await fetch("/sw.js", { cache: "no-cache" })).text();
    const [, newest] = /BUILD = "(\w+)"/.exec(worker) ?? [];
    if (!newest || newest === build) return;
    // Its files are there when the page is loaded anew.
    (await workers?.getRegistration())?.update();
    dispatchEvent(new Event("latido-new-version"));
  };
  if (build) {
    navigator.locks?.request(`latido-shell-${build}`, { mode: "shared" }, () => new Promise(() => {})).catch(() => {});
    const settle = () => {
      document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: "/manifest.webmanifest" }));
      workers?.register("/sw.js").catch(() => {});
    };
    const lookQuietly = () => look().catch(() => {});
    // After what the first page needs: on a thin line the worker, which fetches all there is, and the icons of the
    // manifest would be in its way.
    addEventListener("latido-started", () => setTimeout(settle, SETTLE_AFTER_MS));
    for (const event of ["visibilitychange", "online", "focus"]) addEventListener(event, lookQuietly);
    setTimeout(lookQuietly, FIRST_LOOK_MS);
    setInterval(lookQuietly, LOOK_EVERY_MS);
  }

  // A menu of the header closes when somebody goes on elsewhere, and with Escape.
  const shut = (but, escape) => {
    for (const menu of document.querySelectorAll("details[name=header][open], .nav[data-open=true]")) {
      if (menu === but) continue;
      const opener = menu.querySelector("summary, .more");
      if (escape) opener.focus();
      opener.click();
    }
  };
  addEventListener("pointerdown", ({ target }) => shut(target.closest?.("details[name=header], .nav")));
  addEventListener("keydown", ({ key }) => key === "Escape" && shut(null, true));

  // Elements say themselves by which key they are reached, unless somebody types.
  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (altKey || target.closest?.("input, select, textarea, form, dialog")) return;
    const name = ctrlKey || metaKey ? `Control+${key.toUpperCase()}` : key;
    const found = document.querySelector(`[aria-keyshortcuts="${CSS.escape(name)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input")) found.focus();
    else found.click();
  });

  // What somebody has typed into a form, and not sent, is marked: it may be lost with the page.
  const SHORT = "[type=password], [type=search], [type=date], [type=checkbox], [type=radio]";
  const isText = (field) => field.matches?.(`form textarea, form input:not(${SHORT})`);
  const before = new WeakMap();
  addEventListener("focusin", ({ target: field }) => {
    if (isText(field) && !("typed" in field.dataset)) before.set(field, field.value);
  });
  addEventListener("input", ({ target }) => isText(target) && (target.dataset.typed = ""));
  addEventListener("submit", ({ target: form }) => {
    // What is wrong with it is said by then, and it stays.
    setTimeout(() => {
      if (!form.querySelector("[aria-invalid=true]")) for (const field of form.elements) delete field.dataset.typed;
    });
  });
  // Loads the newest version, unless something would be lost: then that is shown instead, and this says no.
  window.latidoReload = () => {
    const typed = [...document.querySelectorAll("[data-typed]")];
    const unsaved = typed.find((field) => field.value.trim() && field.value !== before.get(field));
    if (unsaved) unsaved.focus();
    else location.reload();
    return !unsaved;
  };
}
