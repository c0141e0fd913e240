//! A row of the log, as it is shown and as it is searched.

use latido_protocol::link::LinkId;
use leptos::prelude::*;

use super::{bytes, said::said, strings::strings, timeline::LogRow};
use crate::{browser::format, components::view::text, i18n::Locale};

/// What can be read in a row.
pub fn texts(row: &LogRow, name_of: impl Fn(&LinkId) -> String, locale: Locale) -> [String; 3] {
    let read = |text: Option<&str>| text.map(|text| said(locale, text)).unwrap_or_default();
    [name_of(&row.connection_id), read(row.message.as_deref()), read(row.error_details.as_deref())]
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
    let details = row.error_details.as_deref().map(|details| said(locale, details));
    // How many messages came is said in one way, and in this language.
    let words = count.or_else(|| row.message.as_deref().map(|message| said(locale, message)));
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
