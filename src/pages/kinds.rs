//! What each kind of record says for itself: the one place where the pages' common frame meets
//! food, exercise and metrics.

use latido_protocol::time::Timestamp;
use leptos::prelude::AnyView;

use super::{exercise, food, metrics};
use crate::{
    api::json,
    components::form::Form,
    i18n::Locale,
    queries::{
        list::List,
        record::{AnyRecord, Kind},
    },
};

impl Kind {
    /// `food` in `food-list` and `food-row`.
    pub fn test_id(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Exercise => "exercise",
            Self::Metric => "metric",
        }
    }

    pub fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Food => locale.strings.food,
            Self::Exercise => locale.strings.exercise,
            Self::Metric => locale.strings.metrics,
        }
    }

    pub fn empty(self, locale: Locale) -> &'static str {
        match self {
            Self::Food => locale.strings.nothing_eaten,
            Self::Exercise => locale.strings.nothing_done,
            Self::Metric => locale.strings.nothing_measured,
        }
    }

    pub fn form_title(self, locale: Locale, editing: bool) -> &'static str {
        let strings = locale.strings;
        match (self, editing) {
            (Self::Food, false) => strings.add_food,
            (Self::Food, true) => strings.edit_food,
            (Self::Exercise, false) => strings.add_exercise,
            (Self::Exercise, true) => strings.edit_exercise,
            (Self::Metric, false) => strings.add_metric,
            (Self::Metric, true) => strings.edit_metric,
        }
    }

    /// The day's sums, as label and value. Measurements of different kinds have none.
    pub fn totals(self, list: &List, locale: Locale) -> Vec<(&'static str, String)> {
        match self {
            Self::Food => food::totals(&list.foods(), locale),
            Self::Exercise => exercise::totals(&list.exercises(), locale),
            Self::Metric => Vec::new(),
        }
    }

    /// The form's fields, named as on the wire, with what they hold at first.
    pub fn texts(self, record: Option<&AnyRecord>, at: Timestamp) -> Vec<(&'static str, String)> {
        match (self, record) {
            (Self::Food, Some(AnyRecord::Food(record))) => food::texts(Some(record), at),
            (Self::Food, _) => food::texts(None, at),
            (Self::Exercise, Some(AnyRecord::Exercise(record))) => exercise::texts(Some(record), at),
            (Self::Exercise, _) => exercise::texts(None, at),
            (Self::Metric, Some(AnyRecord::Metric(record))) => metrics::texts(Some(record), at),
            (Self::Metric, _) => metrics::texts(None, at),
        }
    }

    pub fn fields(self, form: Form) -> AnyView {
        match self {
            Self::Food => food::fields(form),
            Self::Exercise => exercise::fields(form),
            Self::Metric => metrics::fields(form),
        }
    }

    /// The body to send; or `None`, and errors at the fields.
    pub fn draft(self, form: Form, before: Option<&AnyRecord>) -> Option<String> {
        match (self, before) {
            (Self::Food, Some(AnyRecord::Food(record))) => json(&food::draft(form, Some(record))?).ok(),
            (Self::Food, _) => json(&food::draft(form, None)?).ok(),
            (Self::Exercise, Some(AnyRecord::Exercise(record))) => {
                json(&exercise::draft(form, Some(record))?).ok()
            }
            (Self::Exercise, _) => json(&exercise::draft(form, None)?).ok(),
            (Self::Metric, Some(AnyRecord::Metric(record))) => {
                json(&metrics::draft(form, Some(record))?).ok()
            }
            (Self::Metric, _) => json(&metrics::draft(form, None)?).ok(),
        }
    }
}

impl AnyRecord {
    /// The name, and what stands below it.
    pub fn describe(&self, locale: Locale) -> (String, String) {
        match self {
            Self::Food(record) => food::describe(record, locale),
            Self::Exercise(record) => exercise::describe(record, locale),
            Self::Metric(record) => metrics::describe(record, locale),
        }
    }

    /// The number at the end of the row, with its unit.
    pub fn amount(&self, locale: Locale) -> (String, &'static str) {
        match self {
            Self::Food(record) => food::amount(record, locale),
            Self::Exercise(record) => exercise::amount(record, locale),
            Self::Metric(record) => metrics::amount(record, locale),
        }
    }
}
