//! Suggestions: what the user logs often, one press away. A person eats some twenty things again and again.

use latido_protocol::time::Timestamp;
use leptos::prelude::*;

use crate::{
    browser::{clock, day::Day, focus},
    data::queries::{
        Queries,
        record::{AnyRecord, RecordKind},
    },
    i18n::use_locale,
    ui::{
        form::Form,
        view::{click, reactive},
    },
};

/// What was logged within so many days counts.
pub(super) const DAYS: i32 = 30;
const MOST: usize = 8;
const DAY_MS: f64 = 86_400_000.0;

/// The records to offer, each name once as it was logged last, best first. Each time counts, and counts half
/// as much for every week that has passed since.
pub(crate) fn rank(records: &[AnyRecord], now: Timestamp, typed: &str) -> Vec<AnyRecord> {
    const HALF_LIFE_MS: f64 = 7.0 * DAY_MS;
    let typed = typed.trim().to_lowercase();
    let mut ranked: Vec<(f64, String, &AnyRecord)> = Vec::new();
    for record in records {
        let Some(name) = record.name().map(str::to_lowercase) else { continue };
        if !name.contains(&typed) || name == typed {
            continue;
        }
        let age = (now.unix_ms() - record.at().unix_ms()).max(0) as f64;
        let weight = (-age / HALF_LIFE_MS).exp2();
        match ranked.iter_mut().find(|(_, known, _)| *known == name) {
            Some((sum, _, newest)) => {
                *sum += weight;
                if record.at() > newest.at() {
                    *newest = record;
                }
            }
            None => ranked.push((weight, name, record)),
        }
    }
    ranked.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    ranked.into_iter().take(MOST).map(|(_, _, record)| record.clone()).collect()
}

#[component]
pub fn Suggestions(kind: RecordKind, form: Form) -> impl IntoView {
    let locale = use_locale();
    let queries: Queries = expect_context();
    let Some(name_field) = kind.name_field() else { return ().into_any() };
    let today = Day::today();
    let list = queries.list(None, kind, today.plus(-DAYS).start(), today.end());
    let offered = reactive(move || {
        let offered = rank(&list.records(), clock::wall(), &form.get(name_field));
        if offered.is_empty() {
            return ().into_any();
        }
        let chip = |record: AnyRecord| {
            let (amount, unit) = record.amount(locale);
            let name = record.describe(locale).0;
            let fill = click(move || {
                let at = clock::wall();
                // Everything but the time: it is eaten now, not then.
                let texts = kind.texts(Some(&record), at, locale.language);
                form.fill(texts.into_iter().filter(|(field, _)| *field != "loggedAt"));
                // The pressed button may disappear; the focus moves so that Enter saves.
                focus(document().query_selector("[data-testid=record-form] [type=submit]").ok().flatten());
            });
            view! {
                <button type="button" class="chip" data-testid="suggestion" on:click=fill>
                    {name} " " <small>{amount} " " {unit}</small>
                </button>
            }
        };
        offered.into_iter().map(chip).collect_view().into_any()
    });
    view! {
        <div class="chips" role="group" aria-label=locale.deferred().often>{offered}</div>
    }
    .into_any()
}
