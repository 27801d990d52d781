// Improves pages that work without it: theme, menus, questions, lists, keys, times. Nothing here is required.

const page = document;
const all = (selector, within = page) => [...within.querySelectorAll(selector)];
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

// ---- theme: the system's choice, light, dark ----------------------------------------------------------------

const THEMES = ["system", "light", "dark"];

function applyTheme(theme) {
  if (theme === "system") delete page.documentElement.dataset.theme;
  else page.documentElement.dataset.theme = theme;
  for (const button of all("[data-theme-switch]")) {
    button.hidden = false;
    button.ariaLabel = `Theme: ${theme}. Change theme`;
    button.title = `Theme: ${theme}`;
  }
}

function store(theme) {
  try {
    localStorage.setItem("portcullis-theme", theme);
  } catch {
    // Storage may be forbidden; the choice then holds for this page.
  }
}

applyTheme(page.documentElement.dataset.theme ?? "system");
page.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const now = page.documentElement.dataset.theme ?? "system";
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
  applyTheme(next);
  store(next);
});

// ---- menus close when left; questions open in a dialog --------------------------------------------------------

page.addEventListener("click", (event) => {
  for (const menu of all("details[data-dropdown][open]")) if (!menu.contains(event.target)) menu.open = false;
});

page.addEventListener("click", (event) => {
  const summary = event.target.closest("details[data-confirm] > summary");
  if (!summary) return;
  event.preventDefault();
  const details = summary.parentElement;
  const box = details.querySelector(".confirm-box");
  const dialog = page.createElement("dialog");
  dialog.className = "dialog";
  const head = page.createElement("header");
  head.className = "dialog-head";
  const title = page.createElement("h2");
  title.textContent = details.dataset.confirm;
  dialog.ariaLabel = details.dataset.confirm;
  const body = page.createElement("div");
  body.className = "dialog-body";
  const cancel = page.createElement("button");
  cancel.type = "button";
  cancel.className = "btn plain";
  cancel.textContent = "Cancel";
  cancel.addEventListener("click", () => dialog.close());
  head.append(title);
  body.append(box);
  box.querySelector(".form-actions").append(cancel);
  dialog.append(head, body);
  dialog.addEventListener("close", () => {
    cancel.remove();
    details.append(box);
    dialog.remove();
    summary.focus();
  });
  page.body.append(dialog);
  dialog.showModal();
});

// ---- parts of a page that are fetched anew instead of the whole page -------------------------------------------

async function swap(id, address) {
  const here = page.getElementById(id);
  if (!here) return location.assign(address);
  here.ariaBusy = "true";
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(id);
    if (!answer.ok || !fresh) return location.assign(address);
    here.replaceWith(page.adoptNode(fresh));
    history.replaceState(null, "", answer.url);
    prepare(fresh);
  } catch {
    location.assign(address);
  }
}

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  swap(link.dataset.swap, link.href);
});

function ask(form) {
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
  if (form.dataset.swap) swap(form.dataset.swap, address.href);
  else location.assign(address.href);
}

page.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-auto]")) return;
  event.preventDefault();
  ask(event.target);
});
page.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("form[data-auto]") && event.target.matches("select, [type=checkbox], [type=radio]")) ask(form);
});
let waiting = 0;
page.addEventListener("input", (event) => {
  const form = event.target.form;
  if (event.target.type !== "search" || !form?.dataset.swap) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(form), 300);
});

// ---- forms: not sent twice, not lost --------------------------------------------------------------------------

const changed = new Set();
page.addEventListener("input", (event) => {
  if (event.target.form?.matches("form[data-guard]")) changed.add(event.target.form);
});
page.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  changed.delete(form);
});
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// ---- ticked rows, copying ----------------------------------------------------------------------------------------

function countTicked(form) {
  const boxes = all("td.pick input", form);
  const ticked = boxes.filter((box) => box.checked).length;
  const words = form.querySelector("[data-bulk-count]");
  if (words) words.textContent = ticked === 0 ? "With the ticked rows:" : `${ticked} ticked:`;
  for (const button of all(".bulk-bar button", form)) button.disabled = ticked === 0;
  const whole = form.querySelector("[data-select-all]");
  if (whole) {
    whole.checked = ticked > 0 && ticked === boxes.length;
    whole.indeterminate = ticked > 0 && ticked < boxes.length;
  }
}

page.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) for (const box of all("td.pick input", form)) box.checked = event.target.checked;
  countTicked(form);
});

page.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = "Copied";
  } catch {
    words.textContent = "Not allowed";
  }
  setTimeout(() => (words.textContent = before), 1600);
});

// ---- times in the viewer's words ---------------------------------------------------------------------------------

const STEPS = [["year", 31536e3], ["month", 2592e3], ["day", 86400], ["hour", 3600], ["minute", 60]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const local = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

function tell(within = page) {
  for (const place of all("time[data-ago]", within)) {
    const seconds = (Date.parse(place.dateTime) - Date.now()) / 1000;
    const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
    if (!Number.isNaN(seconds)) place.textContent = Math.abs(seconds) < 60 ? "just now" : relative.format(Math.trunc(seconds / size), unit);
  }
  for (const place of all("time[data-local]", within)) {
    const at = new Date(place.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    // Where the page said the day alone, the hour is of no interest.
    place.dataset.local ||= place.textContent.includes(":") ? "hour" : "day";
    place.textContent = (place.dataset.local === "day" ? day : local).format(at);
  }
}
setInterval(tell, 60000);

// ---- keys --------------------------------------------------------------------------------------------------------

const GO = { o: "overview", r: "reports", c: "cases", a: "advisories", p: "products", f: "findings" };
let going = 0;

function step(by) {
  const rows = all("table[data-rows] > tbody > tr:has(a.cover)");
  if (rows.length === 0) return;
  const here = rows.findIndex((row) => "here" in row.dataset);
  const next = rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
  for (const row of rows) delete row.dataset.here;
  next.dataset.here = "";
  next.querySelector("a.cover").focus();
  next.scrollIntoView({ block: "nearest" });
}

page.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of all("details[data-dropdown][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || page.querySelector("dialog[open], dialog:popover-open")) return;
  if (going && Date.now() - going < 1200 && GO[event.key]) {
    going = 0;
    const link = page.querySelector(`.side a[data-key="${GO[event.key]}"]`);
    if (link) location.assign(link.href);
    return;
  }
  going = event.key === "g" ? Date.now() : 0;
  if (event.key === "/") {
    event.preventDefault();
    page.querySelector("[data-find]")?.focus();
  } else if (event.key === "?") page.getElementById("shortcuts")?.showPopover();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "x") page.querySelector("tr[data-here] td.pick input")?.click();
});

// ---- what has to be readied once for each piece of page ------------------------------------------------------------

function prepare(within) {
  for (const hidden of all("[data-copy][hidden], [data-select-all][hidden]", within)) hidden.hidden = false;
  for (const form of all("form[data-bulk]", within)) countTicked(form);
  tell(within);
}
prepare(page);
page.querySelector("[data-focus]:not([data-calm] *)")?.focus();
