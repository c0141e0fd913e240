//! Where a day and a value stand. Every day has a band of the width; its mark stands in the middle.

use crate::{
    extent::Extent,
    model::Model,
    series::{Series, sound},
    ticks::Ticks,
};

/// The part of the drawing that data may use, by its edges in px; `y` grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// The x of the left edge.
    pub left: f64,
    /// The y of the upper edge.
    pub top: f64,
    /// The x of the right edge.
    pub right: f64,
    /// The y of the lower edge.
    pub bottom: f64,
}

/// The two axes of a chart: days from left to right, values from the lowest tick to the highest.
///
/// ```
/// use latido_chart::{Area, Model, Plot, Series};
///
/// let model = Model::new(Series::Stacked { parts: vec![vec![1_500.0, 2_000.0]] });
/// let area = Area { left: 0.0, top: 0.0, right: 100.0, bottom: 176.0 };
/// let plot = Plot::new(&model, area, None, 1.0);
/// assert_eq!(plot.ticks(), [0.0, 500.0, 1_000.0, 1_500.0, 2_000.0]);
/// assert_eq!((plot.x(1), plot.y(500.0)), (75.0, 132.0));
/// assert_eq!(plot.place(75.0), 1.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    area: Area,
    days: usize,
    ticks: Ticks,
    goal: Option<f64>,
}

/// The height that one interval between ticks should have, or a little more.
const INTERVAL: f64 = 44.0;
/// A goal that lies further off than this many times the data's own span would flatten the data.
const REACH: f64 = 2.0;
/// Days between labels: each, then by weeks.
const STRIDES: [usize; 9] = [1, 2, 3, 7, 14, 28, 91, 182, 364];
/// Bars leave a part of their band free, and are never wider than this.
const BAR_SHARE: f64 = 0.7;
const WIDEST_BAR: f64 = 28.0;

impl Plot {
    /// The plot of a model. Ticks stand at least 44 px apart in an area that is 88 px high or higher. Bars stand on
    /// zero. A goal that would make the extent of a line or of ranges more than three times as wide is left out, as it
    /// would flatten the data. `least_span`: how many units of the value the height shows at least.
    pub fn new(model: &Model, area: Area, goal: Option<f64>, least_span: f64) -> Self {
        let goal = goal.and_then(sound);
        let least_span = sound(least_span).unwrap_or(0.0);
        let data = model.extent();
        let (extent, goal) = match model.series() {
            Series::Stacked { .. } => {
                let data = data.unwrap_or(Extent { low: 0.0, high: 0.0 });
                (goal.map_or(data, |goal| data.with(goal)).with(0.0), goal)
            }
            Series::Line { .. } | Series::Ranges { .. } => {
                let around = goal.unwrap_or(0.0);
                let data = data.unwrap_or(Extent { low: around, high: around }).at_least(least_span);
                let goal = goal.filter(|goal| data.with(*goal).span() <= data.span() * (1.0 + REACH));
                (goal.map_or(data, |goal| data.with(goal)), goal)
            }
        };
        let intervals = ((area.bottom - area.top) / INTERVAL) as usize;
        let ticks = Ticks::over(extent.at_least(least_span), intervals);
        Self { area, days: model.series().days(), ticks, goal }
    }

    /// The same plot between other edges: labels are as wide as the ticks make them.
    #[must_use = "the moved plot is another one"]
    pub fn between(self, left: f64, right: f64) -> Self {
        Self { area: Area { left, right, ..self.area }, ..self }
    }

    /// The part of the drawing that data may use.
    pub fn area(&self) -> Area {
        self.area
    }

    /// How many days the width shows.
    pub fn days(&self) -> usize {
        self.days
    }

    /// The values of the ticks, from the lowest up.
    pub fn ticks(&self) -> Vec<f64> {
        self.ticks.values()
    }

    /// The goal, where it is near enough to be shown.
    pub fn goal(&self) -> Option<f64> {
        self.goal
    }

    /// The width of one day, in px.
    pub fn band(&self) -> f64 {
        (self.area.right - self.area.left).max(0.0) / self.days.max(1) as f64
    }

    /// The width of a bar, in px: 70 % of the band, at most 28.
    pub fn bar_width(&self) -> f64 {
        (self.band() * BAR_SHARE).min(WIDEST_BAR)
    }

    /// The x of the middle of a day's band, in px.
    pub fn x(&self, day: usize) -> f64 {
        self.area.left + (day as f64 + 0.5) * self.band()
    }

    /// The y of a value, in px. A value beyond the outermost ticks stands at the edge.
    pub fn y(&self, value: f64) -> f64 {
        let extent = self.ticks.extent();
        let share = (extent.nearest(value) - extent.low) / extent.span();
        self.area.bottom - share * (self.area.bottom - self.area.top)
    }

    /// The place of an x on the axis of days: 2.0 is the middle of the third day.
    pub fn place(&self, x: f64) -> f64 {
        let band = self.band();
        if band > 0.0 { (x - self.area.left) / band - 0.5 } else { 0.0 }
    }

    /// The days that get a label if each label needs `room` px: every day, every second or third, or every so many
    /// weeks. The last one always gets one.
    pub fn labelled(&self, room: f64) -> Vec<usize> {
        let needed = (room / self.band().max(f64::MIN_POSITIVE)).ceil();
        let fits = |stride: &usize| *stride as f64 >= needed;
        let stride = STRIDES.into_iter().find(fits).unwrap_or(self.days.max(1));
        let mut days: Vec<usize> = (0..self.days).rev().step_by(stride).collect();
        days.reverse();
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(days: usize) -> Plot {
        let area = Area { left: 0.0, top: 0.0, right: 280.0, bottom: 200.0 };
        Plot::new(&Model::new(Series::Line { values: vec![Some(5.0); days], window: 1 }), area, None, 2.0)
    }

    #[test]
    fn labels_thin_out_by_weeks_and_keep_the_last_day() {
        assert_eq!(plot(7).labelled(40.0), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(plot(7).labelled(41.0), [0, 2, 4, 6]);
        assert_eq!(plot(30).labelled(50.0), [1, 8, 15, 22, 29]);
        assert_eq!(plot(90).labelled(50.0), [5, 33, 61, 89]);
        assert_eq!(plot(0).labelled(50.0), [0_usize; 0]);
    }

    #[test]
    fn a_goal_far_from_the_data_does_not_flatten_it() {
        let model = Model::new(Series::Line { values: vec![Some(88.0), Some(90.0)], window: 7 });
        let area = Area { left: 0.0, top: 0.0, right: 280.0, bottom: 200.0 };
        assert_eq!(Plot::new(&model, area, Some(65.0), 2.0).goal(), None);
        assert_eq!(Plot::new(&model, area, Some(86.0), 2.0).goal(), Some(86.0));
        let eaten = Model::new(Series::Stacked { parts: vec![vec![200.0]] });
        assert_eq!(Plot::new(&eaten, area, Some(2000.0), 2.0).goal(), Some(2000.0), "bars grow towards it");
    }

    #[test]
    fn bars_stand_on_zero() {
        let model = Model::new(Series::Stacked { parts: vec![vec![1800.0, 2000.0]] });
        let area = Area { left: 0.0, top: 0.0, right: 280.0, bottom: 200.0 };
        assert_eq!(Plot::new(&model, area, None, 1.0).ticks().first(), Some(&0.0));
    }
}
