// A thumb without a new page. Without this script the forms do the same by loading it again.
"use strict";

async function send(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  fields.append(button.name, button.value);
  const response = await fetch(form.action, { method: "POST", body: fields });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const pick = form.closest("li");
  const fresh = response.ok ? page.getElementById(pick.id) : null;
  if (fresh === null) {
    const sentence = page.querySelector("main p");
    pick.querySelector(".said").textContent = sentence ? sentence.textContent : "That did not work. Load the page again.";
    return;
  }
  for (const one of form.querySelectorAll("button")) {
    const now = fresh.querySelector(`button[value="${one.value}"]`);
    one.setAttribute("aria-pressed", now.getAttribute("aria-pressed"));
  }
  pick.querySelector(".said").textContent = fresh.querySelector(".said").textContent;
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(".thumbs") || !submitter) return;
  event.preventDefault();
  form.setAttribute("aria-busy", "true");
  send(form, submitter)
    .catch(() => {
      form.closest("li").querySelector(".said").textContent = "My server does not answer just now. Press again in a minute.";
    })
    .finally(() => form.removeAttribute("aria-busy"));
});
