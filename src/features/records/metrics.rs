//! What was measured, by day.

use latido_protocol::{
    metric::{HealthMetric, HealthMetricDraft, MetricKind, Reading},
    number::field_text,
    time::Timestamp,
    values::{GlucoseUnit, Invalid, Language, Source},
};
use leptos::prelude::*;

use super::food::unchanged_minute;
use crate::{
    browser::units::{self, Quantity, units},
    features::records::record_form::time_text,
    i18n::{Locale, values},
    ui::{
        figure::{Figure, entry},
        form::{Choice, Field, Form},
        number_field::NumberField,
        view::{reactive, text},
    },
};

/// Of the form alone: the wire is always mg/dL.
const GLUCOSE_UNIT: &str = "glucoseUnit";

/// In what the form has the kind's values; `None` for its one unit.
fn quantity(form: Form, kind: MetricKind) -> Option<Quantity> {
    match kind {
        MetricKind::Glucose => {
            let chosen = GlucoseUnit::parse(&form.get(GLUCOSE_UNIT)).unwrap_or(GlucoseUnit::MgDl);
            Some(Quantity::Glucose(chosen))
        }
        _ => Quantity::of(kind),
    }
}

fn figure(form: Form, kind: MetricKind) -> Figure {
    let unit = if kind == MetricKind::Steps { form.locale.strings.steps_unit } else { kind.unit() };
    match (quantity(form, kind), kind) {
        (Some(quantity), _) => Figure::of(quantity, kind.range(), form.units),
        (None, MetricKind::Steps) => Figure::whole(unit, kind.range()),
        (None, MetricKind::Sleep) => Figure::hours(),
        (None, _) => Figure::decimal(unit, kind.range()),
    }
}

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

/// What would make it anew. A value that its kind does not allow any more is the server's to refuse, which opens the
/// form with it.
pub fn copy(record: &HealthMetric) -> HealthMetricDraft {
    HealthMetricDraft {
        measured_at: Some(record.measured_at),
        kind: record.kind,
        value: record.value,
        value2: record.value2,
        source: record.source,
    }
}

/// The fields of a new record, or of one that is there.
pub fn texts(
    record: Option<&HealthMetric>,
    at: Timestamp,
    language: Language,
) -> Vec<(&'static str, String)> {
    let kind = record.map_or(MetricKind::Weight, |metric| metric.kind);
    let shown = |value: f64| match Quantity::of(kind) {
        Some(quantity) => field_text(&quantity.entry(value, units()), language),
        None => entry(value, language),
    };
    let number = |value: Option<f64>| value.map(shown).unwrap_or_default();
    vec![
        ("kind", kind.as_str().to_owned()),
        ("value", number(record.map(|metric| metric.value))),
        ("value2", number(record.and_then(|metric| metric.value2))),
        (GLUCOSE_UNIT, units::glucose().as_str().to_owned()),
        ("measuredAt", time_text(at)),
    ]
}

pub fn fields(form: Form) -> AnyView {
    let (strings, deferred) = (form.locale.strings, form.locale.deferred());
    let kinds = MetricKind::ALL.iter().map(|kind| (kind.as_str(), (strings.kinds)(*kind))).collect();
    let kind = Memo::new(move |_| kind_of(&form.get("kind")));
    let figure = Memo::new(move |_| kind.get().map(|kind| figure(form, kind)));
    let words = values::strings(form.locale);
    let values = reactive(move || {
        let (Some(kind), Some(figure)) = (kind.get(), figure.get()) else { return ().into_any() };
        let unit = figure.unit();
        let number = move |name: &'static str, label: &'static str| {
            view! { <NumberField form name label unit figure/> }.into_any()
        };
        if kind == MetricKind::BloodPressure {
            return view! { {number("value", deferred.systolic)} {number("value2", deferred.diastolic)} }
                .into_any();
        }
        let unit_choice = (kind == MetricKind::Glucose).then(|| {
            let options = GlucoseUnit::WORDS.iter().map(|unit| (*unit, *unit)).collect();
            view! { <Choice form name=GLUCOSE_UNIT label=words.glucose_unit options/> }
        });
        view! { {number("value", deferred.value)} {unit_choice} }.into_any()
    });
    let several =
        text(move || kind.get().map(|kind| (words.several)(kind.day_rule()).to_owned()).unwrap_or_default());
    view! {
        <Choice form name="kind" label=deferred.kind options=kinds/>
        {values}
        <Field form name="measuredAt" label=deferred.when kind="datetime-local"/>
        <p class="quiet several">{several}</p>
    }
    .into_any()
}

/// The whole of the form, or errors at its fields.
pub fn draft(form: Form, before: Option<&HealthMetric>) -> Option<HealthMetricDraft> {
    let measured_at = form.instant("measuredAt");
    let kind = form.take("kind", MetricKind::parse)?;
    let (quantity, figure) = untrack(|| (quantity(form, kind), figure(form, kind)));
    let same_kind = before.filter(|metric| metric.kind == kind);
    // Only numbers here; whether they fit their kind is the reading's to say.
    let number = |name, before: Option<f64>| match quantity {
        Some(quantity) if !form.is_blank(name) => {
            form.measure(name, figure, quantity, before, Ok::<f64, Invalid>).map(Some)
        }
        _ => form.optional_number(name, figure, Ok::<f64, Invalid>),
    };
    let value = number("value", same_kind.map(|metric| metric.value));
    // Text typed for blood pressure does not fit another kind.
    let value2 = match kind {
        MetricKind::BloodPressure => number("value2", same_kind.and_then(|metric| metric.value2)),
        _ => Some(None),
    };
    let reading = match Reading::new(kind, value?, value2?) {
        Ok(reading) => reading,
        Err(refused) => {
            for (name, invalid) in [("value", refused.value), ("value2", refused.value2)] {
                if let Some(invalid) = invalid {
                    let invalid = match quantity {
                        Some(quantity) => quantity.refusal(invalid, form.units),
                        None => invalid,
                    };
                    form.refuse(name, (form.locale.deferred().invalid)(&invalid));
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
