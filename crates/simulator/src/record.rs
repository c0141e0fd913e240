//! Two families of records, which is enough to confuse them.

use std::cmp::Reverse;

use latido_cache::{Entity, Item, Period, Revision};
use latido_protocol::{
    event::{Change, Event, Family},
    exercise::ExerciseLog,
    food::FoodLog,
    id::Id,
    time::Timestamp,
    values::{Activity, Calories, FoodName, Grams, Intensity, Meal, Minutes, Source},
};

pub const DAY_MS: i64 = 86_400_000;
/// 2026-11-21T00:00:00Z: the beginning of the first of the two days that there are.
pub const FIRST_DAY_MS: i64 = 1_795_219_200_000;

/// The time on the wall, so many milliseconds after the run began.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(FIRST_DAY_MS + ms)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Food,
    Exercise,
}

/// What somebody says about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub kind: Kind,
    pub at: Timestamp,
    /// Kilocalories or minutes; what an edit changes.
    pub amount: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    Food(FoodLog),
    Exercise(ExerciseLog),
}

impl Kind {
    pub fn family(self) -> Family {
        match self {
            Self::Food => Family::Food,
            Self::Exercise => Family::Exercise,
        }
    }

    /// What an event says about a record of a list.
    pub fn of(event: &Event) -> Option<(Self, Result<Record, String>)> {
        match event {
            Event::Food(Change::Created(log) | Change::Updated(log)) => {
                Some((Self::Food, Ok(Record::Food(log.clone()))))
            }
            Event::Exercise(Change::Created(log) | Change::Updated(log)) => {
                Some((Self::Exercise, Ok(Record::Exercise(log.clone()))))
            }
            Event::Food(Change::Deleted(id)) => Some((Self::Food, Err(id.as_str().to_owned()))),
            Event::Exercise(Change::Deleted(id)) => Some((Self::Exercise, Err(id.as_str().to_owned()))),
            Event::Metric(_) | Event::Profile(_) | Event::Opaque(_) => None,
        }
    }

    pub fn deleted(self, id: &str) -> Event {
        match self {
            Self::Food => Event::Food(Change::Deleted(Id::new(id))),
            Self::Exercise => Event::Exercise(Change::Deleted(Id::new(id))),
        }
    }
}

impl Entity for Record {
    type SortKey = Reverse<(Timestamp, String)>;
    type Revision = Revision;
    type Scope = Period<Kind>;
    type Draft = Draft;

    fn id(&self) -> &str {
        self.id()
    }

    fn sort_key(&self) -> Self::SortKey {
        Reverse((self.at(), self.id().to_owned()))
    }

    fn revision(&self) -> Revision {
        let updated_at = match self {
            Self::Food(log) => log.updated_at,
            Self::Exercise(log) => log.updated_at,
        };
        Revision { version: self.version(), updated_at }
    }

    fn is_in(&self, scope: &Period<Kind>) -> bool {
        scope.holds(&self.kind(), self.at())
    }

    fn with_draft(&self, draft: &Draft) -> Self {
        let Revision { version, updated_at } = self.revision();
        Self::new(self.id(), draft, self.created_at(), updated_at, version)
    }
}

impl Item for Record {
    type Kind = Kind;

    fn provisional(id: &str, draft: &Draft, now: Timestamp) -> Self {
        Self::new(id, draft, now, now, 0)
    }

    fn says(&self, draft: &Draft) -> bool {
        self.draft() == *draft
    }

    fn belongs(draft: &Draft, kind: &Kind) -> bool {
        draft.kind == *kind
    }
}

impl std::fmt::Display for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} v{} {}", self.id(), self.version(), self.draft().amount)
    }
}

/// What an event is about, for the story.
pub fn subject(event: &Event) -> String {
    match Kind::of(event) {
        Some((_, Ok(record))) => record.to_string(),
        Some((_, Err(id))) => id,
        None => String::new(),
    }
}

/// A list for the story.
pub fn spoken<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    records.into_iter().map(Record::to_string).collect::<Vec<_>>().join(", ")
}

impl Record {
    pub fn new(id: &str, draft: &Draft, created_at: Timestamp, updated_at: Timestamp, version: u64) -> Self {
        let amount = f64::from(draft.amount);
        match draft.kind {
            Kind::Food => Self::Food(FoodLog {
                id: Id::new(id),
                logged_at: draft.at,
                meal: Meal::Lunch,
                name: FoodName::new("Avena").expect("a name"),
                calories: Calories::new(amount).expect("few calories"),
                protein_g: Grams::LEAST,
                carbs_g: Grams::LEAST,
                fat_g: Grams::LEAST,
                notes: None,
                source: Source::Wallavi,
                created_at,
                updated_at,
                version,
            }),
            Kind::Exercise => Self::Exercise(ExerciseLog {
                id: Id::new(id),
                logged_at: draft.at,
                activity: Activity::new("Correr").expect("a name"),
                duration_min: Minutes::new(amount).expect("a short time"),
                intensity: Intensity::High,
                calories_burned: None,
                distance_km: None,
                notes: None,
                source: Source::Wallavi,
                created_at,
                updated_at,
                version,
            }),
        }
    }

    /// The record after an edit.
    #[must_use = "the edited record is a new one"]
    pub fn edited(&self, draft: &Draft, now: Timestamp) -> Self {
        Self::new(self.id(), draft, self.created_at(), now, self.version() + 1)
    }

    fn created_at(&self) -> Timestamp {
        match self {
            Self::Food(log) => log.created_at,
            Self::Exercise(log) => log.created_at,
        }
    }

    pub fn draft(&self) -> Draft {
        match self {
            Self::Food(log) => {
                Draft { kind: Kind::Food, at: log.logged_at, amount: log.calories.get() as u32 }
            }
            Self::Exercise(log) => {
                Draft { kind: Kind::Exercise, at: log.logged_at, amount: log.duration_min.get() as u32 }
            }
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Food(_) => Kind::Food,
            Self::Exercise(_) => Kind::Exercise,
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Food(log) => log.id.as_str(),
            Self::Exercise(log) => log.id.as_str(),
        }
    }

    pub fn at(&self) -> Timestamp {
        match self {
            Self::Food(log) => log.logged_at,
            Self::Exercise(log) => log.logged_at,
        }
    }

    pub fn version(&self) -> u64 {
        match self {
            Self::Food(log) => log.version,
            Self::Exercise(log) => log.version,
        }
    }

    pub fn created(&self) -> Event {
        match self.clone() {
            Self::Food(log) => Event::Food(Change::Created(log)),
            Self::Exercise(log) => Event::Exercise(Change::Created(log)),
        }
    }

    pub fn updated(&self) -> Event {
        match self.clone() {
            Self::Food(log) => Event::Food(Change::Updated(log)),
            Self::Exercise(log) => Event::Exercise(Change::Updated(log)),
        }
    }
}
