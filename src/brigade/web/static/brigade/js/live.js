// What changes while a page is open. One stream a page that brings numbers of records and no more;
// everything shown is fetched through the pages themselves. Without it the page lacks nothing else.
const app = document.querySelector("[data-live]");
const QUIET = 45000; // without a sign for so long the stream is taken for dead
const AWAY = 60000; // a page that nobody looks at for so long lets its stream go
const FIRST = 1000;
const LONGEST = 60000;

const shows = document.querySelector("[data-live-record]");
const list = document.querySelector("[data-live-list]");
let open = null; // what ends the stream
let pause = FIRST;
let before = false; // whether there was a stream before: then something may have been missed
let retry, silence, away;

const jitter = (milliseconds) => milliseconds * (0.5 + Math.random());
const later = (milliseconds) => {
  clearTimeout(retry);
  retry = setTimeout(connect, jitter(milliseconds));
};
const part = async () => (list ? import("brigade/live-list") : shows ? import("brigade/live-record") : {});

const counts = async () => {
  const answer = await fetch(app.dataset.counts).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const found = await answer.json();
  for (const link of app.querySelectorAll(".nav li > a")) {
    const wanted = found[link.getAttribute("href")] ?? "";
    const shown = link.querySelector(".n");
    if (!wanted) shown?.remove();
    else if (shown) shown.textContent = wanted;
    else link.append(Object.assign(document.createElement("span"), { className: "n", textContent: wanted }));
  }
};

const heard = async (said) => {
  if (said.end) return said.end;
  const page = await part();
  if (said.again) page.again?.();
  if (said.changed) page.changed?.(said.changed);
  if (said.gone) page.gone?.(said.gone);
  if (said.present) page.present?.();
  if (said.counts || said.again) counts();
  return "";
};

const alive = () => {
  clearTimeout(silence);
  silence = setTimeout(() => open?.abort(), QUIET);
};

// Reads the stream to its end and returns why it ended.
const read = async (body) => {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = "", why = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return why;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) if (block.startsWith("data: ")) why = (await heard(JSON.parse(block.slice(6)))) || why;
  }
};

const connect = async () => {
  if (open || document.hidden) return;
  const mine = (open = new AbortController());
  let why = "";
  try {
    const asked = await fetch(app.dataset.live, { signal: mine.signal });
    if (asked.redirected || asked.status === 403 || asked.status === 404) return (pause = 0);
    if (asked.status !== 200) return (pause = LONGEST);
    const { url, pass } = await asked.json();
    const shown = [...(list ?? document).querySelectorAll("tbody .check input")].map((input) => input.value);
    const record = shows?.dataset.liveRecord ?? "";
    const body = JSON.stringify({ pass, record, list: Boolean(list), shows: list ? shown : record ? [record] : [] });
    // Text, so that a browser asks nobody for leave before it crosses to another port.
    const answer = await fetch(url, { method: "POST", body, credentials: "include", signal: mine.signal });
    if (!answer.ok) return (pause = Math.min((pause || FIRST) * 4, LONGEST));
    document.documentElement.dataset.hears = "1";
    alive();
    if (before) heard({ again: true });
    [before, pause] = [true, FIRST];
    why = await read(answer.body);
  } catch {
    pause = Math.min((pause || FIRST) * 2, LONGEST);
  } finally {
    clearTimeout(silence);
    if (open === mine) open = null;
    delete document.documentElement.dataset.hears;
    if (pause && !document.hidden) later(why === "full" ? LONGEST : pause);
  }
};

document.addEventListener("visibilitychange", () => {
  clearTimeout(away);
  if (document.hidden) away = setTimeout(() => open?.abort(), AWAY);
  else if (!open && pause) later(100);
});
window.addEventListener("pagehide", () => {
  pause = 0;
  open?.abort();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) [pause] = [FIRST, later(100)];
});

later(300);
