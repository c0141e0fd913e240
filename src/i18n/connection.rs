//! The connection's state in words.

use latido_connection::Status;

use super::Locale;

/// The state without the seconds, which a screen reader would otherwise count aloud.
pub fn label(locale: Locale, status: Status) -> &'static str {
    let strings = locale.strings;
    match status {
        Status::Polling => strings.polling,
        Status::Connecting => strings.connecting,
        Status::Live { .. } => strings.live,
        Status::Reconnecting { .. } => strings.reconnecting,
        Status::Stopped | Status::Disconnected { .. } => strings.disconnected,
    }
}

/// The rest of the sentence after [`label`]: seconds until the next attempt, and which attempt it is.
pub fn countdown(locale: Locale, status: Status, seconds: Option<i64>) -> String {
    let Status::Reconnecting { attempt, of, .. } = status else { return String::new() };
    let whole = match seconds {
        Some(seconds) => (locale.strings.reconnecting_in)(seconds, attempt, of),
        None => (locale.strings.reconnecting_now)(attempt, of),
    };
    whole.strip_prefix(locale.strings.reconnecting).map(str::to_owned).unwrap_or(whole)
}
