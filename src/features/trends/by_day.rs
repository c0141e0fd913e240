//! Series for charts: the records of a list aggregated by day. Every series has one place a day, the oldest first.

use latido_protocol::{
    day_value::DayValue,
    metric::{HealthMetric, MetricKind},
    time::Timestamp,
    values::Intensity,
};

use crate::{
    browser::{day::Day, period::Period},
    data::queries::{list::List, record::AnyRecord},
    features::records::filter::RecordFilter,
    i18n::Locale,
    ui::chart::Range,
};

/// The days of a period, by their first instants: asking a calendar about every record would be slow. And what is
/// looked for in them: the rows below show nothing else either.
pub struct Days {
    pub first: Day,
    starts: Vec<Timestamp>,
    end: Timestamp,
    filter: RecordFilter,
    locale: Locale,
}

impl Days {
    pub fn of(period: Period, filter: RecordFilter, locale: Locale) -> Self {
        let days: Vec<_> = period.days().collect();
        let first = days.first().copied().unwrap_or(period.last);
        let starts = days.into_iter().map(Day::start).collect();
        Self { first, starts, end: period.end(), filter, locale }
    }

    /// Goes through the records that are looked for, each with its day's place.
    fn each(&self, list: &List, mut visit: impl FnMut(usize, &AnyRecord)) {
        list.each(|record| {
            if self.filter.is_empty() || self.filter.admits(record, self.locale) {
                let place = self.place(record.at());
                if let Some(place) = place {
                    visit(place, record);
                }
            }
        });
    }

    fn place(&self, at: Timestamp) -> Option<usize> {
        (at < self.end).then(|| self.starts.partition_point(|start| *start <= at))?.checked_sub(1)
    }

    fn none<T: Clone>(&self) -> Vec<Option<T>> {
        vec![None; self.starts.len()]
    }
}

/// One of the sums of records (see `AnyRecord::parts`); `None` on days without a record.
pub fn sum(list: &List, days: &Days, part: usize) -> Vec<Option<f64>> {
    let mut sums = days.none();
    days.each(list, |place, record| {
        sums[place] = Some(sums[place].unwrap_or(0.0) + record.parts()[part]);
    });
    sums
}

/// Grams of protein, carbohydrates and fat.
pub fn macros(list: &List, days: &Days) -> Vec<Vec<f64>> {
    let whole = |part| sum(list, days, part).into_iter().map(Option::unwrap_or_default).collect();
    [1, 2, 3].map(whole).into()
}

/// Minutes, by intensity in the order of [`Intensity::ALL`].
pub fn minutes(list: &List, days: &Days) -> Vec<Vec<f64>> {
    let mut minutes = vec![vec![0.0; days.starts.len()]; Intensity::ALL.len()];
    days.each(list, |place, record| {
        let AnyRecord::Exercise(log) = record else { return };
        let part = Intensity::ALL.iter().position(|intensity| *intensity == log.intensity);
        if let Some(part) = part {
            minutes[part][place] += record.parts()[0];
        }
    });
    minutes
}

/// The measurements of a kind, each with its day's place, the newest first.
fn each_of(list: &List, days: &Days, kind: MetricKind, mut visit: impl FnMut(usize, &HealthMetric)) {
    days.each(list, |place, record| {
        if let AnyRecord::Metric(metric) = record
            && metric.kind == kind
        {
            visit(place, metric);
        }
    });
}

/// The value of each day, aggregated by the rule of its kind.
pub fn measured(list: &List, days: &Days, kind: MetricKind) -> Vec<Option<f64>> {
    let mut made_up = vec![DayValue::new(kind); days.starts.len()];
    each_of(list, days, kind, |place, metric| made_up[place].add(metric.value));
    made_up.into_iter().map(DayValue::get).collect()
}

/// From a day's lowest diastolic to its highest systolic pressure.
pub fn pressures(list: &List, days: &Days) -> Vec<Option<Range>> {
    let mut ranges: Vec<Option<Range>> = days.none();
    each_of(list, days, MetricKind::BloodPressure, |place, metric| {
        let low = metric.value2.unwrap_or(metric.value);
        let range = ranges[place].get_or_insert(Range { low, high: metric.value, mid: None });
        range.low = range.low.min(low);
        range.high = range.high.max(metric.value);
    });
    ranges
}

/// The kinds that were measured at all, in the order of [`MetricKind::ALL`].
pub fn kinds(list: &List) -> Vec<MetricKind> {
    let mut found = Vec::new();
    list.each(|record| {
        if let AnyRecord::Metric(metric) = record
            && !found.contains(&metric.kind)
        {
            found.push(metric.kind);
        }
    });
    MetricKind::ALL.iter().copied().filter(|kind| found.contains(kind)).collect()
}
