/* The one entry: every behaviour hangs on data- attributes, and a page without scripts still works. */
import { announceContent } from "./page.js";
import "./reveal.js";
import "./busy.js";
import "./menu.js";
import "./theme.js";
import "./dialogs.js";
import "./forms.js";
import "./drafts.js";
import "./toasts.js";
import "./palette.js";
import "./tables.js";
import "./bulk.js";
import "./columns.js";
import "./filters.js";
import "./pickers.js";
import "./charts.js";
import "./copy.js";
import "./passkeys.js";
import "./shortcuts.js";

announceContent(document);
