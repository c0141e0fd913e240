//! A chart's input, and everything computed from it before drawing.

use latido_chart::{Area, Model, Plot, Role, Series, fresh};

use super::{strings::strings, width::HEIGHT};
use crate::{
    browser::{day::Day, format},
    i18n::Locale,
};

/// Numbers by day. A new one of these is a new state of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartData {
    /// The day of the series' first place; every further place is the next day.
    pub first: Day,
    pub series: Series,
    pub goal: Option<f64>,
    /// What the height shows at least, in the unit of the values, so that noise looks like noise.
    pub least_span: f64,
}

/// The data with all that follows from it.
#[derive(Clone, PartialEq)]
pub struct ChartState {
    pub first: Day,
    pub goal: Option<f64>,
    pub model: Model,
    /// The days that the last change brought, and which change that was.
    pub fresh: Vec<usize>,
    pub turn: bool,
    least_span: f64,
}

impl ChartState {
    pub fn next(before: Option<&Self>, data: ChartData) -> Self {
        let ChartData { first, series, goal, least_span } = data;
        let model = Model::new(series);
        let (fresh, turn) = match before {
            Some(before) if before.first == first => {
                let fresh = fresh::changed(&before.model, &model);
                let turn = if fresh.is_empty() { before.turn } else { !before.turn };
                (fresh, turn)
            }
            Some(_) | None => (Vec::new(), false),
        };
        Self { first, goal, model, fresh, turn, least_span }
    }

    pub fn day(&self, place: usize) -> Day {
        self.first.plus(i32::try_from(place).unwrap_or(i32::MAX))
    }

    pub fn value(&self, role: Role, day: Option<usize>) -> Option<f64> {
        match role {
            Role::Goal => self.goal,
            _ => self.model.value(role, day?),
        }
    }

    /// The day to speak of: the one under the cursor, else the last that has something.
    pub fn spoken(&self, cursor: Option<usize>) -> Option<usize> {
        let stops = self.model.stops();
        cursor.filter(|day| stops.binary_search(day).is_ok()).or(stops.last().copied())
    }
}

/// What the numbers of a chart are called.
#[derive(Clone)]
pub struct Names {
    pub locale: Locale,
    pub unit: &'static str,
    /// The line's; the parts' from the lowest up; or the high end's, the low end's, the middle's.
    pub own: Vec<&'static str>,
}

impl Names {
    pub fn of(&self, role: Role, model: &Model) -> String {
        let own = |place: usize| self.own.get(place).copied().unwrap_or_default().to_owned();
        let strings = strings(self.locale);
        match (role, model.series()) {
            (Role::Average, Series::Line { window, .. }) => (strings.average)(*window),
            (Role::Total, _) => strings.total.to_owned(),
            (Role::Goal, _) => strings.goal.to_owned(),
            (Role::Part(part), _) => own(part),
            (Role::Low, _) => own(1),
            (Role::Mid, _) => own(2),
            _ => own(0),
        }
    }

    /// A number, or a dash where there is none.
    pub fn number(&self, value: Option<f64>) -> String {
        self.locale.number_or_dash(value)
    }

    /// All that a day has, in words.
    pub fn sentence(&self, state: &ChartState, day: usize) -> String {
        let mut sentence = format::day(self.locale.language, state.day(day));
        for (place, reading) in state.model.readings(day).into_iter().enumerate() {
            sentence.push_str(if place == 0 { ": " } else { ", " });
            sentence.push_str(&self.of(reading.role, &state.model));
            sentence.push(' ');
            match reading.value {
                Some(value) => {
                    sentence.push_str(&self.locale.number(value));
                    sentence.push_str(self.locale.unit_gap(self.unit));
                    sentence.push_str(self.unit);
                }
                None => sentence.push_str(strings(self.locale).no_value),
            }
        }
        sentence
    }
}

/// Where everything stands at the width that there is.
#[derive(Clone, PartialEq)]
pub struct Layout {
    pub width: u32,
    pub plot: Plot,
    /// What is written at the plot's ticks, from the lowest up.
    pub labels: Vec<String>,
}

/// Room for half a line of type above the uppermost tick, and for the days below the lowest.
const TOP: f64 = 10.0;
const BELOW: f64 = 26.0;
const RIGHT: f64 = 6.0;
/// A digit of the labels, generously, and what keeps them from the data.
const DIGIT: f64 = 7.4;
pub const LABEL_GAP: f64 = 8.0;

impl Layout {
    pub fn new(state: &ChartState, width: u32, locale: Locale) -> Self {
        let right = f64::from(width) - RIGHT;
        let area = Area { left: 0.0, top: TOP, right, bottom: f64::from(HEIGHT) - BELOW };
        let plot = Plot::new(&state.model, area, state.goal, state.least_span);
        let labels: Vec<_> = plot.ticks().into_iter().map(|tick| locale.number(tick)).collect();
        let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let left = longest as f64 * DIGIT + LABEL_GAP;
        Self { width, plot: plot.between(left, right), labels }
    }
}
