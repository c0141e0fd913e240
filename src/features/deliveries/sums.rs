//! The counts of deliveries, in tiles.

use latido_cache::Collection;
use latido_protocol::{delivery::DeliverySummary, event::Family};
use leptos::prelude::*;

use super::{feed::DELIVERIES, strings::strings};
use crate::{
    browser::format,
    data::queries::Queries,
    i18n::use_locale,
    ui::view::{derived_bool, text},
};

/// The share of those that were delivered among those that are over; `None` while none is.
pub fn success(sums: DeliverySummary) -> Option<f64> {
    let over = sums.delivered_events + sums.failed_events;
    (over > 0).then(|| sums.delivered_events as f64 / over as f64)
}

#[component]
pub fn Sums() -> impl IntoView {
    let locale = use_locale();
    let strings = strings(locale);
    let queries: Queries = expect_context();
    let sums = queries.query("/events/summary", Family::Delivery, DELIVERIES, Collection::of_one);
    let sums = ArcMemo::new(move |_| sums.get().value().copied());
    let tile = |name: &'static str, test_id: &'static str, count: fn(&DeliverySummary) -> u64| {
        let sums = sums.clone();
        let count = Signal::derive(move || sums.get().as_ref().map(count));
        let is_none = derived_bool(move || count.get().is_none_or(|count| count == 0));
        let count = text(move || locale.number_or_dash(count.get().map(|count| count as f64)));
        view! {
            <article class="card tile" class:none=is_none data-sum=test_id>
                <h2>{name}</h2>
                <p class="figure"><strong data-testid=format!("sum-{test_id}")>{count}</strong></p>
            </article>
        }
        .into_any()
    };
    let tiles = [
        tile(strings.total, "total", |sums| sums.total_events),
        tile(strings.pending, "pending", |sums| sums.pending_events),
        tile(strings.delivered, "delivered", |sums| sums.delivered_events),
        tile(strings.failed, "failed", |sums| sums.failed_events),
    ];
    let share = Signal::derive(move || sums.get().and_then(success));
    let rate = text(move || {
        share.get().map_or_else(|| "–".to_owned(), |share| format::percent(locale.language, share))
    });
    // Whole percents do, and formatting fractions costs five kilobytes.
    let width = text(move || format!("{}%", (share.get().unwrap_or(0.0) * 100.0) as u32));
    view! {
        <section class="delivery-sums" aria-label=strings.summary>
            {tiles}
            <article class="card tile" data-sum="rate">
                <h2>{strings.success}</h2>
                <p class="figure"><strong data-testid="sum-rate">{rate}</strong></p>
                <div class="bar" aria-hidden="true">
                    <div class:full=derived_bool(move || share.get() == Some(1.0)) style:width=width></div>
                </div>
            </article>
        </section>
    }
    .into_any()
}
