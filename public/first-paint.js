// What has to be right in the first frame: the theme and the language that were chosen before.
try {
  const root = document.documentElement;
  root.dataset.theme = localStorage.getItem("latido.theme") || "system";
  const language = localStorage.getItem("latido.language") || navigator.language || "es";
  root.lang = language.startsWith("en") ? "en" : "es";
} catch {
  // Storage is forbidden here: the page keeps its defaults.
}

// The styles of what is shown later: until then they are only announced. Gives back when they are there.
{
  let ready;
  const load = (link) =>
    new Promise((loaded) => {
      link.onload = link.onerror = loaded;
      link.rel = "stylesheet";
    });
  window.latidoStyles = () => (ready ??= Promise.all([...document.querySelectorAll("link[data-later]")].map(load)));
}
