/* Menus that close when one looks elsewhere, and the navigation as a drawer on a phone. */

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (open) {
      event.preventDefault();
      open.open = false;
      open.querySelector("summary").focus();
    } else if (document.querySelector(".nav[data-open]")) {
      closeDrawer();
    }
    return;
  }
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(".menu-item")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const place = items.indexOf(document.activeElement);
  items.at((place + step + items.length) % items.length)?.focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

const drawer = document.getElementById("nav");

function openDrawer() {
  drawer.setAttribute("data-open", "");
  drawer.querySelector("[aria-current], .nav-link")?.focus();
}

function closeDrawer() {
  drawer.removeAttribute("data-open");
  document.querySelector("[data-nav-open]")?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-nav-open]")) {
    event.preventDefault();
    openDrawer();
  } else if (event.target.closest("[data-nav-close]")) {
    event.preventDefault();
    closeDrawer();
  }
});
