// One script for both threads: on the page it begins itself again as the worker, from what the browser has by then.
import { serve } from "./worker.js";
import { start } from "./page.js";

// Styles are not waited for, only the page.
if (!globalThis.document) serve();
else if (document.readyState === "loading") document.addEventListener("readystatechange", start, { once: true });
else start();
