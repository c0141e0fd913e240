//! What is measured, how often, and where it is written.

use std::path::PathBuf;

use crate::scenario::Scenario;

pub struct Options {
    pub scenarios: Vec<Scenario>,
    pub rounds: usize,
    pub full: Option<PathBuf>,
    pub brief: Option<PathBuf>,
}

impl Options {
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { scenarios: Vec::new(), rounds: 3, full: None, brief: None };
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--rounds" => options.rounds = count(&value)?,
                "--only" => options.scenarios.push(value.parse()?),
                "--full" => options.full = Some(value.into()),
                "--brief" => options.brief = Some(value.into()),
                _ => return Err(format!("there is no option {name}")),
            }
        }
        if options.scenarios.is_empty() {
            options.scenarios = Scenario::ALL.to_vec();
        }
        Ok(options)
    }
}

fn count(value: &str) -> Result<usize, String> {
    match value.parse() {
        Ok(0) | Err(_) => Err(format!("{value} is no number of rounds")),
        Ok(rounds) => Ok(rounds),
    }
}
