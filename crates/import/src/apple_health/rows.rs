//! Times as Apple writes them, and rows as events.

use std::borrow::Cow;

use latido_protocol::time::Timestamp;
use serde_json::Value;

use crate::{
    event::{ReadEvent, Sink, SinkError},
    row::{Identity, Row, RowKind},
};

/// The error is the reason why a sample cannot be read.
pub type SampleResult = Result<(), Cow<'static, str>>;

/// A time as Apple writes it, `2026-11-21 08:15:00 +0100`.
pub fn instant(text: &str) -> Option<Timestamp> {
    let (at, offset) = (text.get(..19)?, text.get(19..)?.trim());
    let (hours, minutes) = (offset.get(..3)?, offset.get(3..)?.trim_start_matches(':'));
    Timestamp::parse(&format!("{at}{hours}:{minutes}"))
}

/// A row of one measured value.
pub fn metric(
    line: u64,
    kind: &str,
    at: Timestamp,
    value: f64,
    value2: Option<f64>,
    identity: Identity,
) -> ReadEvent {
    row(
        line,
        RowKind::Metrics,
        [
            ("measuredAt", Some(at.to_string().into())),
            ("kind", Some(kind.into())),
            ("value", Some(value.into())),
            ("value2", value2.map(Value::from)),
        ],
        identity,
    )
}

pub fn row<const N: usize>(
    line: u64,
    kind: RowKind,
    fields: [(&str, Option<Value>); N],
    identity: Identity,
) -> ReadEvent {
    let record = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    ReadEvent::Row { line, row: Row { kind, record, identity } }
}

/// Passes several events to a sink.
pub fn all(found: impl IntoIterator<Item = ReadEvent>, sink: Sink) -> Result<(), SinkError> {
    found.into_iter().try_for_each(sink)
}
