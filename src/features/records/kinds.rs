//! What differs by kind of record: the one place where the pages' common frame meets food, exercise and metrics.

use latido_protocol::{
    metric::MetricKind,
    time::Timestamp,
    values::{Intensity, Language, Meal, Notes},
};
use leptos::prelude::AnyView;

use super::{exercise, food, metrics};
use crate::{
    browser::units::units,
    data::queries::{
        draft::{Draft, DraftFields},
        record::{AnyRecord, RecordKind},
    },
    i18n::{Locale, records},
    ui::form::Form,
};

impl RecordKind {
    /// `food` in `food-list` and `food-row`.
    pub fn test_id(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Exercise => "exercise",
            Self::Metric => "metric",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::Food => "food",
            Self::Exercise => "exercise",
            Self::Metric => "metrics",
        }
    }

    pub fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Food => locale.strings.food,
            Self::Exercise => locale.strings.exercise,
            Self::Metric => locale.strings.metrics,
        }
    }

    /// The categories of this kind, as on the wire and as shown.
    pub fn sorts(self, locale: Locale) -> Vec<(&'static str, &'static str)> {
        let strings = locale.strings;
        match self {
            Self::Food => Meal::ALL.iter().map(|meal| (meal.as_str(), (strings.meals)(*meal))).collect(),
            Self::Exercise => {
                let name = |it: &Intensity| (it.as_str(), (strings.intensities)(*it));
                Intensity::ALL.iter().map(name).collect()
            }
            Self::Metric => {
                MetricKind::ALL.iter().map(|kind| (kind.as_str(), (strings.kinds)(*kind))).collect()
            }
        }
    }

    pub fn any_sort(self, locale: Locale) -> &'static str {
        let strings = records::strings(locale);
        match self {
            Self::Food => strings.all_meals,
            Self::Exercise => strings.all_intensities,
            Self::Metric => strings.all_kinds,
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
        let deferred = locale.deferred();
        match (self, editing) {
            (Self::Food, false) => deferred.add_food,
            (Self::Food, true) => deferred.edit_food,
            (Self::Exercise, false) => deferred.add_exercise,
            (Self::Exercise, true) => deferred.edit_exercise,
            (Self::Metric, false) => deferred.add_metric,
            (Self::Metric, true) => deferred.edit_metric,
        }
    }

    /// The names of the sums, see [`AnyRecord::parts`]. Measurements of different kinds have none.
    pub fn sums(self, locale: Locale) -> Vec<&'static str> {
        let strings = locale.strings;
        match self {
            Self::Food => vec![strings.calories, strings.protein, strings.carbs, strings.fat],
            Self::Exercise => vec![strings.minutes, strings.calories_burned, (strings.distance)(units())],
            Self::Metric => Vec::new(),
        }
    }

    /// The form's fields, named as on the wire, with what they hold at first.
    pub fn texts(
        self,
        record: Option<&AnyRecord>,
        at: Timestamp,
        language: Language,
    ) -> Vec<(&'static str, String)> {
        match (self, record) {
            (Self::Food, Some(AnyRecord::Food(record))) => food::texts(Some(record), at, language),
            (Self::Food, _) => food::texts(None, at, language),
            (Self::Exercise, Some(AnyRecord::Exercise(record))) => {
                exercise::texts(Some(record), at, language)
            }
            (Self::Exercise, _) => exercise::texts(None, at, language),
            (Self::Metric, Some(AnyRecord::Metric(record))) => metrics::texts(Some(record), at, language),
            (Self::Metric, _) => metrics::texts(None, at, language),
        }
    }

    /// The name of the time field.
    pub fn time_field(self) -> &'static str {
        match self {
            Self::Food | Self::Exercise => "loggedAt",
            Self::Metric => "measuredAt",
        }
    }

    /// The name of the field that describes the record, where that is a text.
    pub fn name_field(self) -> Option<&'static str> {
        match self {
            Self::Food => Some("name"),
            Self::Exercise => Some("activity"),
            Self::Metric => None,
        }
    }

    pub fn fields(self, form: Form) -> AnyView {
        match self {
            Self::Food => food::fields(form),
            Self::Exercise => exercise::fields(form),
            Self::Metric => metrics::fields(form),
        }
    }

    /// What the form says of the record; or `None`, and errors at the fields.
    pub fn draft(self, form: Form, before: Option<&AnyRecord>) -> Option<Draft> {
        let fields = match (self, before) {
            (Self::Food, Some(AnyRecord::Food(record))) => {
                DraftFields::Food(food::draft(form, Some(record))?)
            }
            (Self::Food, _) => DraftFields::Food(food::draft(form, None)?),
            (Self::Exercise, Some(AnyRecord::Exercise(record))) => {
                DraftFields::Exercise(exercise::draft(form, Some(record))?)
            }
            (Self::Exercise, _) => DraftFields::Exercise(exercise::draft(form, None)?),
            (Self::Metric, Some(AnyRecord::Metric(record))) => {
                DraftFields::Metric(metrics::draft(form, Some(record))?)
            }
            (Self::Metric, _) => DraftFields::Metric(metrics::draft(form, None)?),
        };
        Some(Draft::new(fields))
    }
}

impl AnyRecord {
    /// What it adds to the sums of its kind, in their order.
    pub fn parts(&self) -> [f64; 4] {
        match self {
            Self::Food(record) => food::parts(record),
            Self::Exercise(record) => exercise::parts(record),
            Self::Metric(_) => [0.0; 4],
        }
    }

    /// The meal, the intensity or the kind, as on the wire.
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Food(record) => record.meal.as_str(),
            Self::Exercise(record) => record.intensity.as_str(),
            Self::Metric(record) => record.kind.as_str(),
        }
    }

    /// What was eaten or done, as it was written.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Food(record) => Some(record.name.as_str()),
            Self::Exercise(record) => Some(record.activity.as_str()),
            Self::Metric(_) => None,
        }
    }

    pub fn notes(&self) -> &str {
        let notes = match self {
            Self::Food(record) => record.notes.as_ref(),
            Self::Exercise(record) => record.notes.as_ref(),
            Self::Metric(_) => None,
        };
        notes.map_or("", Notes::as_str)
    }

    /// What makes such a record anew.
    pub fn copy(&self) -> Draft {
        Draft::new(match self {
            Self::Food(record) => DraftFields::Food(food::copy(record)),
            Self::Exercise(record) => DraftFields::Exercise(exercise::copy(record)),
            Self::Metric(record) => DraftFields::Metric(metrics::copy(record)),
        })
    }

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
