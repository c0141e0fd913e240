// What has to be right in the first frame: the theme and the language that were chosen before.
{
  const root = document.documentElement;
  let known;
  try {
    root.dataset.theme = localStorage.getItem("latido.theme") || "system";
    known = localStorage.getItem("latido.language") || localStorage.getItem("latido.language.account");
  } catch {
    // Storage is forbidden here: the browser's languages count, and the theme keeps its default.
  }
  const wanted = known ? [known] : navigator.languages.map((tag) => tag.slice(0, 2));
  root.lang = wanted.find((tag) => tag === "es" || tag === "en") ?? "en";
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
