//! The browser's console, with the names of the dashboard's families.

use latido_protocol::event::Family;
pub use latido_realtime::console::{Level, choose, level, verbose, warn};

/// A query was fetched again because of an event.
pub fn refreshed(family: Family, event: &str) {
    let what = match family {
        Family::Food => "food logs",
        Family::Exercise => "exercise logs",
        Family::Metric => "health metrics",
        Family::Profile => "health profile",
        other => other.name(),
    };
    latido_realtime::console::refreshed(what, event);
}
