//! What a page wrote to its console, and what the browser wrote there about it.
//!
//! No two engines show it in the same way, and none shows all:
//!
//! - **Chromium**: chromedriver's browser log has everything: `console.*`, uncaught errors, refused
//!   requests, violations of the content security policy.
//! - **Firefox**: prints `console.*` to its output (`devtools.console.stdout.content`), and uncaught
//!   errors as `JavaScript error: …`. Failed requests and policy violations are not there.
//! - **WebKit**: MiniBrowser prints `CONSOLE <source> <level> …`, failed requests and policy violations
//!   among it.
//!
//! The journey `the_console_is_heard` proves that an error would be seen at all.

use thirtyfour::BrowserLogEntry;

#[derive(Clone, Debug)]
pub struct Entry {
    pub is_error: bool,
    pub text: String,
}

impl From<BrowserLogEntry> for Entry {
    fn from(entry: BrowserLogEntry) -> Self {
        Self { is_error: entry.level == "SEVERE", text: entry.message }
    }
}

/// A line of Firefox' output, if it is about a page's console.
pub(crate) fn firefox(line: &str) -> Option<Entry> {
    // Firefox is partly written in JavaScript, and does not keep quiet about its own troubles.
    let of_a_page = line.starts_with("JavaScript error: http");
    let is_error = line.starts_with("console.error:") || of_a_page;
    (is_error || line.starts_with("console.")).then(|| Entry { is_error, text: line.to_owned() })
}

/// A line of `MiniBrowser`'s output, if it is about a page's console.
pub(crate) fn webkit(line: &str) -> Option<Entry> {
    let rest = line.split_once("CONSOLE ")?.1;
    let is_error = rest.split_whitespace().take(2).any(|word| word == "ERROR");
    Some(Entry { is_error, text: line.to_owned() })
}
