//! A source that sends JSON objects over a WebSocket: one message, one device, by names that can be
//! chosen.
//!
//! A message says which device it is about and what is known of it; what it leaves out stays as it was:
//!
//! ```json
//! {"device":"lamp-1","name":"Lamp","online":true,"relayOn":true,"currentPower":12.5,"voltage":230,"temperature":31}
//! ```
//!
//! Where the fields stand is said by JSON pointers ([`FieldMap`]). To switch a relay the link sends
//! `{"type":"relay","device":"lamp-1","on":true}`; a message about that device with its relay so is the
//! answer. Messages that are nested deeper than [`crate::json::MAX_DEPTH`] do not come this far.

use latido_domain::device_link::DeviceChannel;
use latido_protocol::link::FieldMap;
use serde_json::{Value, json};

use super::connector::{CommandId, Connector, Heard, Reading, name, power, temperature, voltage};

pub struct GenericConnector {
    fields: FieldMap,
    /// Commands that wait for the device to be so.
    waiting: Vec<(CommandId, DeviceChannel, bool)>,
}

impl GenericConnector {
    pub fn new(fields: FieldMap) -> Self {
        Self { fields, waiting: Vec::new() }
    }

    fn read(&self, message: &Value) -> Option<Reading> {
        let at = |pointer: &str| message.pointer(pointer);
        let channel = match at(&self.fields.device)? {
            Value::String(text) => DeviceChannel::new(text)?,
            Value::Number(number) => DeviceChannel::new(&number.to_string())?,
            _ => return None,
        };
        Some(Reading {
            channel,
            name: at(&self.fields.name).and_then(name),
            online: at(&self.fields.online).and_then(Value::as_bool),
            relay_on: at(&self.fields.relay_on).and_then(Value::as_bool),
            power: at(&self.fields.current_power).and_then(power),
            voltage: at(&self.fields.voltage).and_then(voltage),
            temperature: at(&self.fields.temperature).and_then(temperature),
        })
    }
}

impl Connector for GenericConnector {
    fn opened(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn heard(&mut self, text: &str) -> Vec<Heard> {
        let message = serde_json::from_str(text).ok();
        let Some(reading) = message.and_then(|message| self.read(&message)) else {
            return vec![Heard::Unreadable];
        };
        let answers = |(_, channel, on): &mut (CommandId, DeviceChannel, bool)| {
            *channel == reading.channel && reading.relay_on == Some(*on)
        };
        let answered: Vec<_> = self.waiting.extract_if(.., answers).collect();
        let answers = answered.into_iter().map(|(command, ..)| Heard::Answer { command, result: Ok(()) });
        [Heard::Reading(reading)].into_iter().chain(answers).collect()
    }

    fn switch(&mut self, command: CommandId, channel: &DeviceChannel, on: bool) -> Option<String> {
        self.waiting.push((command, channel.clone(), on));
        Some(json!({"type": "relay", "device": channel.as_str(), "on": on}).to_string())
    }

    fn forget(&mut self, command: CommandId) {
        self.waiting.retain(|(waiting, ..)| *waiting != command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn connector() -> GenericConnector {
        GenericConnector::new(FieldMap::default())
    }

    fn lamp() -> DeviceChannel {
        DeviceChannel::new("lamp-1").unwrap()
    }

    #[test]
    fn a_message_says_what_it_says_and_no_more() {
        let heard =
            connector().heard(r#"{"device":"lamp-1","relayOn":true,"currentPower":12.5,"colour":"red"}"#);
        let reading = Reading { relay_on: Some(true), power: Some(12.5), ..Reading::of(lamp()) };
        assert_eq!(heard, [Heard::Reading(reading)]);
    }

    #[test]
    fn fields_are_found_where_the_pointers_say() {
        let fields = FieldMap {
            device: "/d/id".to_owned(),
            current_power: "/values/0".to_owned(),
            ..FieldMap::default()
        };
        let heard = GenericConnector::new(fields).heard(r#"{"d":{"id":7},"values":[3]}"#);
        let reading = Reading { power: Some(3.0), ..Reading::of(DeviceChannel::new("7").unwrap()) };
        assert_eq!(heard, [Heard::Reading(reading)]);
    }

    #[test]
    fn a_command_is_answered_by_the_device_being_so() {
        let mut connector = connector();
        let sent = connector.switch(CommandId(3), &lamp(), true).unwrap();
        assert_eq!(sent, r#"{"device":"lamp-1","on":true,"type":"relay"}"#);
        assert_eq!(connector.heard(r#"{"device":"lamp-1","relayOn":false}"#).len(), 1);
        assert_eq!(connector.heard(r#"{"device":"lamp-2","relayOn":true}"#).len(), 1);
        let heard = connector.heard(r#"{"device":"lamp-1","relayOn":true}"#);
        assert_eq!(heard[1..], [Heard::Answer { command: CommandId(3), result: Ok(()) }]);
        assert_eq!(connector.heard(r#"{"device":"lamp-1","relayOn":true}"#).len(), 1);
    }

    #[test]
    fn what_names_no_device_is_unreadable() {
        for text in ["", "[]", "{}", r#"{"device":null}"#, r#"{"device":"a/b"}"#, r#"{"device":""}"#] {
            assert_eq!(connector().heard(text), [Heard::Unreadable], "{text}");
        }
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(connector().heard(&deep), [Heard::Unreadable]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, pointer: String) {
            let fields = FieldMap { device: pointer.clone(), name: pointer, ..FieldMap::default() };
            GenericConnector::new(fields).heard(&text);
            connector().heard(&text);
        }

        #[test]
        fn no_value_gets_in_that_cannot_be(power: f64, voltage: f64, name: String) {
            let text = json!({"device": "lamp-1", "currentPower": power, "voltage": voltage, "name": name});
            let heard = connector().heard(&text.to_string());
            let [Heard::Reading(reading)] = &*heard else { panic!("{heard:?}") };
            prop_assert!(reading.power.is_none_or(|power| power.abs() <= 100_000.0));
            prop_assert!(reading.voltage.is_none_or(|voltage| (0.0..=1_000.0).contains(&voltage)));
            prop_assert!(reading.name.as_ref().is_none_or(|name| !name.chars().any(char::is_control)));
        }
    }
}
