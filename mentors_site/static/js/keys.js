// Single letters are keys while no text field has focus, and can be switched off (WCAG 2.1.4). data-key="i" names an element's key;
// J and K go from action to action in lists marked data-rows; Ctrl+Enter sends the form one is in; "?" shows the list of keys.
const SWITCH = "single-letter-keys";
const list = document.getElementById("keys");
const lettersOn = () => localStorage.getItem(SWITCH) !== "off";

const isTyping = (target) =>
  target.closest('input:not([type="radio"], [type="checkbox"]), select, textarea, [contenteditable], dialog') !== null;

function step(by) {
  const actions = [...document.querySelectorAll("[data-rows] > *")]
    .map((row) => row.querySelector(".btn, a[href], button"))
    .filter(Boolean);
  if (actions.length === 0) return;
  const here = actions.findIndex((action) => action.closest("[data-rows] > *").contains(document.activeElement));
  const next = here === -1 ? (by > 0 ? 0 : actions.length - 1) : Math.min(Math.max(here + by, 0), actions.length - 1);
  actions[next].focus();
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target === null) return false;
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form === null || form.method === "dialog") return;
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !lettersOn() || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "?" && list !== null) list.showModal();
  else if (key.length !== 1 || !press(key)) return;
  event.preventDefault();
});

if (list !== null) {
  const box = list.querySelector("#keys-on");
  box.checked = lettersOn();
  box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  for (const opener of document.querySelectorAll("[data-open-keys]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => list.showModal());
  }
}
