/* What is kept for the reader: one entry of this browser's storage for the book, a JSON object under the key "liveshop".
   Nothing is sent anywhere. book/playbook/my-playbook.md tells readers what is in it.

   window.liveshop.kept
     get(name)          what is kept under a name: undefined when nothing is
     set(name, value)   keeps it; undefined takes it away. False when this browser keeps nothing
     shelf(name)        the same for a part that holds several things by name: an object, empty when nothing is
     all()              everything that is kept
     forget()           clears the key
     lasting()          false in a private window, or where the browser forbids storage:
                        then what is set lasts until the page is left
     watch(action)      calls action() when another page of the book may have kept something */
(function () {
  "use strict";
  // A page on somebody's own data has a key of its own: its cards are others than the book's.
  const KEY = document.documentElement.dataset.kept || "liveshop";
  let blocked = false;
  let here = {};     // what this page knows when the browser keeps nothing

  function plain(text) {
    try {
      const found = JSON.parse(text);
      return found && typeof found === "object" && !Array.isArray(found) ? found : {};
    } catch (broken) { return {}; }
  }

  // Always read anew: another window of the book may have written since.
  function all() {
    if (!blocked) try { return plain(localStorage.getItem(KEY)); } catch (forbidden) { blocked = true; }
    return here;
  }

  function shelf(name) {
    const found = all()[name];
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  }

  function set(name, value) {
    const now = all();
    if (value === undefined) delete now[name];
    else now[name] = value;
    here = now;
    try {
      localStorage.setItem(KEY, JSON.stringify(now));
      return true;
    } catch (forbidden) {   // not allowed, or full
      blocked = true;
      return false;
    }
  }

  function forget() {
    here = {};
    try {
      localStorage.removeItem(KEY);
      blocked = false;      // it was full, and there is room again
    } catch (forbidden) { blocked = true; }
  }

  function lasting() {
    if (blocked) return false;
    try {   // the only test that every browser answers truly: keep something
      localStorage.setItem(KEY + "-test", "1");
      localStorage.removeItem(KEY + "-test");
    } catch (forbidden) { blocked = true; }
    return !blocked;
  }

  function watch(action) {
    window.addEventListener("storage", (event) => {
      if (event.key === KEY || event.key === null) action();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) action();
    });
  }

  window.liveshop = window.liveshop || {};
  window.liveshop.kept = { get: (name) => all()[name], shelf, set, all, forget, lasting, watch };
})();
