/* Looks whether all that a notebook needs can be had, and says so, before JupyterLab is opened. */
(function () {
  "use strict";

  const PATIENCE = 7000;      // milliseconds for all files together
  const { place, host, python, wheel, files, needs } = document.body.dataset;
  const byId = (id) => document.getElementById(id);
  const asked = (new URLSearchParams(location.search).get("section") || "").replace("-", ".");
  const section = /^\d+\.\d+$/.test(asked) ? asked : "";
  const notebook = section.replace(".", "-") + ".ipynb";

  function tell(...sentences) {
    byId("told").replaceChildren(...sentences.map((sentence) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = sentence;
      return paragraph;
    }));
  }

  function fail(...sentences) {
    tell(...sentences);
    byId("instead").hidden = false;
  }

  /* What is wrong with this browser, before anything is asked. */
  function lacking() {
    if (!section) return "The address does not say which section: go back to the section’s page and follow its link.";
    if (typeof WebAssembly !== "object") return "This browser has no WebAssembly, in which Python runs: it is too old, or that is switched off.";
    if (!isSecureContext || !navigator.serviceWorker) return "This page did not come over https, or the window is a private one: browsers then do not let a notebook run.";
    if (!AbortSignal.timeout) return "This browser is too old for the Python that a notebook needs.";
    return "";
  }

  /* The files that do not come, as [name, why]. */
  async function missing() {
    const signal = AbortSignal.timeout(PATIENCE);
    const wrong = [];
    const get = (name, method) => fetch(name, { method, signal, cache: "no-cache" }).then((answer) => {
      if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
      const type = answer.headers.get("content-type") || "no type";      // browsers run a module by no other name
      if (name.endsWith(".mjs") && !/javascript/.test(type)) throw new Error(`the server sends it as ${type}, and must send it as text/javascript`);
      return answer;
    }).catch((error) => {
      wrong.push([name, error.name === "TimeoutError" ? `no answer within ${PATIENCE / 1000} seconds`
        : error.name === "TypeError" ? "not reached: no network, or something on the way holds it back" : error.message]);
    });
    const head = (name) => get(name, "HEAD");
    const rest = [head(wheel), head(`files/${notebook}`), ...files.split(" ").map((name) => head(place + name))];
    const list = await get(`${place}pyodide-lock.json`, "GET");
    if (list) await list.json().then((lock) => {
      if (!lock.info.python.startsWith(python)) wrong.push([`${place}pyodide-lock.json`, `it is for Python ${lock.info.python}, and ${python} is wanted`]);
      const held = needs.split(" ").filter((name) => lock.packages[name]).map((name) => lock.packages[name].file_name);
      rest.push(...held.map((name) => head(place + name)));
    }).catch(() => wrong.push([`${place}pyodide-lock.json`, "it is no list of packages"]));
    await Promise.all(rest);
    return wrong;
  }

  async function look() {
    tell("Looking whether Python can be had …");
    const wrong = await missing();
    if (!wrong.length) {
      const few = navigator.deviceMemory && navigator.deviceMemory < 2;
      tell("All files are there.", ...(few ? [`This device says that it has ${navigator.deviceMemory} GB of memory: Python may stop without a word.`] : []));
      byId("ready").hidden = false;
      return;
    }
    const own = wrong.filter(([name]) => !name.startsWith(place));
    const [[name, why]] = own.length ? own : wrong;
    const more = wrong.length > 1 ? `; files that do not come: ${wrong.length}` : "";
    fail(own.length ? "The notebook cannot run here: a file of this site does not come."
      : `The notebook cannot run here: Python’s files do not come from ${host || "this site"}.`,
    `${name}: ${why}${more}.`);
  }

  if (section) {
    document.title = `Run section ${section} in the browser`;
    byId("title").textContent = document.title;
    byId("open").textContent = `Open section ${section}`;
    byId("open").href = `lab/index.html?path=${notebook}`;
    document.querySelectorAll(".back").forEach((link) => { link.href = `../notebooks/${section.replace(".", "-")}.html`; });
  }
  const reason = lacking();
  if (reason) {
    fail("The notebook cannot run here.", reason);
    document.querySelectorAll("#ask").forEach((button) => { button.hidden = true; });
  } else if (host) byId("ask").addEventListener("click", () => { byId("ask").disabled = true; look(); });
  else look();
})();
