//! All of a drawing but the cursor, as text of SVG attributes.
//!
//! Elements follow it one attribute each. To build the view anew at every change would be shorter,
//! but that writes every attribute of every element again, and an event changes two or three.

use latido_chart::{Drawing, Role, Shape, draw, goal_line, path};

use super::{
    data::{ChartState, LABEL_GAP, Layout},
    width::HEIGHT,
};
use crate::{browser::format, i18n::Locale};

#[derive(Clone, Default, PartialEq)]
pub struct Scene {
    pub labels: Vec<Label>,
    pub grid: String,
    pub goal: String,
    pub drawing: Drawing,
    pub dense: bool,
    pub turn: bool,
}

#[derive(Clone, PartialEq)]
pub struct Label {
    pub class: &'static str,
    pub x: String,
    pub y: String,
    pub words: String,
}

/// The room that the name of a day wants.
const DAY_ROOM: f64 = 56.0;
/// Below this a day's dot would touch its neighbour's.
const DENSE: f64 = 9.0;

impl Scene {
    pub fn new(state: &ChartState, layout: &Layout, locale: Locale) -> Self {
        if layout.width == 0 {
            return Self::default();
        }
        let plot = &layout.plot;
        let ticks = plot.ticks();
        let mut grid = path::Path::default();
        for tick in &ticks {
            grid.level(plot.y(*tick), plot.area().left, plot.area().right);
        }
        let values = layout.labels.iter().zip(&ticks).map(|(words, tick)| {
            let x = plot.area().left - LABEL_GAP;
            label("chart-value", x, plot.y(*tick), words.clone())
        });
        let width = f64::from(layout.width);
        let days = plot.labelled(DAY_ROOM).into_iter().map(|day| {
            let words = format::date_of(locale.language, state.day(day).start());
            // The last day's name ends with the plot instead of running out of it.
            if plot.x(day) + DAY_ROOM / 2.0 > width {
                label("chart-day chart-last", width, f64::from(HEIGHT), words)
            } else {
                label("chart-day", plot.x(day), f64::from(HEIGHT), words)
            }
        });
        Self {
            labels: values.chain(days).collect(),
            grid: grid.into_text(),
            goal: goal_line(plot).map(|shape| shape.path).unwrap_or_default(),
            drawing: draw(&state.model, plot, &state.fresh),
            dense: plot.band() < DENSE,
            turn: state.turn,
        }
    }

    /// What paints a role, of the days at rest or of those that just changed.
    pub fn path(&self, role: Role, fresh: bool) -> String {
        let shapes = if fresh { &self.drawing.fresh } else { &self.drawing.settled };
        path_of(shapes, role)
    }
}

pub fn path_of(shapes: &[Shape], role: Role) -> String {
    shapes.iter().find(|shape| shape.role == role).map(|shape| shape.path.clone()).unwrap_or_default()
}

fn label(class: &'static str, x: f64, y: f64, words: String) -> Label {
    Label { class, x: path::length(x), y: path::length(y), words }
}
