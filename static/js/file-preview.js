// Says which file was chosen, how large it is, and at once if it is too large. The server checks
// again; without this script only the server does.
// Markup: <input type="file" data-preview data-limit="52428800" data-words-size="…" data-words-large="…">
// where {name}, {size} and {limit} in the words are filled in.

function megabytes(bytes) {
  const style = { style: "unit", unit: "megabyte", maximumFractionDigits: 1 };
  const least = Math.max(bytes / 1024 ** 2, 0.1);
  return new Intl.NumberFormat(document.documentElement.lang || "en", style).format(least);
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_all, key) => values[key]);
}

function tell(input, place) {
  const limit = Number(input.dataset.limit) || Infinity;
  const sentences = [...input.files].map((file) => {
    const values = { name: file.name, size: megabytes(file.size), limit: megabytes(limit) };
    const large = file.size > limit;
    return { large, text: fill(large ? input.dataset.wordsLarge : input.dataset.wordsSize, values) };
  });
  const large = sentences.filter((one) => one.large);
  place.textContent = sentences.map((one) => one.text).join(" ");
  place.classList.toggle("late", large.length > 0);
  input.setCustomValidity(large.map((one) => one.text).join(" "));
}

for (const input of document.querySelectorAll("input[type=file][data-preview]")) {
  const place = document.createElement("p");
  place.className = "picked";
  place.setAttribute("role", "status");
  input.after(place);
  input.addEventListener("change", () => tell(input, place));
}
