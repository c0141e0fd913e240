//! What was measured, as Markdown: a table a scenario, a column a server, and how the others compare.

use std::{collections::BTreeMap, fmt};

use crate::{
    scenario::{Scenario, figure::Figure},
    server::Kind,
};

pub struct Report {
    kinds: Vec<Kind>,
    scenarios: BTreeMap<Scenario, Vec<Row>>,
}

/// A figure of every server, of all rounds.
struct Row {
    figure: Figure,
    values: BTreeMap<Kind, Vec<f64>>,
}

impl Row {
    fn median(&self, kind: Kind) -> f64 {
        let mut values = self.values.get(&kind).cloned().unwrap_or_default();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

impl Report {
    pub fn new(kinds: &[Kind]) -> Self {
        Self { kinds: kinds.to_vec(), scenarios: BTreeMap::new() }
    }

    pub fn add(&mut self, scenario: Scenario, kind: Kind, figures: Vec<Figure>) {
        let rows = self.scenarios.entry(scenario).or_default();
        for figure in figures {
            let value = figure.value;
            let at = rows.iter().position(|row| row.figure.what == figure.what).unwrap_or_else(|| {
                rows.push(Row { figure, values: BTreeMap::new() });
                rows.len() - 1
            });
            if let Some(row) = rows.get_mut(at) {
                row.values.entry(kind).or_default().push(value);
            }
        }
    }

    fn row(&self, row: &Row, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { figure, .. } = row;
        write!(f, "| {} |", figure.what)?;
        let ours = row.median(Kind::Latido);
        for kind in &self.kinds {
            let value = row.median(*kind);
            let ratio = value / ours;
            let compared = *kind != Kind::Latido && figure.compares() && ratio.is_finite();
            let ratio = if compared { format!(" ({ratio:.1}×)") } else { String::new() };
            write!(f, " {}{ratio} |", figure.unit.spell(value))?;
        }
        match figure.goal {
            Some(goal) => {
                let met = if ours.is_nan() || ours <= goal { "" } else { ", **missed**" };
                writeln!(f, " {}{met} |", figure.unit.spell(goal))
            }
            None => writeln!(f, " |"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (scenario, rows) in &self.scenarios {
            write!(f, "\n| {scenario} |")?;
            self.kinds.iter().try_for_each(|kind| write!(f, " {kind} |"))?;
            write!(f, " at most |\n|---|")?;
            self.kinds.iter().try_for_each(|_| write!(f, "---|"))?;
            writeln!(f, "---|")?;
            rows.iter().try_for_each(|row| self.row(row, f))?;
        }
        Ok(())
    }
}
