// A link to a sum that is folded away opens it. Newer browsers do so by themselves; this is for the
// others, which would stay at the head of the page.

function open() {
  const name = decodeURIComponent(location.hash.slice(1));
  const sum = name ? document.getElementById(name) : null;
  const fold = sum?.closest("details");
  if (fold && !fold.open) {
    fold.open = true;
    sum.scrollIntoView();
  }
}

addEventListener("hashchange", open);
open();
