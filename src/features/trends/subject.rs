//! What the charts are of.

use latido_protocol::profile::HealthProfile;
use leptos::prelude::*;

use super::by_day::Days;
use crate::{
    browser::period::{Period, Span},
    data::queries::{list::List, profile::Profile, record::RecordKind},
    features::records::filter::RecordFilter,
    i18n::Locale,
    ui::chart::{ChartData, Series},
};

/// What the charts are of. Given as a context to where they stand.
#[derive(Clone)]
pub struct TrendOf {
    pub kind: RecordKind,
    pub period: Period,
    pub list: List,
    pub filter: RwSignal<RecordFilter>,
    pub profile: Profile,
    pub locale: Locale,
}

impl TrendOf {
    /// What makes a goal's line, in the unit of the values.
    pub fn goal(&self, of: fn(&HealthProfile) -> Option<f64>) -> Option<f64> {
        self.profile.with(|profile| of(profile.as_ref()?))
    }

    /// Long periods are noisy by nature: their average is of a month, not of a week.
    pub fn window(&self) -> usize {
        match self.period.span {
            Span::Day | Span::Week => 1,
            Span::Month => 7,
            Span::Year => 30,
        }
    }

    pub fn data(
        &self,
        series: impl FnOnce(&List, &Days) -> Series,
        goal: Option<f64>,
        least_span: f64,
    ) -> ChartData {
        let days = Days::of(self.period, self.filter.get(), self.locale);
        ChartData { first: days.first, series: series(&self.list, &days), goal, least_span }
    }
}
