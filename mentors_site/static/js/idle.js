// Staff who do nothing are signed out. Three minutes before, the element data-idle (seconds) says when, and its button lets them
// stay. The server counts for itself: without this file they are signed out all the same, and what they send then is kept.
const NOTICE = 3 * 60;
const idlePlace = document.querySelector("[data-idle]");
const stayForm = idlePlace.querySelector("form");
const idleAllowed = Number(idlePlace.dataset.idle);
let idleTimer = 0;

function beginIdle() {
  stayForm.hidden = true;
  clearTimeout(idleTimer);
  idleTimer = setTimeout(warnOfIdle, Math.max(idleAllowed - NOTICE, 0) * 1000);
}

function warnOfIdle() {
  const at = new Date(Date.now() + Math.min(NOTICE, idleAllowed) * 1000);
  const words = at.toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit", hour12: false });
  idlePlace.querySelector("[data-idle-at]").textContent = words;
  stayForm.hidden = false;
}

stayForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch(stayForm.action, { method: "POST", body: new FormData(stayForm) });
  // Too late, or signed out on another page: the next press leads to the sign-in, and what is sent with it is kept.
  stayForm.hidden = true;
  if (response.status === 204) beginIdle();
});

// What htmx fetches is a sign of life to the server too.
document.addEventListener("htmx:afterRequest", beginIdle);
beginIdle();
