//! What was measured, by day.

use latido_protocol::{
    metric::{HealthMetric, HealthMetricDraft, MetricKind, Reading},
    time::Timestamp,
    values::{Invalid, Source},
};
use leptos::prelude::*;

use super::food::unchanged_minute;
use crate::{
    browser::units::{Quantity, plain, units},
    components::{
        form::{Choice, Field, Form},
        record_form::time_text,
        view::dynamic,
    },
    i18n::Locale,
};

/// The name, and what stands below it.
pub fn describe(record: &HealthMetric, locale: Locale) -> (String, String) {
    ((locale.strings.kinds)(record.kind).to_owned(), String::new())
}

/// The number at the end of the row, with its unit.
pub fn amount(record: &HealthMetric, locale: Locale) -> (String, &'static str) {
    let value = locale.measured(record.kind, record.value);
    let both = match record.value2 {
        Some(value2) => format!("{value}/{}", locale.measured(record.kind, value2)),
        None => value,
    };
    (both, locale.unit(record.kind))
}

/// What would make it anew; `None` for a value that its kind does not allow any more.
pub fn copy(record: &HealthMetric) -> Option<HealthMetricDraft> {
    let reading = Reading::new(record.kind, Some(record.value), record.value2).ok()?;
    Some(HealthMetricDraft::new(Some(record.measured_at), reading, record.source))
}

/// The fields of a new record, or of one that is there.
pub fn texts(record: Option<&HealthMetric>, at: Timestamp) -> Vec<(&'static str, String)> {
    let kind = record.map_or(MetricKind::Weight, |metric| metric.kind);
    let entry = |value: f64| match Quantity::of(kind) {
        Some(quantity) => quantity.entry(value, units()),
        None => plain(value),
    };
    let number = |value: Option<f64>| value.map(entry).unwrap_or_default();
    vec![
        ("kind", kind.as_str().to_owned()),
        ("value", number(record.map(|metric| metric.value))),
        ("value2", number(record.and_then(|metric| metric.value2))),
        ("measuredAt", time_text(at)),
    ]
}

pub fn fields(form: Form) -> AnyView {
    let (strings, later) = (form.locale.strings, form.locale.later());
    let kinds = MetricKind::ALL.iter().map(|kind| (kind.as_str(), (strings.kinds)(*kind))).collect();
    let kind = Memo::new(move |_| kind_of(&form.get("kind")));
    let values = dynamic(move || {
        let unit = kind.get().map(|kind| form.locale.unit_in(kind, form.units)).unwrap_or_default();
        if kind.get() == Some(MetricKind::BloodPressure) {
            view! {
                <Field form name="value" label=later.systolic unit mode="decimal"/>
                <Field form name="value2" label=later.diastolic unit mode="decimal"/>
            }
            .into_any()
        } else {
            view! { <Field form name="value" label=later.value unit mode="decimal"/> }.into_any()
        }
    });
    view! {
        <Choice form name="kind" label=later.kind options=kinds/>
        {values}
        <Field form name="measuredAt" label=later.when kind="datetime-local"/>
    }
    .into_any()
}

/// The whole of the form, or errors at its fields.
pub fn draft(form: Form, before: Option<&HealthMetric>) -> Option<HealthMetricDraft> {
    let kind = form.take("kind", MetricKind::parse);
    let measured_at = form.instant("measuredAt");
    let quantity = kind.and_then(Quantity::of);
    let same_kind = before.filter(|metric| Some(metric.kind) == kind);
    // Only numbers here; whether they fit their kind is the reading's to say.
    let number = |name, before: Option<f64>| match quantity {
        Some(quantity) if !form.is_blank(name) => {
            form.measure(name, quantity, before, Ok::<f64, Invalid>).map(Some)
        }
        _ => form.optional_number(name, Ok::<f64, Invalid>),
    };
    let value = number("value", same_kind.map(|metric| metric.value))?;
    let value2 = number("value2", same_kind.and_then(|metric| metric.value2))?;
    let reading = match Reading::new(kind?, value, value2) {
        Ok(reading) => reading,
        Err(refused) => {
            for (name, invalid) in [("value", refused.value), ("value2", refused.value2)] {
                if let Some(invalid) = invalid {
                    let invalid = match quantity {
                        Some(quantity) => quantity.refusal(invalid, form.units),
                        None => invalid,
                    };
                    form.refuse(name, (form.locale.later().invalid)(&invalid));
                }
            }
            return None;
        }
    };
    let measured_at = unchanged_minute(measured_at?, before.map(|metric| metric.measured_at));
    let source = before.map_or(Source::Manual, |metric| metric.source);
    Some(HealthMetricDraft::new(Some(measured_at), reading, source))
}

fn kind_of(word: &str) -> Option<MetricKind> {
    MetricKind::parse(word).ok()
}
