//! A series with what follows from it, computed once: drawing, read-out and table ask the same model.

use crate::{average::moving_average, extent::Extent, role::Role, series::Series};

/// A series with its averages and its days with data.
///
/// ```
/// use latido_chart::{Model, Range, Role, Series};
///
/// let pressure = Range { low: 78.0, high: 121.0, mid: None };
/// let model = Model::new(Series::Ranges { values: vec![None, Some(pressure)] });
/// assert_eq!(model.stops(), [1]);
/// assert_eq!(model.roles(), [Role::High, Role::Low]);
/// assert_eq!(model.value(Role::High, 1), Some(121.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    series: Series,
    averages: Vec<Option<f64>>,
    stops: Vec<usize>,
}

/// A number that a day has, and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// What the number stands for.
    pub role: Role,
    /// The number, in the unit of the series; `None` if the day has none.
    pub value: Option<f64>,
}

impl Model {
    /// The model of a series. Averages are computed of a line whose window is longer than a day.
    pub fn new(series: Series) -> Self {
        let averages = match &series {
            Series::Line { values, window } if *window > 1 => {
                let sound: Vec<_> = (0..values.len()).map(|day| series.value(day)).collect();
                moving_average(&sound, *window)
            }
            Series::Line { .. } | Series::Stacked { .. } | Series::Ranges { .. } => Vec::new(),
        };
        let stops = (0..series.days()).filter(|day| series.extent(*day).is_some()).collect();
        Self { series, averages, stops }
    }

    /// The series as it was given.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// The days that have something to show, in order.
    pub fn stops(&self) -> &[usize] {
        &self.stops
    }

    /// Whether the series is drawn with its moving average.
    pub fn has_averages(&self) -> bool {
        !self.averages.is_empty()
    }

    /// The moving average on a day, if it has one.
    pub fn average(&self, day: usize) -> Option<f64> {
        self.averages.get(day).copied().flatten()
    }

    /// Averages lie between values, so they need no room of their own.
    pub(crate) fn extent(&self) -> Option<Extent> {
        let extents = self.stops.iter().filter_map(|day| self.series.extent(*day));
        extents.reduce(Extent::and)
    }

    /// The roles whose numbers are read out for a day, in that order.
    pub fn roles(&self) -> Vec<Role> {
        match &self.series {
            Series::Line { .. } if self.has_averages() => vec![Role::Value, Role::Average],
            Series::Line { .. } => vec![Role::Value],
            Series::Stacked { parts } => {
                let whole = (parts.len() > 1).then_some(Role::Total);
                (0..parts.len()).map(Role::Part).chain(whole).collect()
            }
            Series::Ranges { values } => {
                let marked = values.iter().flatten().any(|range| range.mid.is_some());
                [Role::High, Role::Low].into_iter().chain(marked.then_some(Role::Mid)).collect()
            }
        }
    }

    /// The roles that are painted, from the back to the front.
    pub fn shapes(&self) -> Vec<Role> {
        match &self.series {
            Series::Line { .. } if self.has_averages() => vec![Role::Line, Role::Value, Role::Average],
            Series::Line { .. } => vec![Role::Line, Role::Value],
            Series::Stacked { parts } => (0..parts.len()).map(Role::Part).collect(),
            Series::Ranges { .. } => vec![Role::Span, Role::Low, Role::Mid, Role::High],
        }
    }

    /// The number of each of the [`roles`](Self::roles) on a day.
    pub fn readings(&self, day: usize) -> Vec<Reading> {
        self.roles().into_iter().map(|role| Reading { role, value: self.value(role, day) }).collect()
    }

    /// The number of a role on a day; `None` if the day has none, or the role is only a shape.
    pub fn value(&self, role: Role, day: usize) -> Option<f64> {
        let range = self.series.range(day);
        match role {
            Role::Value => self.series.value(day),
            Role::Average => self.average(day),
            Role::Part(part) => Some(self.series.part(part, day)),
            Role::Total => Some(self.series.total(day)),
            Role::High => range.map(|range| range.high),
            Role::Low => range.map(|range| range.low),
            Role::Mid => range.and_then(|range| range.mid),
            Role::Line | Role::Span | Role::Goal | Role::Guide | Role::Band => None,
        }
    }
}
