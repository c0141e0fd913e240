//! The list of deliveries: what, how it stands, how long it took, when.

use std::sync::Arc;

use latido_cache::families::deliveries::Delivery;
use latido_protocol::{
    delivery::{DeliveryKind, DeliveryStatus},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    feed::{DeliveryFilter, DeliveryRow, Feed, More},
    strings::{DeliveriesStrings, strings},
};
use crate::{
    browser::{day::Day, format},
    i18n::{Locale, reasons, use_locale},
    ui::{
        icon::Icon,
        stale::StaleNote,
        view::{Keyed, click, keyed, reactive},
    },
};

/// Rows of a list that is not there yet.
const BONES: usize = 8;

#[component]
pub fn Rows(feed: Feed, filter: Signal<DeliveryFilter>) -> impl IntoView {
    let rows = feed.rows();
    let count = {
        let rows = rows.clone();
        Memo::new(move |_| rows.with(|rows| rows.as_ref().map(Vec::len)))
    };
    let instead_of_rows = reactive(move || match count.get() {
        None => view! { <Skeleton/> }.into_any(),
        Some(0) => view! { <Nothing filter=filter.get()/> }.into_any(),
        Some(_) => ().into_any(),
    });
    let list = keyed(move || {
        let row = |row: DeliveryRow| {
            let key = row.key.clone();
            Keyed { key, build: Arc::new(move || view! { <RowView row=row.clone()/> }.into_any()) }
        };
        rows.get().unwrap_or_default().into_iter().map(row).collect()
    });
    view! {
        <StaleNote fetch_status=feed.fetch_status()/>
        {instead_of_rows}
        <ul class="rows deliveries" data-testid="delivery-list">{list}</ul>
        <Below feed/>
    }
    .into_any()
}

#[component]
fn RowView(row: DeliveryRow) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let status = {
        let delivery = row.value.clone();
        Signal::derive(move || delivery.with(|delivery| delivery.status.as_str().to_owned()))
    };
    let delivery = row.value;
    view! {
        <li class="delivery" data-testid="delivery" data-id=row.key data-status=status>
            {reactive(move || cells(&delivery.read(), strings, locale))}
        </li>
    }
    .into_any()
}

fn cells(delivery: &Delivery, strings: &'static DeliveriesStrings, locale: Locale) -> AnyView {
    let (icon, kind) = match delivery.kind {
        Some(DeliveryKind::Message) => ("conversations", strings.message),
        Some(DeliveryKind::ReadReceipt) => ("checks", strings.read_receipt),
        None => ("send", strings.unknown_kind),
    };
    let (mark, status) = match delivery.status {
        DeliveryStatus::Pending => ("clock", strings.status_pending),
        DeliveryStatus::Delivered => ("check", strings.status_delivered),
        DeliveryStatus::Failed => ("alert", strings.status_failed),
    };
    let latency = delivery.latency_ms.map_or_else(|| "–".to_owned(), |ms| latency(ms, locale));
    view! {
        <span class="delivery-kind"><Icon name=icon/>{kind}</span>
        <span class="pill"><Icon name=mark/>{status}</span>
        <span class="delivery-latency"><span class="sr-only">{strings.latency} ": "</span>{latency}</span>
        <time class="delivery-when" datetime=delivery.created_at.to_string()>
            {when(delivery.created_at, locale)}
        </time>
    }
    .into_any()
}

/// In the unit in which it is easily read.
pub(crate) fn latency(ms: u64, locale: Locale) -> String {
    let (value, unit) = match ms {
        0..1_000 => (ms as f64, "ms"),
        1_000..60_000 => (ms as f64 / 1_000.0, "s"),
        60_000..3_600_000 => (ms as f64 / 60_000.0, "min"),
        _ => (ms as f64 / 3_600_000.0, "h"),
    };
    format!("{} {unit}", locale.number(value))
}

fn when(at: Timestamp, locale: Locale) -> String {
    if Day::today().contains(at) {
        format::time(locale.language, at)
    } else {
        format::moment(locale.language, at)
    }
}

/// What stands below the last row.
#[component]
fn Below(feed: Feed) -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let more = feed.more();
    reactive(move || {
        let feed = feed.clone();
        let button = |label: &'static str| {
            let want = click(move || feed.want_more());
            view! {
                <button type="button" class="button" data-testid="more-deliveries" on:click=want>{label}</button>
            }
            .into_any()
        };
        let content = match more.get() {
            More::Nothing => return ().into_any(),
            More::Something => button(strings.more),
            More::Loading => view! { <p class="quiet" role="status">{locale.strings.loading}</p> }.into_any(),
            More::Failed(error) => view! {
                <p class="note error" role="alert">
                    <span>{reasons::error(locale, &error)} " " {strings.more_failed}</span>
                    {button(locale.strings.try_again)}
                </p>
            }
            .into_any(),
        };
        view! { <div class="below">{content}</div> }.into_any()
    })
}

#[component]
fn Skeleton() -> impl IntoView {
    let strings = use_locale().strings;
    let bones = (0..BONES).map(|_| view! { <div></div> }).collect_view();
    view! {
        <div class="skeleton delivery-skeleton" role="status">
            <span class="sr-only">{strings.loading}</span>
            {bones}
        </div>
    }
    .into_any()
}

#[component]
fn Nothing(filter: DeliveryFilter) -> impl IntoView {
    let strings = strings(use_locale());
    let (what, hint) = if filter == DeliveryFilter::default() {
        (strings.nothing_sent, strings.nothing_sent_hint)
    } else {
        (strings.nothing_like_that, strings.nothing_like_that_hint)
    };
    view! {
        <div class="empty" data-testid="no-deliveries">
            <p><strong>{what}</strong></p>
            <p class="quiet">{hint}</p>
        </div>
    }
    .into_any()
}
