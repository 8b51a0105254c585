//! Strip web chrome from HTML and from text scraped with its chrome.
