//! What travels between us and a Shelly: requests, answers, notifications, and the parts of a status that
//! concern a switch.

use latido_domain::device_link::DeviceChannel;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::digest_auth::Proof;
use crate::links::connector::{Reading, power, temperature, voltage};

/// A request of ours. `src` is where the answer, and every notification from now on, is sent.
#[derive(Serialize, Deserialize)]
pub struct Request {
    pub id: u64,
    pub src: String,
    pub method: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Proof>,
}

/// Anything that a device says.
#[derive(Deserialize)]
struct Spoken {
    id: Option<Value>,
    method: Option<String>,
    params: Option<Map<String, Value>>,
    result: Option<Value>,
    error: Option<RpcError>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct RpcError {
    pub code: i64,
    #[serde(default)]
    pub message: String,
}

/// What a device says, sorted.
#[derive(Debug, PartialEq)]
pub enum Frame {
    Answer {
        id: u64,
        result: Result<Map<String, Value>, RpcError>,
    },
    /// A status, whole or in part.
    Status(Map<String, Value>),
    /// Something that does not concern us: a button was pressed, a script said something.
    Other,
}

impl Frame {
    /// `None` when it is not a frame of the protocol.
    pub fn parse(text: &str) -> Option<Self> {
        let spoken: Spoken = serde_json::from_str(text).ok()?;
        match (spoken.method.as_deref(), spoken.id.as_ref().and_then(Value::as_u64)) {
            (Some("NotifyStatus" | "NotifyFullStatus"), _) => Some(Self::Status(spoken.params?)),
            (Some(_), _) => Some(Self::Other),
            (None, Some(id)) => {
                let result = match (spoken.error, spoken.result) {
                    (Some(error), _) => Err(error),
                    (None, Some(Value::Object(result))) => Ok(result),
                    // Some methods answer `null`.
                    (None, _) => Ok(Map::new()),
                };
                Some(Self::Answer { id, result })
            }
            (None, None) => None,
        }
    }
}

/// What a status says about its switches, in the order of their numbers.
pub fn switches(status: &Map<String, Value>) -> Vec<Reading> {
    let mut readings: Vec<_> = status
        .iter()
        .filter_map(|(component, status)| {
            let number: u16 = component.strip_prefix("switch:")?.parse().ok()?;
            let status = status.as_object()?;
            let channel = channel(number)?;
            let reading = Reading {
                relay_on: status.get("output").and_then(Value::as_bool),
                power: status.get("apower").and_then(power),
                voltage: status.get("voltage").and_then(voltage),
                temperature: status
                    .get("temperature")
                    .and_then(|temperature| temperature.get("tC"))
                    .and_then(temperature),
                ..Reading::of(channel)
            };
            Some((number, reading))
        })
        .collect();
    readings.sort_by_key(|(number, _)| *number);
    readings.into_iter().map(|(_, reading)| reading).collect()
}

/// The channel of a switch.
pub fn channel(number: u16) -> Option<DeviceChannel> {
    DeviceChannel::new(&format!("switch:{number}"))
}

/// The number of the switch that a channel stands for.
pub fn switch_number(channel: &DeviceChannel) -> Option<u16> {
    channel.as_str().strip_prefix("switch:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As the documentation shows it, of a device with two switches.
    const STATUS: &str = r#"{"src":"shellypro4pm-f008d1d8b8b8","dst":"latido","method":"NotifyStatus",
        "params":{"ts":1631186545.04,"sys":{"uptime":12},
        "switch:1":{"id":1,"output":false,"source":"button"},
        "switch:0":{"id":0,"output":true,"apower":8.9,"voltage":237.5,"temperature":{"tC":56.2,"tF":133.1}}}}"#;

    fn readings(text: &str) -> Vec<Reading> {
        match Frame::parse(text) {
            Some(Frame::Status(status)) => switches(&status),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_status_is_read_switch_by_switch() {
        let read = readings(STATUS);
        assert_eq!(
            read,
            [
                Reading {
                    relay_on: Some(true),
                    power: Some(8.9),
                    voltage: Some(237.5),
                    temperature: Some(56.2),
                    ..Reading::of(channel(0).unwrap())
                },
                Reading { relay_on: Some(false), ..Reading::of(channel(1).unwrap()) },
            ]
        );
    }

    #[test]
    fn a_value_that_cannot_be_is_not_taken() {
        let read = readings(&STATUS.replace("237.5", "1e9").replace("56.2", "null").replace("8.9", "\"8\""));
        assert_eq!((read[0].voltage, read[0].temperature, read[0].power), (None, None, None));
        assert_eq!(read[0].relay_on, Some(true));
    }

    #[test]
    fn an_event_concerns_nobody() {
        let event = STATUS.replace("NotifyStatus", "NotifyEvent");
        assert_eq!(Frame::parse(&event), Some(Frame::Other));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = Frame::parse(&text);
        }

        #[test]
        fn no_mutation_of_a_status_makes_it_panic(at in 0..STATUS.len(), byte in 0_u8..128) {
            let mut bytes = STATUS.as_bytes().to_vec();
            bytes[at] = byte;
            if let Some(Frame::Status(status)) = Frame::parse(&String::from_utf8(bytes).unwrap()) {
                for reading in switches(&status) {
                    prop_assert!(reading.power.is_none_or(f64::is_finite));
                }
            }
        }
    }
}
