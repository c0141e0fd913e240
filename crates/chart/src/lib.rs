//! Charts as geometry: numbers by day in, SVG paths out. No browser, no text, no colour.
//!
//! A chart is a handful of paths, however many days it shows: a year of dots is one `d` attribute.
//! So a live update changes a few strings, and what is drawn can be tested without a browser.
//!
//! Days are counted from 0, the first of the series. Lengths are in px of the drawing, and `y` grows downwards.
//!
//! ```
//! use latido_chart::{Area, Model, Plot, Role, Series, draw};
//!
//! let weights = vec![Some(70.4), None, Some(70.1)];
//! let model = Model::new(Series::Line { values: weights, window: 7 });
//! let area = Area { left: 40.0, top: 8.0, right: 340.0, bottom: 200.0 };
//! let plot = Plot::new(&model, area, None, 2.0);
//! let drawing = draw(&model, &plot, &[]);
//! assert_eq!(plot.ticks(), [69.0, 70.0, 71.0, 72.0]);
//! assert!(drawing.settled.iter().any(|shape| shape.role == Role::Average));
//! ```
//!
//! | file | idea |
//! |---|---|
//! | [`series`] | what can be shown: a line, stacked parts, ranges |
//! | [`model`] | a series with what follows from it: averages, days with data, readings |
//! | [`average`] | the moving average that skips gaps |
//! | [`extent`] | from the least value to the greatest |
//! | [`ticks`] | few round numbers that cover an extent |
//! | [`plot`] | where a day and a value stand |
//! | [`path`] | the text of an SVG path |
//! | [`role`] | what a shape or a number is: value, average, goal, … |
//! | [`drawing`] | the shapes of a chart, and of the day one looks at |
//! | [`cursor`] | the day under a pointer, the next day by key |
//! | [`fresh`] | which days an update changed |

#![warn(missing_docs, clippy::missing_errors_doc, clippy::missing_panics_doc)]

pub mod average;
pub mod cursor;
pub mod drawing;
pub mod extent;
pub mod fresh;
pub mod model;
pub mod path;
pub mod plot;
pub mod role;
pub mod series;
pub mod ticks;

pub use cursor::Step;
pub use drawing::{Drawing, Shape, draw, goal_line, point_out};
pub use model::{Model, Reading};
pub use plot::{Area, Plot};
pub use role::Role;
pub use series::{Range, Series};
