//! What was measured, as Markdown: a table a scenario, a column a server, and how the others compare.

use std::collections::BTreeMap;

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

    /// A table a scenario.
    pub fn full(&self) -> String {
        let mut text = String::new();
        for (scenario, rows) in &self.scenarios {
            text.push_str(&self.head(&scenario.to_string()));
            for row in rows {
                text.push_str(&self.row(row.figure.what, row));
            }
        }
        text
    }

    /// One table of what the project has goals for; what only has to be nought is told if it is not.
    pub fn brief(&self) -> String {
        let mut text = self.head("");
        for (scenario, rows) in &self.scenarios {
            for row in rows {
                let Some(goal) = row.figure.goal else { continue };
                if goal > 0.0 || row.median(Kind::Latido) > goal {
                    text.push_str(&self.row(&format!("{scenario}: {}", row.figure.what), row));
                }
            }
        }
        text
    }

    fn head(&self, title: &str) -> String {
        let kinds: Vec<_> = self.kinds.iter().map(Kind::to_string).collect();
        let lines = "---|".repeat(kinds.len() + 2);
        format!("\n| {title} | {} | at most |\n|{lines}\n", kinds.join(" | "))
    }

    fn row(&self, what: &str, row: &Row) -> String {
        let Row { figure, .. } = row;
        let ours = row.median(Kind::Latido);
        let cell = |kind: &Kind| {
            let value = row.median(*kind);
            let ratio = value / ours;
            let compared = *kind != Kind::Latido && figure.compares() && ratio.is_finite();
            let ratio = if compared { format!(" ({ratio:.1}×)") } else { String::new() };
            format!("{}{ratio}", figure.unit.spell(value))
        };
        let cells: Vec<_> = self.kinds.iter().map(cell).collect();
        let goal = match figure.goal {
            Some(goal) if ours > goal => format!("{}, **missed**", figure.unit.spell(goal)),
            Some(goal) => figure.unit.spell(goal),
            None => String::new(),
        };
        format!("| {what} | {} | {goal} |\n", cells.join(" | "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::figure::Unit;

    #[test]
    fn the_median_of_the_rounds_is_told_beside_how_the_others_compare() {
        let mut report = Report::new(&[Kind::Latido, Kind::Ws]);
        let p99 = |value| vec![Figure::of("p99", value, Unit::Milliseconds).at_most(5.0)];
        for value in [9.0, 2.0, 3.0] {
            report.add(Scenario::Acknowledgement, Kind::Latido, p99(value));
            report.add(Scenario::Acknowledgement, Kind::Ws, p99(value * 2.0));
        }
        assert!(report.full().contains("| p99 | 3.0 ms | 6.0 ms (2.0×) | 5.0 ms |\n"), "{}", report.full());
        report.add(Scenario::Acknowledgement, Kind::Latido, p99(10.0));
        report.add(Scenario::Acknowledgement, Kind::Latido, p99(10.0));
        assert!(report.full().contains("**missed**"), "{}", report.full());
    }

    #[test]
    fn what_has_to_be_nought_is_told_in_brief_only_if_it_is_not() {
        let missing = |value| vec![Figure::of("events missing", value, Unit::Count).at_most(0.0)];
        let mut report = Report::new(&[Kind::Latido]);
        report.add(Scenario::Reconnects, Kind::Latido, missing(0.0));
        assert!(!report.brief().contains("missing"));
        let mut report = Report::new(&[Kind::Latido]);
        report.add(Scenario::Reconnects, Kind::Latido, missing(1.0));
        assert!(report.brief().contains("events missing"));
    }
}
