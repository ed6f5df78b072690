// htmx, set so that it needs neither eval nor injected styles, and leaves no copies of pages on a shared computer.

import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0;
htmx.config.selfRequestsOnly = true;

window.htmx = htmx;
