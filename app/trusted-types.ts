/**
 * The one Trusted Types policy (promise P23), as the text of the first script of every page. Nothing becomes script or
 * markup from a string but two things: the address of a built file of ours, which the loader and the worker need, and the
 * empty script element through which React makes scripts.
 */
export const trustedTypesPolicy = `(function (types) {
  if (!types || !types.createPolicy) return;
  types.createPolicy("default", {
    createHTML: function (text) { return text === "<script><\\/script>" ? text : null; },
    createScriptURL: function (text) {
      try {
        var url = new URL(text, location.href);
        return url.origin === location.origin && /^\\/_next\\/static\\/[\\w./~-]+\\.js$/.test(url.pathname) ? text : null;
      } catch (_) { return null; }
    },
    createScript: function () { return null; }
  });
})(self.trustedTypes);`;
