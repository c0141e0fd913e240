//! The latest records: what was logged or changed, and by whom.

use leptos::prelude::*;

use super::Data;
use crate::{
    browser::format,
    data::queries::record::AnyRecord,
    i18n::{Locale, overview, use_locale},
    ui::{icon::Icon, skeleton::Skeleton, view::reactive},
};

const MOST: usize = 10;

/// A line of what happened: the same record changed again is another one.
#[derive(Clone)]
struct Happened(AnyRecord);

impl Happened {
    fn key(&self) -> (String, u64) {
        (self.0.id().to_owned(), self.0.version())
    }
}

pub fn latest(data: &Data) -> AnyView {
    let (strings, deferred) = (use_locale().strings, use_locale().deferred());
    let Data { foods, exercises, metrics, .. } = data.clone();
    let known = foods.clone();
    let all = Memo::new(move |_| {
        let mut all = foods.records();
        all.extend(exercises.records());
        all.extend(metrics.records());
        all.sort_unstable_by_key(|record| std::cmp::Reverse(record.updated_at()));
        all.truncate(MOST);
        all
    });
    let instead = reactive(move || {
        if known.rows.with(Option::is_none) {
            view! { <Skeleton/> }.into_any()
        } else if all.with(Vec::is_empty) && known.is_known() {
            view! {
                <div class="empty">
                    <p><strong>{deferred.nothing_yet}</strong></p>
                    <p class="quiet">{strings.log_hint}</p>
                </div>
            }
            .into_any()
        } else {
            ().into_any()
        }
    });
    let each = move || all.get().into_iter().map(Happened).collect::<Vec<_>>();
    view! {
        <section class="card latest">
            <h2>{deferred.latest}</h2>
            {instead}
            <ul class="lines" data-testid="latest">
                <For each key=Happened::key let(happened)>{reactive(move || line(&happened.0))}</For>
            </ul>
        </section>
    }
    .into_any()
}

fn line(record: &AnyRecord) -> AnyView {
    let locale: Locale = use_locale();
    let strings = overview::strings(locale);
    let (amount, unit) = record.amount(locale);
    let what = if record.version() > 1 { strings.changed } else { strings.added };
    let by = (locale.strings.source)(record.source());
    view! {
        <li class="line">
            <Icon name=record.kind().icon()/>
            <span class="line-name">{record.describe(locale).0}</span>
            <span class="line-amount">{locale.with_unit(&amount, unit)}</span>
            <small>
                {what} " · " {by} " · "
                <time>{format::moment(locale.language, record.updated_at())}</time>
            </small>
        </li>
    }
    .into_any()
}
