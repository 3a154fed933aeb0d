// Adds a button that copies a reference, a symbol or a hash. Without this script the text can be
// selected as ever, and no button that does nothing is shown.
// Markup: <span data-copy data-words="Copy" data-words-done="Copied">CCM/…</span>

if (navigator.clipboard) {
  for (const text of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "slim";
    button.textContent = text.dataset.words;
    const status = document.createElement("span");
    status.className = "small soft";
    status.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
        status.textContent = ` ${text.dataset.wordsDone}`;
      } catch {
        // Not allowed here: select it, so that the reader's own keys can copy it.
        getSelection().selectAllChildren(text);
      }
    });
    text.after(" ", button, status);
  }
}
