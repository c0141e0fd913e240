//! A record of any kind that lists hold. One enum instead of a type parameter: pages, rows and
//! forms exist once in the wasm, not once per kind.

use latido_protocol::{
    event::{self, Event, Family},
    exercise::ExerciseLog,
    food::FoodLog,
    json::{FromJson, Malformed, Reader},
    metric::HealthMetric,
    profile::HealthProfile,
    record::Record,
    time::Timestamp,
    values::Source,
};

use crate::api::error::ApiError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Food,
    Exercise,
    Metric,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AnyRecord {
    Food(FoodLog),
    Exercise(ExerciseLog),
    Metric(HealthMetric),
}

impl Kind {
    pub fn path(self) -> &'static str {
        match self {
            Self::Food => FoodLog::PATH,
            Self::Exercise => ExerciseLog::PATH,
            Self::Metric => HealthMetric::PATH,
        }
    }

    /// The family whose events speak of it.
    pub fn family(self) -> Family {
        match self {
            Self::Food => Family::Food,
            Self::Exercise => Family::Exercise,
            Self::Metric => Family::Metric,
        }
    }

    /// The records of one page of a list, and the cursor of the next.
    pub(crate) fn parse_page(self, body: &str) -> Result<(Vec<AnyRecord>, Option<String>), ApiError> {
        let (mut records, mut next) = (None, None);
        let mut field = |name: &str, reader: &mut Reader<'_>| {
            match name {
                "foodLogs" | "exerciseLogs" | "healthMetrics" => {
                    let mut page = Vec::new();
                    reader.array(&mut |reader| {
                        page.push(self.read(reader)?);
                        Ok(())
                    })?;
                    records = Some(page);
                }
                "nextCursor" => next = Option::read(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        };
        let mut reader = Reader::new(body);
        let read = reader.object(&mut field).and_then(|()| reader.end());
        match (read, records) {
            (Ok(()), Some(records)) => Ok((records, next)),
            _ => Err(ApiError::Unreadable),
        }
    }

    /// The answer to a request for one record, or to a write.
    pub(crate) fn parse_one(self, body: &str) -> Result<AnyRecord, ApiError> {
        parse_one(body, &mut |reader| self.read(reader))
    }

    /// One record, as it stands in an event or a list.
    pub(super) fn parse(self, text: &str) -> Result<AnyRecord, ApiError> {
        self.read(&mut Reader::new(text)).map_err(|_| ApiError::Unreadable)
    }

    fn read(self, reader: &mut Reader<'_>) -> Result<AnyRecord, Malformed> {
        match self {
            Self::Food => FoodLog::read(reader).map(AnyRecord::Food),
            Self::Exercise => ExerciseLog::read(reader).map(AnyRecord::Exercise),
            Self::Metric => HealthMetric::read(reader).map(AnyRecord::Metric),
        }
    }
}

/// What an answer holds under the one name that it has; the profile among them.
pub(super) fn parse_one<T>(
    body: &str,
    read: &mut dyn FnMut(&mut Reader<'_>) -> Result<T, Malformed>,
) -> Result<T, ApiError> {
    let mut one = None;
    let field = &mut |name: &str, reader: &mut Reader<'_>| {
        match name {
            "foodLog" | "exerciseLog" | "healthMetric" | "healthProfile" => one = Some(read(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    };
    let whole = Reader::new(body).object(field);
    one.filter(|_| whole.is_ok()).ok_or(ApiError::Unreadable)
}

/// What an event or a write's answer says about what is held.
pub enum Change {
    Put(AnyRecord),
    Removed { kind: Kind, id: String },
    Profile(HealthProfile),
}

impl Change {
    /// `None` for what no list holds.
    pub fn of(event: &Event) -> Option<Self> {
        fn change<R: Record>(change: &event::Change<R>, kind: Kind, wrap: fn(R) -> AnyRecord) -> Change {
            match change {
                event::Change::Created(record) | event::Change::Updated(record) => {
                    Change::Put(wrap(record.clone()))
                }
                event::Change::Deleted(id) => Change::Removed { kind, id: id.as_str().to_owned() },
            }
        }
        Some(match event {
            Event::Food(food) => change(food, Kind::Food, AnyRecord::Food),
            Event::Exercise(exercise) => change(exercise, Kind::Exercise, AnyRecord::Exercise),
            Event::Metric(metric) => change(metric, Kind::Metric, AnyRecord::Metric),
            Event::Profile(profile) => Self::Profile(profile.clone()),
            Event::Told(_) => return None,
        })
    }
}

impl AnyRecord {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Food(_) => Kind::Food,
            Self::Exercise(_) => Kind::Exercise,
            Self::Metric(_) => Kind::Metric,
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Food(record) => record.id.as_str(),
            Self::Exercise(record) => record.id.as_str(),
            Self::Metric(record) => record.id.as_str(),
        }
    }

    pub fn version(&self) -> u64 {
        match self {
            Self::Food(record) => record.version,
            Self::Exercise(record) => record.version,
            Self::Metric(record) => record.version,
        }
    }

    pub fn at(&self) -> Timestamp {
        match self {
            Self::Food(record) => record.logged_at,
            Self::Exercise(record) => record.logged_at,
            Self::Metric(record) => record.measured_at,
        }
    }

    pub fn updated_at(&self) -> Timestamp {
        match self {
            Self::Food(record) => record.updated_at,
            Self::Exercise(record) => record.updated_at,
            Self::Metric(record) => record.updated_at,
        }
    }

    pub fn source(&self) -> Source {
        match self {
            Self::Food(record) => record.source,
            Self::Exercise(record) => record.source,
            Self::Metric(record) => record.source,
        }
    }
}
