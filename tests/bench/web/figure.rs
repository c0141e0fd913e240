//! Values of both sides, and how they compare. Of everything that is measured, less is better.

use crate::side::Side;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Ms,
    Kilobytes,
    Megabytes,
    Times,
}

impl Unit {
    /// As a table shows it.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Ms if value >= 100.0 => format!("{value:.0} ms"),
            Self::Ms => format!("{value:.1} ms"),
            Self::Kilobytes => format!("{value:.1} kB"),
            Self::Megabytes => format!("{value:.2} MB"),
            Self::Times => format!("{value:.0}"),
        }
    }
}

/// Whether the short table has it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Headline,
    Detail,
}

/// One value of one side.
pub struct Sample {
    pub what: String,
    pub unit: Unit,
    pub weight: Weight,
    pub value: f64,
}

impl Sample {
    pub fn headline(what: impl Into<String>, unit: Unit, value: f64) -> Self {
        Self { what: what.into(), unit, weight: Weight::Headline, value }
    }

    pub fn detail(what: impl Into<String>, unit: Unit, value: f64) -> Self {
        Self { weight: Weight::Detail, ..Self::headline(what, unit, value) }
    }
}

/// All values of one thing.
pub struct Figure {
    pub what: String,
    pub unit: Unit,
    pub weight: Weight,
    latido: Vec<f64>,
    peer: Vec<f64>,
}

impl Figure {
    pub fn median(&self, side: Side) -> f64 {
        percentile(self.values(side), 0.5)
    }

    /// The least and the most of all rounds.
    pub fn span(&self, side: Side) -> (f64, f64) {
        let values = self.values(side).iter().copied();
        (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
    }

    pub fn rounds(&self) -> usize {
        self.latido.len()
    }

    fn values(&self, side: Side) -> &[f64] {
        match side {
            Side::Latido => &self.latido,
            Side::Peer => &self.peer,
        }
    }

    /// The last cell of the row.
    pub fn verdict(&self) -> String {
        let (latido, peer) = (self.median(Side::Latido), self.median(Side::Peer));
        if self.unit.show(latido) == self.unit.show(peer) {
            return "alike".to_owned();
        }
        let mut words = Vec::new();
        if latido > 0.0 && peer > 0.0 {
            words.push(format!("{:.1}×", peer / latido));
        }
        if latido > peer {
            words.push("**behind**".to_owned());
        }
        if self.overlaps() {
            words.push("(overlapping)".to_owned());
        }
        words.join(" ")
    }

    /// Whether the better side's worst round was worse than the other's best: another run may say otherwise.
    fn overlaps(&self) -> bool {
        let (latido, peer) = (self.span(Side::Latido), self.span(Side::Peer));
        self.rounds() > 1 && latido.0 <= peer.1 && peer.0 <= latido.1
    }
}

/// In the order in which they were first measured.
#[derive(Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    pub fn add(&mut self, side: Side, samples: Vec<Sample>) {
        for Sample { what, unit, weight, value } in samples {
            let place = self.0.iter().position(|figure| figure.what == what).unwrap_or_else(|| {
                self.0.push(Figure { what, unit, weight, latido: Vec::new(), peer: Vec::new() });
                self.0.len() - 1
            });
            match side {
                Side::Latido => self.0[place].latido.push(value),
                Side::Peer => self.0[place].peer.push(value),
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Figure> {
        self.0.iter()
    }
}

/// The value that this share (0 to 1) of all does not exceed.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (share * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(place - 1).copied().unwrap_or(f64::NAN)
}
