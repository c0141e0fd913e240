//! Where the rows of the log are asked for.

use latido_cache::families::link_log::LogFilter;

/// The path of what a filter leaves. What is searched for is looked for in what has come.
pub fn path(filter: &LogFilter, below: &str, parameters: &str) -> String {
    let mut path = match &filter.link {
        Some(id) => format!("/websocket/{id}/logs{below}?{parameters}"),
        None => format!("/websocket/logs{below}?{parameters}"),
    };
    if let Some(kind) = filter.kind {
        path = path + "&eventType=" + kind.as_str();
    }
    if let Some(from) = filter.from {
        path = path + "&from=" + &from.to_string();
    }
    path
}
