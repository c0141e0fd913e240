//! The question about a value that is far from the person's last one: 689 kg after 68.9. It is asked once, and a
//! second press saves.

use leptos::prelude::*;

use super::suggestions::DAYS;
use crate::{
    browser::{clock, day::Day, format, period::Span},
    data::queries::{
        Queries,
        list::List,
        record::{AnyRecord, RecordKind},
    },
    i18n::{Locale, values},
};

/// What a value is compared with: the list that the page of metrics or the suggestions hold already. An edit of what
/// was eaten or done is not worth a request.
pub fn recent(queries: &Queries, kind: RecordKind, is_new: bool) -> Option<List> {
    let (today, days) =
        (Day::today(), if kind == RecordKind::Metric { Span::Month.days() - 1 } else { DAYS });
    let is_at_hand = kind == RecordKind::Metric || is_new;
    is_at_hand.then(|| queries.list(None, kind, today.plus(-days).start(), today.end()))
}

/// The question, if there is one. `edited` is not compared with itself.
pub fn question(
    record: &AnyRecord,
    edited: Option<&AnyRecord>,
    recent: Option<&List>,
    locale: Locale,
) -> Option<String> {
    let is_edited = |other: &AnyRecord| edited.is_some_and(|edited| edited.id() == other.id());
    let records = untrack(|| recent.map(List::records))?;
    // The newest come first.
    let before = records.iter().find(|other| !is_edited(other) && is_alike(record, other))?;
    if !is_far(before, record) {
        return None;
    }
    let ago = format::ago(locale.language, clock::wall().unix_ms() - before.at().unix_ms());
    let amount = |record: &AnyRecord| {
        let (amount, unit) = untrack(|| record.amount(locale));
        locale.with_unit(&amount, unit)
    };
    Some((values::strings(locale).far)(&ago, &amount(before), &amount(record)))
}

/// Whether the two records can be compared.
fn is_alike(record: &AnyRecord, other: &AnyRecord) -> bool {
    match (record, other) {
        (AnyRecord::Metric(record), AnyRecord::Metric(other)) => record.kind == other.kind,
        _ => match (record.name(), other.name()) {
            (Some(name), Some(other)) => name.to_lowercase() == other.to_lowercase(),
            _ => false,
        },
    }
}

fn is_far(before: &AnyRecord, record: &AnyRecord) -> bool {
    /// So many times as much of the same thing is a slip of the finger, where it matters.
    const TIMES: f64 = 4.0;
    const MATTERS_KCAL: f64 = 300.0;
    const MATTERS_MIN: f64 = 60.0;
    let times = |before: f64, now: f64, matters: f64| {
        let (less, more) = (before.min(now), before.max(now));
        more > less * TIMES && more - less > matters
    };
    match (before, record) {
        (AnyRecord::Metric(before), AnyRecord::Metric(now)) => {
            let second = before.value2.zip(now.value2);
            now.kind.is_far(before.value, now.value)
                || second.is_some_and(|(before, value)| now.kind.is_far(before, value))
        }
        (AnyRecord::Food(before), AnyRecord::Food(now)) => {
            times(before.calories.get(), now.calories.get(), MATTERS_KCAL)
        }
        (AnyRecord::Exercise(before), AnyRecord::Exercise(now)) => {
            times(before.duration_min.get(), now.duration_min.get(), MATTERS_MIN)
        }
        _ => false,
    }
}
