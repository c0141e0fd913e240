//! A row of a file as it is handed over to be kept, and what became of it.

use latido_protocol::problem::FieldError;
use serde::{Deserialize, Serialize};

/// The fields of a record by name.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Where a row belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum RowKind {
    Foods,
    Exercises,
    Metrics,
}

impl RowKind {
    pub const ALL: [Self; 3] = [Self::Foods, Self::Exercises, Self::Metrics];

    /// The field that says when it happened, without which the same row would be another one tomorrow.
    pub fn time_field(self) -> &'static str {
        match self {
            Self::Foods | Self::Exercises => "loggedAt",
            Self::Metrics => "measuredAt",
        }
    }

    /// The name on the wire and of `--kind`. Part of a row's digest, so it stays as it is.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Foods => "foods",
            Self::Exercises => "exercises",
            Self::Metrics => "metrics",
        }
    }

    /// What so many records are called in a report: "1 food", "2 measurements".
    pub fn counted(self, count: u64) -> String {
        let (one, more) = match self {
            Self::Foods => ("food", "foods"),
            Self::Exercises => ("exercise", "exercises"),
            Self::Metrics => ("measurement", "measurements"),
        };
        format!("{count} {}", if count == 1 { one } else { more })
    }
}

/// By what a row is known again when it is imported once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Identity {
    /// By the id that the file gives it, as our own export does.
    Id(String),
    /// By what it says, and how many rows before it in its file say the same: two equal coffees are two.
    Content(u32),
    /// By the day that it sums up. A later file may know more of that day than an earlier one.
    Day(String),
}

/// The fields of a record, as a request would bring them, and what the row is known by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Row {
    #[serde(rename = "collection")]
    pub kind: RowKind,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub record: Object,
    pub identity: Identity,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum RowOutcome {
    /// A record was made of it.
    Created,
    /// Its record was there, and now holds the more that this row knows.
    Updated,
    /// Its record was there already.
    Existing,
    /// Not all of its fields are allowed. Nothing was written.
    Refused(Vec<FieldError>),
}

/// The body of a request to keep rows.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportBatch {
    #[cfg_attr(feature = "openapi", schema(max_items = 200))]
    pub rows: Vec<Row>,
    /// Only say what would become of them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub dry_run: bool,
}

/// So many rows are kept in one transaction, at most.
pub const BATCH_ROWS: usize = 200;

/// The answer: what became of every row, in their order.
#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportResponse {
    pub rows: Vec<RowOutcome>,
}
