// Clocks that tick: the words that the server wrote, kept fresh by the server's own time.
const app = document.querySelector("[data-now]");
const ahead = Number(app?.dataset.now ?? Date.now()) - Date.now();
const words = JSON.parse(app?.dataset.words ?? "{}");

// The instant by the server's clock, in milliseconds.
export const now = () => Date.now() + ahead;

const put = (pattern, values) => pattern.replace(/%\((\w+)\)[sd]/g, (_all, name) => values[name]);

// The same as web.shell.times.duration.
const duration = (milliseconds) => {
  const whole = Math.floor(Math.abs(milliseconds) / 60000);
  const [days, hours, minutes] = [Math.floor(whole / 1440), Math.floor(whole / 60) % 24, whole % 60];
  if (whole < 1) return words.short;
  if (days) {
    const said = put(days === 1 ? words.day : words.days, { n: days });
    return hours ? put(words.day_hours, { days: said, hours }) : said;
  }
  if (hours && minutes) return put(words.hour_minutes, { hours, minutes });
  return hours ? put(words.hours, { hours }) : put(words.minutes, { minutes });
};

const tick = () => {
  if (document.hidden) return;
  for (const clock of document.querySelectorAll("[data-clock][data-state=running]")) {
    const left = Date.parse(clock.dataset.due) - now();
    const said = put(left < 0 ? words.over : words.left, { time: duration(left) });
    const lead = clock.querySelector("b");
    if (lead.textContent !== said) lead.textContent = said;
    if (left < 0 && !clock.classList.contains("over")) {
      clock.classList.remove("running", "risk");
      clock.classList.add("over");
      clock.querySelector("i").className = "ic ic-triangle-alert";
    }
  }
};

if (words.left) {
  setInterval(tick, 15000);
  document.addEventListener("visibilitychange", tick);
}
export const begin = () => words.left && tick();
