// A form marked data-once is sent once: a second press does nothing while the first is on its way. The server guards too.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
});

// The page may come back from the browser's memory with the back button: then the form is free again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll('form[data-once][aria-busy="true"]')) form.removeAttribute("aria-busy");
});
