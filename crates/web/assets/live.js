// Checks a form while it is being filled in: after a pause it is posted to the address in data-live, and the parts of
// the answer take their places beside the fields. Nothing is saved by it; without it a button asks for the same.

const PAUSE = 700;

const WORDS = {
  404: "Not checked: you may no longer see this. Copy what you typed.",
  413: "Not checked: this is too long.",
  503: "Not checked: the program is busy or out of order. Your text is still here; it is tried again as you type.",
};
const OTHER = "Not checked. Your text is still here; it is tried again as you type.";
const SIGNED_OUT = "Not checked: you are signed out. Sign in again in another tab, then go on here.";

function put(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of fresh.querySelectorAll("[data-live-part][id]")) {
    const here = document.getElementById(part.id);
    if (here && !here.isEqualNode(part)) here.replaceWith(document.adoptNode(part));
  }
}

function watch(form) {
  const state = form.querySelector("[data-live-state]");
  let waiting = 0;
  let running = null;

  const say = (words) => {
    if (state) state.textContent = words;
  };

  async function check() {
    running?.abort();
    const mine = (running = new AbortController());
    say("Checking…");
    try {
      const answer = await fetch(form.dataset.live, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "text/html" },
        redirect: "manual",
        signal: mine.signal,
      });
      if (answer.type === "opaqueredirect" || answer.status === 401) return say(SIGNED_OUT);
      if (!answer.ok) return say(WORDS[answer.status] ?? OTHER);
      put(await answer.text());
      say(document.querySelector("#checks h2")?.textContent ?? "Checked");
    } catch {
      if (!mine.signal.aborted) say(OTHER);
    }
  }

  const stop = () => {
    clearTimeout(waiting);
    running?.abort();
  };
  form.addEventListener("input", () => {
    stop();
    waiting = setTimeout(check, PAUSE);
  });
  form.addEventListener("submit", stop);
  for (const button of form.querySelectorAll('button[name="do"][value="check"]')) button.hidden = true;
}

document.querySelectorAll("form[data-live]").forEach(watch);
