//! Figures as text: counts, bytes, durations, and the tile that shows one.

use std::sync::Arc;

use latido_protocol::link::LinkMetrics;
use leptos::prelude::*;

use crate::{browser::format, i18n::Locale, ui::view::text};

/// The metrics of all device links, `None` until the first response.
pub type Figures = Memo<Option<Arc<LinkMetrics>>>;

/// A figure with its name.
pub fn tile(name: &'static str, value: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    view! { <div class="card figure-tile"><dt>{name}</dt><dd>{text(value)}</dd></div> }.into_any()
}

pub fn whole(locale: Locale, count: impl Into<u64>) -> String {
    locale.number(count.into() as f64)
}

pub fn bytes(locale: Locale, count: u64) -> String {
    const KB: f64 = 1e3;
    const MB: f64 = 1e6;
    let count = count as f64;
    let (value, unit) = match count {
        _ if count < KB => (count, "B"),
        _ if count < MB => (count / KB, "kB"),
        _ => (count / MB, "MB"),
    };
    format!("{} {unit}", locale.number(value))
}

/// How long something took, in its largest unit.
pub fn span(locale: Locale, ms: i64) -> String {
    const SECOND: i64 = 1_000;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    let (value, unit) = match ms {
        _ if ms < SECOND => (ms.max(0), "ms"),
        _ if ms < MINUTE => (ms / SECOND, "s"),
        _ if ms < HOUR => (ms / MINUTE, "min"),
        _ => (ms / HOUR, "h"),
    };
    format!("{} {unit}", format::number(locale.language, value as f64))
}
