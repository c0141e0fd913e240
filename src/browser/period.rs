//! The period that a page of records shows: one day, or the last week, month or year up to one. Rolling windows, not
//! calendar weeks: a trend should not start anew on Mondays.

use latido_protocol::time::Timestamp;

use super::day::Day;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Day,
    Week,
    Month,
    Year,
}

impl Span {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    pub fn days(self) -> i32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Year => 365,
        }
    }
}

/// The span that ends with this day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub span: Span,
    pub last: Day,
}

impl Period {
    pub fn start(self) -> Timestamp {
        self.last.plus(1 - self.span.days()).start()
    }

    /// The first instant behind it.
    pub fn end(self) -> Timestamp {
        self.last.end()
    }

    /// So many spans later, or earlier; never later than today.
    #[must_use]
    pub fn moved(self, spans: i32) -> Self {
        Self { last: self.last.plus(spans * self.span.days()).min(Day::today()), ..self }
    }

    /// Its days, the oldest first.
    pub fn days(self) -> impl Iterator<Item = Day> {
        (1 - self.span.days()..=0).map(move |back| self.last.plus(back))
    }
}
