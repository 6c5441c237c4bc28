// The register of a session: one press chooses the same value in every row, and the count follows. Without this file the button
// sends the form, and the server does the same.
const count = (form) => {
  const rows = form.querySelectorAll("fieldset.learner");
  const answered = [...rows].filter((row) => row.querySelector(".seg input:checked")).length;
  for (const place of document.querySelectorAll("[data-count]")) place.textContent = `${answered}/${rows.length}`;
};

for (const button of document.querySelectorAll("[data-check-all]")) {
  button.addEventListener("click", (event) => {
    const form = button.form;
    if (form === null) return;
    event.preventDefault();
    for (const input of form.querySelectorAll(`fieldset.learner input[type=radio][value="${CSS.escape(button.dataset.checkAll)}"]`)) {
      input.checked = true;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (form !== null && form.querySelector("fieldset.learner") !== null) count(form);
});
for (const form of document.querySelectorAll("form:has(fieldset.learner)")) count(form);
