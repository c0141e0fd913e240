// The page when the app has died: plain DOM, since what draws it otherwise is what died. It says what happened, what
// was kept and what to do. The details hold a place in the code, and nothing of what anybody typed or read.
{
  const TEXTS = {
    es: {
      title: "Latido se ha detenido",
      what: "Ha fallado algo en la página y ya no responde. No es culpa tuya.",
      absent: "No se ha podido cargar la página entera: la red se ha cortado o el servidor no responde.",
      kept: "Lo que ya habías guardado está a salvo; lo que faltaba por enviar se enviará al recargar.",
      typed: "Esto lo estabas escribiendo y aún no se había guardado. Cópialo antes de recargar:",
      details: "Detalles para informar del fallo",
      copy: "Copiar detalles",
      copied: "Copiado",
      reload: "Recargar",
    },
    en: {
      title: "Latido has stopped",
      what: "Something in the page failed and it no longer responds. It is not your fault.",
      absent: "The page could not be loaded completely: the network broke off or the server does not answer.",
      kept: "What you had saved is safe; what was waiting to be sent will be sent when you reload.",
      typed: "You were writing this and it had not been saved yet. Copy it before you reload:",
      details: "Details for reporting it",
      copy: "Copy details",
      copied: "Copied",
      reload: "Reload",
    },
  };
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  // What was typed and not sent: see public/shell.js.
  const typed = () =>
    [...document.querySelectorAll("[data-typed]")]
      .filter((field) => field.value.trim())
      .map((field) => `${field.labels?.[0]?.firstElementChild?.textContent.trim() || field.name}: ${field.value}`);
  let crashed = false;

  // `place` is where in the code it was; without one, the app was never there.
  window.latidoCrash = (place) => {
    if (crashed) return;
    crashed = true;
    const { lang, dataset } = document.documentElement;
    const texts = TEXTS[lang] ?? TEXTS.en;
    // Of an address only its first part: the rest may name somebody.
    const path = `/${location.pathname.split("/")[1]}`;
    const build = `build ${dataset.build || "dev"}`;
    const details = [build, place ?? "not loaded", path, new Date().toISOString(), navigator.userAgent].join("\n");
    const writing = typed();
    const unsaved = writing.length
      ? [make("p", {}, texts.typed), make("textarea", { readOnly: true, rows: 4, value: writing.join("\n") })]
      : [];
    const copy = make("button", { type: "button", className: "button", textContent: texts.copy });
    const shown = make("details", {}, make("summary", {}, texts.details), make("pre", {}, details));
    copy.onclick = () =>
      navigator.clipboard
        ?.writeText(details)
        .then(() => (copy.textContent = texts.copied))
        .catch(() => (shown.open = true));
    const reload = make("button", { type: "button", className: "button primary", textContent: texts.reload });
    reload.onclick = () => location.reload();
    reload.dataset.testid = "crash-reload";
    const panel = make(
      "dialog",
      { className: "dialog crash", oncancel: (event) => event.preventDefault() },
      make("h2", {}, texts.title),
      make("p", {}, place ? texts.what : texts.absent),
      make("p", {}, texts.kept),
      ...unsaved,
      shown,
      make("div", { className: "form-end" }, copy, reload),
    );
    panel.dataset.testid = "crash";
    panel.setAttribute("role", "alertdialog");
    panel.setAttribute("aria-label", texts.title);
    document.body.append(panel);
    panel.showModal();
    reload.focus();
  };

  // What dies without a word: a panic of a release build, or the memory or the stack at its end. The stack names a function
  // of the wasm and a byte in it.
  const place = (error) => error.stack?.match(/wasm-function\[\d+\](:0x[\da-f]+)?/)?.[0] ?? "";
  const died = (error) =>
    error instanceof WebAssembly.RuntimeError && window.latidoCrash(`${error.message} ${place(error)}`.trim());
  addEventListener("error", (event) => died(event.error));
  addEventListener("unhandledrejection", (event) => died(event.reason));
}
