/* Shows what makes sense only with scripts, and names keys as this machine's keyboard does. */
import { fresh, onContent } from "./page.js";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

onContent((root) => {
  for (const element of fresh(root, "[data-needs-script]", "reveal")) element.hidden = false;
  if (isApple) for (const key of fresh(root, "[data-palette-key]", "key")) key.textContent = "⌘ K";
  if (history.length > 1) {
    for (const link of fresh(root, "[data-back]", "back")) {
      link.hidden = false;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        history.back();
      });
    }
  }
  for (const button of fresh(root, "[data-print]", "print")) button.addEventListener("click", () => window.print());
});
