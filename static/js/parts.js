// Sends a chosen file in pieces by the tus protocol (1.0.0), so that a cut line costs one piece: it goes on
// by itself when the line is back, after a pause, after signing in anew, or when the same file is chosen
// again. The form then names the file instead of carrying it. Without this script the form carries it.
// Markup: <template id="parts" data-address data-state data-limit data-from data-words-…>; it serves every
// file chooser of the page's multipart forms. {name}, {done} and {size} in the words are filled in.

const SMALLEST = 16 * 1024;
const LARGEST = 2 * 1024 * 1024;
const A_PIECE_TAKES = 3000; // milliseconds, as wished
const PATIENCE = 90_000;
const LONGEST_WAIT = 30_000;
const TUS = { "Tus-Resumable": "1.0.0" };
const ways = document.getElementById("parts")?.dataset;

function megabytes(bytes, words) {
  const whole = bytes / 1024 ** 2;
  const style = { maximumFractionDigits: whole < 10 ? 2 : 1, ...words };
  return new Intl.NumberFormat(document.documentElement.lang || "en", style).format(whole);
}

const withUnit = { style: "unit", unit: "megabyte" };
const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// Where a file's beginning is, by name, size and age: found again when the same file is chosen again.
function remember(store, address) {
  try {
    if (address) localStorage.setItem(store, address);
    else localStorage.removeItem(store);
  } catch {
    // Switched off: the file goes on while the page is open.
  }
}

function remembered(store) {
  try {
    return localStorage.getItem(store);
  } catch {
    return null;
  }
}

// One file on its way from one chooser.
class Sending {
  constructor(input, file, shown) {
    Object.assign(this, { input, file, shown, form: input.form, done: 0, paused: false, ended: false, wait: 0, lostTimes: 0 });
    this.store = `part ${ways.state} ${file.name} ${file.size} ${file.lastModified}`;
    this.piece = 2 * SMALLEST;
    this.wake = () => {};
  }

  say(words) {
    const values = { name: this.file.name, done: megabytes(this.done), size: megabytes(this.file.size, withUnit) };
    this.shown.progress.value = this.done;
    this.shown.status.textContent = words.replace(/\{(\w+)\}/g, (_all, key) => values[key]);
  }

  async ask(method, address, headers = {}, body = undefined) {
    this.running = new AbortController();
    const timer = setTimeout(() => this.running.abort(), PATIENCE);
    const token = this.form.elements.csrfmiddlewaretoken?.value ?? "";
    try {
      return await fetch(address, {
        method, body, redirect: "manual", signal: this.running.signal, headers: { ...TUS, "X-CSRFToken": token, ...headers },
      });
    } finally {
      clearTimeout(timer);
    }
  }

  // Where the file ends so far, as the portal says; a new place where it knows of none.
  async begin() {
    const known = this.address ?? remembered(this.store);
    if (known) {
      const answer = await this.ask("HEAD", known);
      if (answer.ok || answer.status === 410) {
        this.address = known;
        this.done = Number(answer.headers.get("Upload-Offset"));
        const token = answer.headers.get("CSRF-Token");
        if (token) for (const one of document.getElementsByName("csrfmiddlewaretoken")) one.value = token;
        return answer.status === 410 ? this.refuse((await (await this.ask("GET", known)).json()).words) : true;
      }
      if (answer.type === "opaqueredirect") return this.signIn();
      if (answer.status !== 404) throw new Error(String(answer.status));
      remember(this.store, null);
      this.address = undefined;
    }
    const facts = `filename ${encoded(this.file.name)},state ${encoded(ways.state)}`;
    const answer = await this.ask("POST", ways.address, { "Upload-Length": this.file.size, "Upload-Metadata": facts });
    if (answer.status === 201) {
      this.address = answer.headers.get("Location");
      this.done = 0;
      remember(this.store, this.address);
      return true;
    }
    if (answer.status === 413 || answer.status === 400) return this.refuse((await answer.json()).words);
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.signIn();
    throw new Error(String(answer.status));
  }

  async more() {
    const at = performance.now();
    const body = this.file.slice(this.done, this.done + this.piece);
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": this.done };
    const answer = await this.ask("PATCH", this.address, headers, body);
    if (answer.status === 422) return this.refuse((await answer.json()).words);
    // Out of step, signed out, or gone: the portal says where to go on.
    if (answer.status !== 204) return this.lost();
    this.lostTimes = 0;
    this.done = Number(answer.headers.get("Upload-Offset"));
    const grown = this.piece * Math.min(2, A_PIECE_TAKES / Math.max(1, performance.now() - at));
    this.piece = Math.round(Math.min(LARGEST, Math.max(SMALLEST, grown)));
    this.wait = 0;
    return true;
  }

  lost() {
    this.lostTimes += 1;
    if (this.lostTimes > 3) throw new Error("no piece is taken");
    return this.begin();
  }

  refuse(words) {
    remember(this.store, null);
    this.end();
    this.shown.status.textContent = words;
    this.shown.box.classList.add("late");
    this.input.setCustomValidity("");
    this.input.value = "";
    return false;
  }

  signIn() {
    this.pause(ways.wordsEnded);
    return true;
  }

  pause(words) {
    this.paused = true;
    this.running?.abort();
    this.shown.button.textContent = ways.wordsContinue;
    this.say(words);
  }

  goOn() {
    this.paused = false;
    this.wait = 0;
    this.shown.button.textContent = ways.wordsPause;
    this.wake();
  }

  // Done with, well or not: the chooser is as it was.
  end() {
    this.ended = true;
    this.running?.abort();
    this.wake();
    this.shown.button.remove();
    this.shown.progress.remove();
  }

  rest(time) {
    return new Promise((wake) => {
      this.wake = wake;
      if (Number.isFinite(time)) setTimeout(wake, time);
    });
  }

  async run() {
    let ready = false;
    let told = 0;
    while (!this.ended) {
      if (this.paused) {
        ready = false;
        await this.rest(Infinity);
        continue;
      }
      try {
        if (!ready) {
          ready = await this.begin();
        } else if (this.done >= this.file.size) {
          return this.whole();
        } else {
          ready = await this.more();
        }
        // Read out now and then, not piece by piece.
        this.shown.progress.value = this.done;
        if (!this.paused && !this.ended && performance.now() - told > 2000) {
          told = performance.now();
          this.say(ways.wordsSending);
        }
      } catch {
        ready = false;
        if (this.ended || this.paused) continue;
        told = 0;
        this.say(ways.wordsWaiting);
        this.wait = Math.min(LONGEST_WAIT, Math.max(1000, 2 * this.wait));
        await this.rest(this.wait);
      }
    }
  }

  whole() {
    const box = document.createElement("input");
    box.type = "hidden";
    box.name = `${this.input.name}.sent`;
    box.value = this.address.split("/").filter(Boolean).at(-1);
    this.shown.box.append(box);
    remember(this.store, null);
    this.say(ways.wordsWhole);
    this.end();
    this.input.value = "";
    this.input.dispatchEvent(new CustomEvent("sent", { bubbles: true }));
  }
}

function place(input) {
  const box = document.createElement("div");
  box.className = "parts";
  const progress = document.createElement("progress");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = ways.wordsPause;
  box.append(progress, status, button);
  (input.nextElementSibling?.matches(".picked") ? input.nextElementSibling : input).after(box);
  return { box, progress, status, button };
}

function serve(form) {
  const running = new Map();
  let pressed = null;

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    running.get(input)?.end();
    running.get(input)?.shown.box.remove();
    running.delete(input);
    const file = input.files[0];
    if (!file || file.size < Number(ways.from) || file.size > Number(ways.limit)) return;
    const shown = place(input);
    shown.progress.max = file.size;
    shown.progress.setAttribute("aria-label", file.name);
    const sending = new Sending(input, file, shown);
    shown.button.addEventListener("click", () => (sending.paused ? sending.goOn() : sending.pause(ways.wordsPaused)));
    running.set(input, sending);
    sending.say(ways.wordsSending);
    sending.run().then(() => {
      // Saved as soon as the file is whole, if that was asked for meanwhile; a refused one is looked at first.
      if ([...running.values()].every((one) => one.ended) && pressed) {
        const button = pressed;
        pressed = null;
        if (!shown.box.classList.contains("late")) form.requestSubmit(button);
      }
    });
  });

  form.addEventListener("submit", (event) => {
    const waiting = [...running.values()].filter((one) => !one.ended);
    if (!waiting.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
    for (const one of waiting) {
      if (one.paused) one.goOn();
      one.say(ways.wordsThen);
    }
  }, true);

  addEventListener("online", () => running.forEach((one) => { one.wait = 0; one.wake(); }));
  addEventListener("offline", () => running.forEach((one) => one.running?.abort()));
}

if (ways && window.fetch) document.querySelectorAll("form[enctype='multipart/form-data']").forEach(serve);
