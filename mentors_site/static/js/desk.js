// A call taken down with the keyboard alone, in the form marked data-desk. In a search (data-desk-find) the arrows go through the
// people found and Enter takes one; Enter in any other field goes on to the next thing: an open question, the group, a yes, the
// button. Esc leaves a field, and once more begins anew; Y ticks the next yes (lettersOn is of keys.js). Without this file the form
// is filled and pressed.
const TEXT = 'input:not([type="radio"], [type="checkbox"], [type="hidden"]), select, textarea';
const form = () => document.querySelector("form[data-desk]");
const foundBy = (field) => document.getElementById(field.dataset.deskFind);
const optionsOf = (field) => [...foundBy(field).querySelectorAll('input[type="radio"]')];
// What to do when the parts of the page that are on their way have come: "take" the first of those found, or go "on".
let waiting = "";
let searched = "";

function take(option) {
  waiting = option.value === "new" ? "new" : "on";
  if (option.checked) goOn();
  else option.click();
}

function goOn() {
  const fields = [...form().elements];
  const asked = waiting === "new" ? /(last_name|first_name|birth_year)$/ : /(last_name|first_name)$/;
  const next =
    form().querySelector('[data-key="1"]') ??
    fields.find((field) => field.dataset.deskFind && !optionsOf(field).some((option) => option.checked)) ??
    fields.find((field) => asked.test(field.name) && field.value === "") ??
    (form().elements.cohort.value === "" ? document.getElementById("groups-side") : null) ??
    fields.find((field) => (field.id === "id_waiver" && field.value === "") || ("yes" in field.dataset && !field.checked)) ??
    document.getElementById("do-enroll");
  next?.focus();
}

function enter(target, field) {
  if (target === field && foundBy(field).dataset.of !== field.value) {
    // The people found are not yet those of what stands in the field.
    waiting = "take";
    searched = field.id;
    htmx.trigger(field, "input");
  } else if (target === field) take(optionsOf(field)[0]);
  else if (field && target.type === "radio") take(target);
  else {
    waiting = "on";
    goOn();
  }
}

function move(target, field, by) {
  const options = optionsOf(field);
  const place = options.indexOf(target) + by;
  (place < 0 ? field : options[Math.min(place, options.length - 1)]).focus();
}

// Whoever goes on by themselves is not led any more.
for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, () => { waiting = ""; }, true);

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (form() === null || document.querySelector("dialog[open]") !== null) return;
  const inForm = form().contains(target);
  if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
    // Inside a form keys.js sends it; here there is but one to send.
    if (target.closest("form") === null) form().requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = (inForm && target.closest(".finder")?.querySelector("[data-desk-find]")) || null;
  const inList = field !== null && (target === field || target.type === "radio");
  if (inList && key === "ArrowDown") move(target, field, 1);
  else if (inList && key === "ArrowUp") move(target, field, -1);
  else if (inForm && key === "Enter" && target.matches(`${TEXT}, [type="radio"], [type="checkbox"]`)) enter(target, field);
  else if (key === "Escape" && inList && target !== field) field.focus();
  else if (key === "Escape" && inForm && target.matches(TEXT)) target.blur();
  else if (key === "Escape" && !target.matches(TEXT)) form().querySelector("[data-begin-anew]").click();
  else if (key.toLowerCase() === "y" && lettersOn() && !target.matches(TEXT)) {
    [...form().querySelectorAll("[data-yes]")].find((tick) => !tick.checked)?.click();
    goOn();
  } else return;
  event.preventDefault();
});

// A chosen group stands in the form at once: a key pressed a moment later must not lose it.
document.addEventListener("click", (event) => {
  const button = event.target.closest('form[data-desk] button:is([name="pick"], [name$="use"], [name$="different"])');
  if (button === null) return;
  if (button.name === "pick") form().elements.cohort.value = button.value;
  waiting = "on";
});

document.addEventListener("htmx:afterSettle", () => {
  document.querySelector('[name="pick"][aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const field = waiting === "take" ? document.getElementById(searched) : null;
  if (field === null) {
    if (waiting) goOn();
  } else if (foundBy(field).dataset.of === field.value) take(optionsOf(field)[0]);
});
