//! The text of an SVG path, in tenths of a unit: finer than eyes are, and short.
//!
//! Digits are written by hand because the general way to write a fraction is fifteen kilobytes of
//! code, and this ends in a page that a user waits for.

/// A length as the attribute of an element that is no path, rounded to tenths. NaN is written as 0.
pub fn length(value: f64) -> String {
    let mut path = Path::default();
    path.number(value);
    path.into_text()
}

/// An SVG path under construction. All coordinates are absolute and rounded to tenths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// Starts at a point.
    pub fn move_to(&mut self, x: f64, y: f64) {
        self.pair('M', x, y);
    }

    /// Draws a line to a point.
    pub fn line_to(&mut self, x: f64, y: f64) {
        self.pair('L', x, y);
    }

    /// Draws a line without length: round caps make it a dot, as large as the stroke is wide.
    pub fn dot(&mut self, x: f64, y: f64) {
        self.move_to(x, y);
        self.stay();
    }

    /// Draws a line without length where the path is: the dot of a point that has no neighbour to draw a line to.
    pub fn stay(&mut self) {
        self.0.push_str("h0");
    }

    /// Draws a line from `top` to `bottom` at `x`.
    pub fn upright(&mut self, x: f64, top: f64, bottom: f64) {
        self.move_to(x, top);
        self.single('V', bottom);
    }

    /// Draws a line from `left` to `right` at `y`.
    pub fn level(&mut self, y: f64, left: f64, right: f64) {
        self.move_to(left, y);
        self.single('H', right);
    }

    /// Draws a closed rectangle, given by its four edges so that neighbours round to the same place.
    pub fn bar(&mut self, left: f64, top: f64, right: f64, bottom: f64) {
        self.level(top, left, right);
        self.single('V', bottom);
        self.single('H', left);
        self.0.push('z');
    }

    /// The `d` attribute.
    pub fn into_text(self) -> String {
        self.0
    }

    fn single(&mut self, command: char, value: f64) {
        self.0.push(command);
        self.number(value);
    }

    fn pair(&mut self, command: char, x: f64, y: f64) {
        self.single(command, x);
        self.0.push(' ');
        self.number(y);
    }

    fn number(&mut self, value: f64) {
        // What is no number becomes zero here.
        let tenths = (value * 10.0 + 0.5).floor() as i32;
        if tenths < 0 {
            self.0.push('-');
        }
        let tenths = tenths.unsigned_abs();
        self.whole(tenths / 10);
        if !tenths.is_multiple_of(10) {
            self.0.push('.');
            self.digit(tenths % 10);
        }
    }

    fn whole(&mut self, number: u32) {
        if number >= 10 {
            self.whole(number / 10);
        }
        self.digit(number % 10);
    }

    fn digit(&mut self, digit: u32) {
        self.0.push(char::from(b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_one_decimal() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (12.0, "12"),
            (1234.56, "1234.6"),
            (0.04, "0"),
            (0.05, "0.1"),
            (-0.3, "-0.3"),
            (-20.02, "-20"),
            (9.96, "10"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(length(value), text, "{value}");
        }
    }

    #[test]
    fn a_bar_is_closed() {
        let mut path = Path::default();
        path.bar(1.0, 2.0, 3.5, 10.0);
        assert_eq!(path.into_text(), "M1 2H3.5V10H1z");
    }
}
