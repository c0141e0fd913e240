//! The fields of a health metric. Whether a value is allowed depends on its kind, so the two numbers
//! are read plainly and checked together.

use latido_protocol::{
    event::{Change, Event},
    metric::{HealthMetric, MetricKind, Reading},
    reason::Code,
    time::Timestamp,
};

use crate::{
    fields::{Fields, plain_number, text},
    record_kind::{RecordKind, Stamp},
};

impl RecordKind for HealthMetric {
    const AT: &'static str = "measuredAt";
    const FACETS: &'static [&'static str] = MetricKind::WORDS;

    fn facet(&self) -> &'static str {
        self.kind.as_str()
    }

    fn build(fields: &mut Fields, stamp: &Stamp<Self>) -> Option<Self> {
        let measured_at = stamp.read_at(fields);
        let kind = fields.required("kind", text(MetricKind::parse));
        let value = fields.optional("value", plain_number);
        let value2 = fields.optional("value2", plain_number);
        let source = stamp.read_source(fields);
        // A unit need not be said. A wrong one is not overheard: 160 lb must not become 160 kg.
        let unit = fields.optional("unit", |value| Ok(value.clone()));
        if let (Some(kind), Some(Some(unit))) = (kind, unit)
            && unit != kind.unit()
        {
            let detail = format!("must be {}, or left out", kind.unit());
            fields.refuse::<()>("unit", Code::WrongUnit.says(detail).with("unit", kind.unit()));
        }
        let reading = match Reading::new(kind?, value?, value2?) {
            Ok(reading) => reading,
            Err(refused) => {
                for (name, invalid) in [("value", refused.value), ("value2", refused.value2)] {
                    if let Some(invalid) = invalid {
                        fields.refuse::<()>(name, invalid);
                    }
                }
                return None;
            }
        };
        Some(Self {
            id: stamp.id.clone(),
            measured_at: measured_at?,
            kind: reading.kind(),
            value: reading.value(),
            value2: reading.value2(),
            unit: reading.kind().unit().to_owned(),
            source: source?,
            created_at: stamp.created_at,
            updated_at: stamp.updated_at,
            version: stamp.version,
        })
    }

    fn stamp(&self, now: Timestamp) -> Stamp<Self> {
        Stamp {
            id: self.id.clone(),
            now,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
            at: self.measured_at,
            source: self.source,
        }
    }

    fn renew(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
    }

    fn event(change: Change<Self>) -> Event {
        Event::Metric(change)
    }
}
