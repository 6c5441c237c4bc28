// Staff who do nothing are signed out. Three minutes before, the element data-idle (seconds) says when, and its button lets them
// stay. The server counts for itself: without this file they are signed out all the same, and what they send then is kept.
const NOTICE = 3 * 60;
const place = document.querySelector("[data-idle]");
const form = place.querySelector("form");
const allowed = Number(place.dataset.idle);
let timer = 0;

function beginAnew() {
  form.hidden = true;
  clearTimeout(timer);
  timer = setTimeout(warn, Math.max(allowed - NOTICE, 0) * 1000);
}

function warn() {
  const at = new Date(Date.now() + Math.min(NOTICE, allowed) * 1000);
  const words = at.toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hour12: false });
  place.querySelector("[data-idle-at]").textContent = words;
  form.hidden = false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
  // Too late, or signed out on another page: the next press leads to the sign-in, and what is sent with it is kept.
  form.hidden = true;
  if (response.status === 204) beginAnew();
});

// What htmx fetches is a sign of life to the server too.
document.addEventListener("htmx:afterRequest", beginAnew);
beginAnew();
