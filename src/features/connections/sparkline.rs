//! A sparkline: a line without axes, for a trend at a glance. Whole numbers throughout.

use std::fmt::Write;

/// In these units; the style stretches them.
pub const WIDTH: usize = 590;
pub const HEIGHT: u32 = 100;
/// The line always begins and ends within the picture, whatever is stretched.
const MARGIN: f64 = 6.0;

/// The path of the line. The newest value stands at the right edge, the lowest line is zero: a small wobble of
/// a fast connection looks small.
pub fn path(values: &[f64], places: usize) -> String {
    let most = values.iter().copied().fold(1.0, f64::max);
    let step = WIDTH / places.max(2).saturating_sub(1);
    let first = WIDTH.saturating_sub(step * values.len().saturating_sub(1));
    let mut path = String::new();
    for (place, value) in values.iter().enumerate() {
        let height = (value / most).clamp(0.0, 1.0) * (f64::from(HEIGHT) - 2.0 * MARGIN);
        let y = f64::from(HEIGHT) - MARGIN - height;
        let command = if place == 0 { 'M' } else { 'L' };
        // A string takes whatever is written.
        let _ = write!(path, "{command}{} {} ", first + place * step, y as u32);
    }
    if values.len() == 1 {
        // A line of one point is not drawn; its round end is.
        path += "h0";
    }
    path
}
