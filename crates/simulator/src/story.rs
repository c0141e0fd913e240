//! What happened in a run, for a person who wants to know why it failed. Nothing is written down
//! unless somebody asked: a hundred thousand runs are for nobody to read.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Milliseconds since the run began.
    pub at: i64,
    pub who: &'static str,
    pub what: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story(Option<Vec<Line>>);

impl Story {
    pub fn recorded() -> Self {
        Self(Some(Vec::new()))
    }

    pub fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    pub fn add(&mut self, at: i64, who: &'static str, what: String) {
        if let Some(lines) = &mut self.0 {
            lines.push(Line { at, who, what });
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.iter().flatten() {
            let (minutes, seconds, ms) = (line.at / 60_000, line.at / 1000 % 60, line.at % 1000);
            writeln!(f, "{minutes:3}:{seconds:02}.{ms:03}  {:8} {}", line.who, line.what)?;
        }
        Ok(())
    }
}

/// Writes a line of the story, and formats it only if there is one.
macro_rules! tell {
    ($world:expr, $who:literal, $($what:tt)+) => {
        if $world.story.is_recorded() {
            let what = format!($($what)+);
            let at = $world.now;
            $world.story.add(at, $who, what);
        }
    };
}
pub(crate) use tell;
