//! A row of the log, as it is shown and as it is searched.

use latido_protocol::link::LinkId;
use leptos::prelude::*;

use super::{figures::bytes, strings::strings, timeline::LogRow};
use crate::{
    browser::format,
    i18n::{Locale, reasons::said},
    ui::view::text,
};

/// What can be read in a row.
pub fn texts(row: &LogRow, name_of: impl Fn(&LinkId) -> String, locale: Locale) -> [String; 3] {
    [
        name_of(&row.connection_id),
        message(row, locale).unwrap_or_default(),
        details(row, locale).unwrap_or_default(),
    ]
}

fn message(row: &LogRow, locale: Locale) -> Option<String> {
    row.message.as_deref().map(|message| said(locale, row.code.as_deref(), &row.params, message))
}

fn details(row: &LogRow, locale: Locale) -> Option<String> {
    let details = row.error_details.as_deref();
    details.map(|details| said(locale, row.error_code.as_deref(), &row.params, details))
}

pub fn row_view(
    row: &LogRow,
    name_of: impl Fn(&LinkId) -> String + Send + Sync + 'static,
    locale: Locale,
) -> AnyView {
    let link = row.connection_id.clone();
    let strings = strings(locale);
    let notes = row.metadata.as_ref();
    let count =
        notes.and_then(|notes| notes.count).map(|count| (strings.count)(&locale.number(count.into())));
    let size = row.data_size.map(|size| bytes(locale, size));
    let took = row.response_time.map(|ms| format!("{} ms", locale.number(ms.into())));
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
