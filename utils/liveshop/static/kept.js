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
      known();
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
      sessionStorage.removeItem(KEY);
      blocked = false;      // it was full, and there is room again
    } catch (forbidden) { blocked = true; }
  }

  // Chromium gives about one in thirty of the pages that are files an empty storage in place of the others': nothing
  // that was kept is seen there, and what is typed is lost. This tab's own storage is sound. So a page that lacks what
  // this tab has seen is opened again, three times at most: then it was cleared.
  function known(tries = 1) {
    if (location.protocol === "file:") sessionStorage.setItem(KEY, tries);
  }

  function reopen() {
    try {
      if (localStorage.getItem(KEY) !== null) return known();
      const tries = Number(sessionStorage.getItem(KEY));
      if (!tries) return;
      if (tries > 3) return sessionStorage.removeItem(KEY);
      known(tries + 1);
      location.reload();
    } catch (forbidden) { /* then nothing is kept */ }
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

  reopen();
  window.liveshop = window.liveshop || {};
  window.liveshop.kept = { get: (name) => all()[name], shelf, set, all, forget, lasting, watch };
})();
