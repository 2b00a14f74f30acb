/* What is kept for the reader: one entry of this browser's storage for the book, a JSON object under the key "liveshop".
   Nothing is sent anywhere. book/playbook/my-playbook.md tells readers what is in it.

   window.liveshop.kept
     get(name)          what is kept under a name: undefined when nothing is
     set(name, value)   keeps it; undefined takes it away. False when this browser keeps nothing
     all()              everything that is kept
     forget()           clears the key
     lasting()          false in a private window, or where the browser forbids storage:
                        then what is set lasts until the page is left
     watch(action)      calls action() when another window of the book kept something */
(function () {
  "use strict";
  const KEY = "liveshop";
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
    try { localStorage.removeItem(KEY); } catch (forbidden) { blocked = true; }
  }

  function lasting() {
    if (blocked) return false;
    try {   // the only test that every browser answers truly: keep something
      localStorage.setItem(KEY + "-test", "1");
      localStorage.removeItem(KEY + "-test");
    } catch (forbidden) { blocked = true; }
    return !blocked;
  }

  const watch = (action) => window.addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) action();
  });

  window.liveshop = window.liveshop || {};
  window.liveshop.kept = { get: (name) => all()[name], set, all, forget, lasting, watch };
})();
