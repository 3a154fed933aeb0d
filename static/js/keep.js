// Keeps a form while one writes: saves it quietly some seconds after the last letter, says who else has
// it open, holds what is not saved for this tab, and adds rows in place. Without this script the form's
// own buttons do all of it.
// Markup: <form data-keeps="address of who is here, or nothing" data-words-…>, [data-also], [data-saved]; rows are
// fieldsets .line with an input named "<table>.rows"; the button name=add value=<table> adds one.

const PAUSE = 4000;
const ASK = 30000;
const form = document.querySelector("form[data-keeps]");

function answers() {
  const data = new FormData(form);
  for (const name of [...data.keys()]) if (name.endsWith(".file") || name.endsWith(".paste")) data.delete(name);
  return data;
}

function written() {
  return JSON.stringify([...answers()].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "seen"));
}

// What a person typed, without empty boxes and without the names of rows, which are new on every page.
function meaning(entries) {
  return JSON.stringify(entries.filter(([name, value]) => value && !name.endsWith(".rows")));
}

function typedAlready() {
  return [...form.elements].some((one) => {
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.options) {
      const first = [...one.options].filter((option) => option.defaultSelected).at(-1) ?? one.options[0];
      return Boolean(first) && one.value !== first.value;
    }
    return one.type !== "hidden" && one.type !== "file" && "defaultValue" in one && one.value !== one.defaultValue;
  });
}

function keep() {
  const place = document.querySelector("[data-saved]");
  const also = document.querySelector("[data-also]");
  const store = `keep ${location.pathname}`;
  const sent = `sent ${location.pathname}`;
  // What was typed before this script came over a thin line is not saved yet.
  let stands = typedAlready() ? "" : written();
  let timer = 0;
  let running = false;
  let stopped = false;
  let leaving = false;

  function say(words) {
    place.textContent = words;
  }

  function tell(words) {
    also.textContent = words;
    also.hidden = !words;
  }

  async function save() {
    const now = written();
    if (running || stopped || leaving || now === stands) return;
    running = true;
    const data = answers();
    data.set("quietly", "1");
    try {
      const answer = await fetch(location.href, { method: "POST", body: data, redirect: "error" });
      const ended = answer.status === 403;
      const said = ended ? null : await answer.json();
      if (ended) {
        // Signed out, or signed in anew since: then the next question brings the token of today.
        say(form.dataset.wordsEnded);
        await ask();
        later(3 * PAUSE);
      } else if (answer.status === 409) {
        stopped = true;
        tell(said.words);
      } else if (answer.ok) {
        stands = now;
        form.elements.seen.value = said.seen;
        say(said.words);
        sessionStorage.removeItem(store);
      } else throw new Error(String(answer.status));
    } catch {
      say(form.dataset.wordsDead);
      later(3 * PAUSE);
    }
    running = false;
    if (!stopped && written() !== stands) later(PAUSE);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function changed() {
    const now = written();
    if (now === stands) return;
    if (!stopped) say(form.dataset.wordsUnsaved);
    try {
      sessionStorage.setItem(store, JSON.stringify({ seen: form.elements.seen.value, typed: JSON.parse(now) }));
    } catch {
      // The store is full or switched off: the page itself still holds what was typed.
    }
    later(PAUSE);
  }

  function restore() {
    // The page stands otherwise than when the form was sent: that was saved, or is shown beside it.
    const before = sessionStorage.getItem(sent);
    if (before !== null && before !== form.elements.seen.value) sessionStorage.removeItem(store);
    sessionStorage.removeItem(sent);
    const held = JSON.parse(sessionStorage.getItem(store) ?? "null");
    if (!held?.typed || meaning(held.typed) === meaning(JSON.parse(stands || "[]"))) return;
    const line = document.createElement("p");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = form.dataset.wordsRestore;
    button.addEventListener("click", () => {
      bring(held.typed);
      // Where somebody saved the form since, saving shows both texts instead of putting this one in place.
      form.elements.seen.value = held.seen;
      line.remove();
      changed();
    });
    line.append(button);
    also.before(line);
  }

  function bring(typed) {
    for (const [name, value] of typed) {
      if (!name.endsWith(".rows") || form.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)) continue;
      const filled = typed.some(([other, said]) => said && other.startsWith(`${name.slice(0, -4)}${value}.`));
      const add = form.querySelector(`button[name=add][value="${CSS.escape(name.slice(0, -5))}"]`);
      if (filled && add) addRow(add, value);
    }
    for (const [name, value] of typed) {
      const boxes = form.elements.namedItem(name);
      if (!boxes || name.endsWith(".rows")) continue;
      if (boxes instanceof RadioNodeList) boxes.value = value;
      else if (boxes.type === "checkbox") boxes.checked = true;
      else if (boxes.type !== "file") boxes.value = value;
    }
  }

  async function ask() {
    if (document.hidden || stopped || !form.dataset.keeps) return;
    try {
      const answer = await fetch(form.dataset.keeps, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      const token = answer.headers.get("CSRF-Token");
      if (token) form.elements.csrfmiddlewaretoken.value = token;
      tell((await answer.json()).words);
    } catch {
      // No line: the next question asks again.
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("sent", changed);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    try {
      sessionStorage.setItem(sent, form.elements.seen.value);
    } catch {
      // Full or switched off: nothing is held then either.
    }
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && written() !== stands) event.preventDefault();
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => later(0));
  setInterval(ask, ASK);
  restore();
  if (!stands) changed();
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=add]");
    if (button && !button.closest("details") && addRow(button)) {
      event.preventDefault();
      changed();
    }
  });
}

// A new row is a copy of the last with nothing in it and an id of its own.
function addRow(button, name) {
  const last = [...button.closest("section").querySelectorAll("fieldset.line")].at(-1);
  const old = last?.querySelector(`[name="${CSS.escape(button.value)}.rows"]`)?.value;
  if (!old) return false;
  const id = name ?? [...crypto.getRandomValues(new Uint8Array(4))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const row = last.cloneNode(true);
  for (const one of row.querySelectorAll("[name],[id],[for]")) {
    for (const name of ["name", "id", "for", "aria-describedby"]) {
      const value = one.getAttribute(name);
      if (value) one.setAttribute(name, value.replace(`.${old}.`, `.${id}.`));
    }
  }
  for (const gone of row.querySelectorAll(".errorlist, .remove, .help:has(a), .drop-it")) gone.remove();
  for (const box of row.querySelectorAll("input, select, textarea")) {
    box.removeAttribute("aria-invalid");
    if (box.name.endsWith(".rows")) box.value = id;
    else if (box.type === "checkbox") box.checked = false;
    else box.value = "";
  }
  const legend = row.querySelector("legend");
  legend.textContent = legend.textContent.replace(/\d+/, (number) => String(Number(number) + 1));
  last.after(row);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  return true;
}

if (form) keep();
