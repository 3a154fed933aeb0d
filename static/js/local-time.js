// Puts the reader's own clock beside a time in Geneva, where the two differ.
// Markup: <time datetime="2026-11-20T14:03+01:00" data-local>20 November 2026, 14:03 in Geneva</time>
// Without this script the time in Geneva stands alone, and it is named.

const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";

function wall(moment, timeZone) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "short", timeZone }).format(moment);
}

for (const place of document.querySelectorAll("time[data-local]")) {
  const moment = new Date(place.dateTime);
  if (Number.isNaN(moment.getTime()) || wall(moment) === wall(moment, "Europe/Zurich")) continue;
  const sameDay = wall(moment).split(",")[0] === wall(moment, "Europe/Zurich").split(",")[0];
  const here = new Intl.DateTimeFormat(language, {
    ...(sameDay ? {} : { day: "numeric", month: "long" }),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).format(moment);
  const beside = document.createElement("span");
  beside.className = "soft";
  beside.textContent = ` (${here})`;
  place.after(beside);
}
