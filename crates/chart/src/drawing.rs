//! The shapes of a chart. What each looks like is the style sheet's to say, by its role.

use crate::{model::Model, path::Path, plot::Plot, role::Role, series::Series};

/// All marks of one role, as one path.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What the marks stand for.
    pub role: Role,
    /// The `d` attribute of an SVG path; empty if there is nothing to draw.
    pub path: String,
}

/// The shapes of a chart, in the order of painting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The shapes of all other days, and the averages of all.
    pub settled: Vec<Shape>,
    /// What belongs to the days that just changed; the rest is painted without them.
    pub fresh: Vec<Shape>,
}

/// Parts of a bar are set apart where the bars are wide enough to spare it.
const GAP: f64 = 1.0;
const WIDE: f64 = 5.0;

/// The shapes of a model on its plot. `fresh`: the days to draw apart, as [`changed`](crate::fresh::changed) finds them.
pub fn draw(model: &Model, plot: &Plot, fresh: &[usize]) -> Drawing {
    let is_fresh = |day: usize| fresh.contains(&day);
    let settled = shapes(model, plot, &|day| !is_fresh(day));
    if fresh.is_empty() {
        return Drawing { settled, fresh: Vec::new() };
    }
    let mut fresh = shapes(model, plot, &is_fresh);
    for shape in &mut fresh {
        if shape.role == Role::Line {
            // A fresh day brings the lines to its neighbours.
            let near = |day: usize| is_fresh(day) || is_fresh(day + 1) || (day > 0 && is_fresh(day - 1));
            shape.path = line(plot, &|day| model.series().value(day).filter(|_| near(day)));
        }
    }
    fresh.retain(|shape| shape.role != Role::Average);
    Drawing { settled, fresh }
}

/// The line of the goal over the whole width; `None` where the plot shows no goal.
pub fn goal_line(plot: &Plot) -> Option<Shape> {
    let goal = plot.goal()?;
    let mut path = Path::default();
    path.level(plot.y(goal), plot.area().left, plot.area().right);
    Some(Shape { role: Role::Goal, path: path.into_text() })
}

/// The shapes that mark the day under the cursor: one below the data, and a dot on each value except parts of a whole.
pub fn point_out(model: &Model, plot: &Plot, day: usize) -> (Shape, Vec<Shape>) {
    let area = plot.area();
    let mut path = Path::default();
    let role = match model.series() {
        Series::Line { .. } | Series::Ranges { .. } => {
            path.upright(plot.x(day), area.top, area.bottom);
            Role::Guide
        }
        Series::Stacked { .. } => {
            let half = plot.band() / 2.0;
            path.bar(plot.x(day) - half, area.top, plot.x(day) + half, area.bottom);
            Role::Band
        }
    };
    let below = Shape { role, path: path.into_text() };
    let mut on_top = Vec::new();
    for reading in model.readings(day) {
        let Some(value) = reading.value else { continue };
        if matches!(reading.role, Role::Part(_) | Role::Total) {
            continue;
        }
        let mut path = Path::default();
        path.dot(plot.x(day), plot.y(value));
        on_top.push(Shape { role: reading.role, path: path.into_text() });
    }
    (below, on_top)
}

fn shapes(model: &Model, plot: &Plot, shown: &dyn Fn(usize) -> bool) -> Vec<Shape> {
    let series = model.series();
    let value = |day: usize| series.value(day).filter(|_| shown(day));
    let range = |day: usize| series.range(day).filter(|_| shown(day));
    let painted = |role: Role| match role {
        Role::Line => line(plot, &value),
        Role::Value => dots(plot, &value),
        Role::Average => line(plot, &|day| model.average(day)),
        Role::Part(part) => bars(series, plot, part, shown),
        Role::Span => spans(series, plot, shown),
        Role::Low => dots(plot, &|day| range(day).map(|range| range.low)),
        Role::Mid => dots(plot, &|day| range(day)?.mid),
        Role::High => dots(plot, &|day| range(day).map(|range| range.high)),
        Role::Total | Role::Goal | Role::Guide | Role::Band => String::new(),
    };
    model.shapes().into_iter().map(|role| Shape { role, path: painted(role) }).collect()
}

/// Through the values of consecutive days; a day without one breaks it.
fn line(plot: &Plot, value: &dyn Fn(usize) -> Option<f64>) -> String {
    let mut path = Path::default();
    let mut length = 0;
    for day in 0..plot.days() {
        let Some(value) = value(day) else {
            if length == 1 {
                path.stay();
            }
            length = 0;
            continue;
        };
        let (x, y) = (plot.x(day), plot.y(value));
        if length == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
        length += 1;
    }
    if length == 1 {
        path.stay();
    }
    path.into_text()
}

fn dots(plot: &Plot, value: &dyn Fn(usize) -> Option<f64>) -> String {
    let mut path = Path::default();
    for day in 0..plot.days() {
        if let Some(value) = value(day) {
            path.dot(plot.x(day), plot.y(value));
        }
    }
    path.into_text()
}

fn bars(series: &Series, plot: &Plot, part: usize, shown: &dyn Fn(usize) -> bool) -> String {
    let mut path = Path::default();
    let half = plot.bar_width() / 2.0;
    for day in (0..plot.days()).filter(|day| shown(*day)) {
        let below: f64 = (0..part).map(|lower| series.part(lower, day)).sum();
        let height = series.part(part, day);
        if height <= 0.0 {
            continue;
        }
        let (top, bottom) = (plot.y(below + height), plot.y(below));
        let gap = if below > 0.0 && plot.bar_width() >= WIDE { GAP.min((bottom - top) / 2.0) } else { 0.0 };
        path.bar(plot.x(day) - half, top, plot.x(day) + half, bottom - gap);
    }
    path.into_text()
}

fn spans(series: &Series, plot: &Plot, shown: &dyn Fn(usize) -> bool) -> String {
    let mut path = Path::default();
    for day in (0..plot.days()).filter(|day| shown(*day)) {
        if let Some(range) = series.range(day) {
            path.upright(plot.x(day), plot.y(range.high), plot.y(range.low));
        }
    }
    path.into_text()
}
