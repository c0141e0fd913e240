//! What a device source is to a link: a language. A connector reads what the source says and writes what
//! is to be said to it. It does no I/O and keeps no time; a new one is made for every dial, so nothing of
//! an old conversation can reach into a new one.

use std::time::Duration;

use latido_domain::device_link::DeviceChannel;
use latido_protocol::reason::Reason;
use serde_json::Value;

/// Longer names are cut. They come from outside and go to every viewer.
const MAX_NAME: usize = 100;

/// Names a command that was given to a connector, so that its answer is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommandId(pub u64);

/// What a message says about one device. What it does not say is `None` and stays as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub channel: DeviceChannel,
    pub name: Option<String>,
    /// A source may know that a device behind it is gone.
    pub online: Option<bool>,
    pub relay_on: Option<bool>,
    /// Watts.
    pub power: Option<f64>,
    /// Volts.
    pub voltage: Option<f64>,
    /// °C.
    pub temperature: Option<f64>,
}

impl Reading {
    pub fn of(channel: DeviceChannel) -> Self {
        Self {
            channel,
            name: None,
            online: None,
            relay_on: None,
            power: None,
            voltage: None,
            temperature: None,
        }
    }
}

/// What was heard in a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Reading(Reading),
    /// This has to be said in answer.
    Say(String),
    /// A command was carried out, or the device said why not.
    Answer {
        command: CommandId,
        result: Result<(), String>,
    },
    /// The source does not accept the credentials. Trying again would not help.
    LockedOut(Reason),
    /// The source answers, but not with what the link needs; it is dialled again after `pause` at the earliest.
    Unusable {
        why: Reason,
        pause: Duration,
    },
    /// Not a message of this language. It is counted and has no other effect.
    Unreadable,
}

/// The language of one kind of source.
pub trait Connector: Send {
    /// What is said first, once the socket is open.
    fn opened(&mut self) -> Vec<String>;

    /// Reads one message.
    fn heard(&mut self, text: &str) -> Vec<Heard>;

    /// The message that switches a relay; `None` when the source has no such relay. The answer is heard
    /// later, under the same id.
    fn switch(&mut self, command: CommandId, channel: &DeviceChannel, on: bool) -> Option<String>;

    /// The answer to this command is not waited for any more.
    fn forget(&mut self, command: CommandId);

    /// Whether what is asked first has been answered. Until then the link has a deadline.
    fn is_ready(&self) -> bool {
        true
    }
}

/// A power in watts, if it is one that a socket can have.
pub fn power(value: &Value) -> Option<f64> {
    within(value, -100_000.0, 100_000.0)
}

/// A voltage in volts.
pub fn voltage(value: &Value) -> Option<f64> {
    within(value, 0.0, 1_000.0)
}

/// A temperature in °C.
pub fn temperature(value: &Value) -> Option<f64> {
    within(value, -100.0, 300.0)
}

fn within(value: &Value, least: f64, most: f64) -> Option<f64> {
    value.as_f64().filter(|number| (least..=most).contains(number))
}

/// A name to show: without control characters, not blank, not long.
pub fn name(value: &Value) -> Option<String> {
    let shown: String =
        value.as_str()?.chars().filter(|letter| !letter.is_control()).take(MAX_NAME).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}
