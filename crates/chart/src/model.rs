//! A series with what follows from it, computed once: drawing, read-out and table ask the same model.

use crate::{average::moving_average, drawing::Role, extent::Extent, series::Series};

#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    series: Series,
    averages: Vec<Option<f64>>,
    stops: Vec<usize>,
}

/// A number that a day has, and what draws it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    pub role: Role,
    pub value: Option<f64>,
}

impl Model {
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

    pub fn series(&self) -> &Series {
        &self.series
    }

    /// The days that have something to show, in order.
    pub fn stops(&self) -> &[usize] {
        &self.stops
    }

    pub fn has_averages(&self) -> bool {
        !self.averages.is_empty()
    }

    pub fn average(&self, day: usize) -> Option<f64> {
        self.averages.get(day).copied().flatten()
    }

    /// Averages lie between values, so they need no room of their own.
    pub(crate) fn extent(&self) -> Option<Extent> {
        let extents = self.stops.iter().filter_map(|day| self.series.extent(*day));
        extents.reduce(Extent::and)
    }

    /// What there is to say about any day of this series, in the order of saying it.
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

    /// What is painted of any day of this series, from the back to the front.
    pub fn shapes(&self) -> Vec<Role> {
        match &self.series {
            Series::Line { .. } if self.has_averages() => vec![Role::Line, Role::Value, Role::Average],
            Series::Line { .. } => vec![Role::Line, Role::Value],
            Series::Stacked { parts } => (0..parts.len()).map(Role::Part).collect(),
            Series::Ranges { .. } => vec![Role::Span, Role::Low, Role::Mid, Role::High],
        }
    }

    /// Every role's number on a day.
    pub fn readings(&self, day: usize) -> Vec<Reading> {
        self.roles().into_iter().map(|role| Reading { role, value: self.value(role, day) }).collect()
    }

    /// A role's number on a day.
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
