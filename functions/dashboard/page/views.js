//! The views and parts that are loaded when they are opened.

import { showDocument, refreshDocument } from "./document.js";
import { showRetainage } from "./retainage.js";
import { showTieOut } from "./tieout.js";
import { showCheckup } from "./checkup.js";
import { showSettings } from "./settings.js";
import { openFix } from "./fix.js";

export const VIEWS = {
  document: { show: showDocument, refresh: refreshDocument },
  retainage: { show: showRetainage },
  "tie-out": { show: showTieOut },
  "check-up": { show: showCheckup },
  settings: { show: showSettings },
  fix: { open: openFix },
};
