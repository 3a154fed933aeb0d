// Hashes a dropped or chosen file in the browser and asks by its SHA-256 alone: the file is not sent.
// Without this script the form uploads the file, which the server hashes and does not keep.
// Markup: <form data-verify> with an input named "sha256", an input type="file", optionally .drop,
// and an element [data-verify-status] with data-words-busy and data-words-failed.

const form = document.querySelector("form[data-verify]");

async function fingerprint(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function ask(file) {
  const status = form.querySelector("[data-verify-status]");
  const chooser = form.querySelector("input[type=file]");
  if (status) status.textContent = status.dataset.wordsBusy;
  try {
    form.elements.sha256.value = await fingerprint(file);
    chooser.value = "";
    chooser.disabled = true; // a disabled field is not sent
    form.submit();
  } catch {
    if (status) status.textContent = status.dataset.wordsFailed;
    chooser.disabled = false;
  }
}

// crypto.subtle exists only on https and localhost; elsewhere the form stays as it is.
if (form && window.crypto?.subtle) {
  const chooser = form.querySelector("input[type=file]");
  const place = form.querySelector(".drop") ?? form;
  // Coming back by the browser's own button must find the field usable again.
  window.addEventListener("pageshow", () => { chooser.disabled = false; });
  chooser.addEventListener("change", () => chooser.files[0] && ask(chooser.files[0]));
  for (const kind of ["dragover", "dragleave", "drop"]) {
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.toggle("over", kind === "dragover");
    });
  }
  place.addEventListener("drop", (event) => {
    if (event.dataTransfer.files[0]) ask(event.dataTransfer.files[0]);
  });
}
