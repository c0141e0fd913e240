// Text becomes markup only if nothing in it would run; see docs/security.md, line 20. The one script that may be
// named is the service worker.
window.trustedTypes?.createPolicy("default", {
  createHTML: (html) => (/<script|[\s/"']on\w+\s*=|javascript:/i.test(html) ? null : html),
  createScriptURL: (url) => (url === "/sw.js" ? url : null),
});
