//! Daily totals of several sources.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::civil::Date;

/// The sources (apps and devices) by number: their names are long and there are few of them.
#[derive(Default)]
pub struct Sources(BTreeMap<String, u32>);

impl Sources {
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.insert(name.to_owned(), number);
        number
    }
}

/// What several sources know of the same day: the one that knows most counts, for each of them has seen
/// the same person walk or sleep, and adding them up would count that twice.
pub struct Days<T>(pub BTreeMap<(Date, u32), T>);

/// A day more, of one more source, than anybody has.
pub const MAX_DAYS: usize = 200_000;

impl<T: Default> Days<T> {
    pub fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub fn of(&mut self, day: Date, source: u32) -> Result<&mut T, Cow<'static, str>> {
        if self.0.len() >= MAX_DAYS && !self.0.contains_key(&(day, source)) {
            return Err("is of one day too many to be held in memory".into());
        }
        Ok(self.0.entry((day, source)).or_default())
    }

    /// Every day with what the source that knows most of it, by `amount`, knows.
    pub fn best(self, amount: impl Fn(&T) -> f64) -> impl Iterator<Item = (Date, T)> {
        let mut best: BTreeMap<Date, T> = BTreeMap::new();
        for ((day, _), known) in self.0 {
            let more = best.get(&day).is_none_or(|other| amount(&known) > amount(other));
            if more {
                best.insert(day, known);
            }
        }
        best.into_iter()
    }
}
