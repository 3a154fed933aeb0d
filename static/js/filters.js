// Filters a list while its form is being filled in: asks for the same address as the form would and
// exchanges the list. Focus stays where it is. Without this script the form's own button does it.

const PARTS = ["results", "count", "active"];
const form = document.querySelector("form[data-filters]");
let running = null;
let timer = 0;

function address() {
  const asked = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...asked]) {
    if (value === "") asked.delete(name);
  }
  const query = asked.toString();
  return query ? `${location.pathname}?${query}` : location.pathname;
}

async function show() {
  const href = address();
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(href, { signal: running.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`the list answered ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const lists = [page, document].map((side) => side.querySelector(".downloads"));
    if (lists[0] && lists[1]) lists[1].innerHTML = lists[0].innerHTML;
    for (const id of PARTS) {
      const [fresh, old] = [page.getElementById(id), document.getElementById(id)];
      if (!fresh || !old) continue;
      old.innerHTML = fresh.innerHTML;
      old.hidden = fresh.hidden;
    }
    history.replaceState(null, "", href);
  } catch (problem) {
    // Overtaken by the next letter typed: nothing to say. Otherwise the plain way always works.
    if (problem.name !== "AbortError") location.assign(href);
  }
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(show, wait);
}

if (form && document.getElementById("results")) {
  form.addEventListener("input", (event) => soon(event.target.type === "search" ? 250 : 0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
}
