//! A row of the log, as it is shown and as it is searched.

use latido_protocol::link::{ConnectionLog, LinkId};
use leptos::prelude::*;

use super::{figures::bytes, strings::strings};
use crate::{
    browser::format,
    i18n::{Locale, reasons::said},
    ui::view::text,
};

/// What can be read in a row.
pub fn texts(row: &ConnectionLog, name_of: impl Fn(&LinkId) -> String, locale: Locale) -> [String; 3] {
    [
        name_of(&row.connection_id),
        message(row, locale).unwrap_or_default(),
        details(row, locale).unwrap_or_default(),
    ]
}

/// Whether any of these texts holds what is looked for, capital letters or not.
pub fn mentions(sought: &str, texts: &[String]) -> bool {
    let sought = sought.trim().to_ascii_lowercase();
    texts.iter().any(|text| text.to_ascii_lowercase().contains(&sought))
}

fn message(row: &ConnectionLog, locale: Locale) -> Option<String> {
    row.message.as_deref().map(|message| said(locale, row.code.as_deref(), &row.params, message))
}

fn details(row: &ConnectionLog, locale: Locale) -> Option<String> {
    let details = row.error_details.as_deref();
    details.map(|details| said(locale, row.error_code.as_deref(), &row.params, details))
}

pub fn row_view(
    row: &ConnectionLog,
    name_of: impl Fn(&LinkId) -> String + Send + Sync + 'static,
    locale: Locale,
) -> AnyView {
    let link = row.connection_id.clone();
    let strings = strings(locale);
    let notes = row.metadata.as_ref();
    let count =
        notes.and_then(|notes| notes.count).map(|count| (strings.count)(&locale.number(count as f64)));
    let size = row.data_size.map(|size| bytes(locale, size));
    let took = row.response_time.map(|ms| format!("{} ms", locale.number(ms as f64)));
    let from = notes.and_then(|notes| notes.ip.as_deref()).map(strings.from_address);
    let details = details(row, locale);
    // The count of messages has one form, in this language.
    let words = count.or_else(|| message(row, locale));
    let facts: Vec<_> = [size, took, from].into_iter().flatten().collect();
    view! {
        <li class="log-row" data-testid="log-row" data-kind=row.event_type.as_str()>
            <time>{format::second(locale.language, row.created_at)}</time>
            <span class="log-kind">{(strings.kinds)(row.event_type)}</span>
            <span class="log-text">
                <strong>{text(move || name_of(&link))}</strong>
                " "
                {words}
                {details.map(|details| view! { <span class="log-details">{details}</span> })}
            </span>
            <small class="quiet">{facts.join(" · ")}</small>
        </li>
    }
    .into_any()
}
