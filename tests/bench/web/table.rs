//! The figures as Markdown.

use std::fmt::Write;

use crate::{
    figure::{Figure, Figures, Weight},
    scenario::Scenario,
    side::Side,
};

const RULE: &str = "|---|---|---|---|";

/// Everything about one scenario, with the span of the rounds.
pub fn whole(scenario: Scenario, figures: &Figures) -> String {
    let mut text = format!("| {scenario} | Latido | React | React ÷ Latido |\n{RULE}\n");
    for figure in figures.iter() {
        let [latido, peer] = [Side::Latido, Side::Peer].map(|side| with_span(figure, side));
        let _ = writeln!(text, "| {} | {latido} | {peer} | {} |", figure.what, figure.verdict());
    }
    text
}

fn with_span(figure: &Figure, side: Side) -> String {
    let median = figure.unit.show(figure.median(side));
    if figure.rounds() < 2 {
        return median;
    }
    let (least, most) = figure.span(side);
    format!("{median} ({} – {})", figure.unit.show(least), figure.unit.show(most))
}

/// What matters most of all scenarios.
pub fn brief(tables: &[(Scenario, Figures)]) -> String {
    let mut text = format!("| | Latido | React | React ÷ Latido |\n{RULE}\n");
    for (scenario, figures) in tables {
        for figure in figures.iter().filter(|figure| figure.weight == Weight::Headline) {
            let [latido, peer] = [Side::Latido, Side::Peer].map(|side| figure.unit.show(figure.median(side)));
            let _ =
                writeln!(text, "| {scenario}: {} | {latido} | {peer} | {} |", figure.what, figure.verdict());
        }
    }
    text
}
