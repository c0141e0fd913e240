//! The conversation with a Shelly.

use std::{collections::HashMap, time::Duration};

use latido_domain::device_link::DeviceChannel;
use latido_protocol::reason::Code;
use serde_json::{Map, Value, json};

use super::{
    digest_auth::{Challenge, Credentials, Proof},
    frame::{Frame, Request, RpcError, channel, switch_number, switches},
};
use crate::links::connector::{CommandId, Connector, Heard, Reading, name};

/// The error of a request without, or with a wrong, proof.
const UNAUTHORIZED: i64 = 401;
/// Too many failed proofs: the device takes none for some minutes.
const TOO_MANY_FAILURES: i64 = 429;
/// How long a device that has answered so is left alone, ...
const LOCKOUT_PAUSE: Duration = Duration::from_mins(2);
/// ... and one that does not say how it is.
const STATUS_PAUSE: Duration = Duration::from_secs(10);
/// The first firmware that insists on a growing count.
const COUNTING_FIRMWARE: u32 = 2;
/// A nonce may have expired between two requests; a proof that is refused twice is wrong.
const PROOFS: u8 = 2;
/// What a device says about itself is cut to this.
const MAX_REFUSAL: usize = 200;

/// A request that has not been answered.
#[derive(Clone, Debug)]
enum Call {
    DeviceInfo,
    Status,
    Switch { command: CommandId, number: u16, on: bool },
}

struct Pending {
    call: Call,
    /// How many proofs have been sent with it.
    proofs: u8,
}

pub struct ShellyConnector {
    /// Our name, to which the device addresses what it says.
    src: String,
    password: Option<String>,
    /// Used again until the device sends another challenge.
    credentials: Option<Credentials>,
    /// Whether a nonce is used with a growing count. Given up where older firmware refuses that.
    counted: bool,
    /// The first number of the device's firmware version, if it has said it.
    firmware: Option<u32>,
    /// The status has come.
    ready: bool,
    next_id: u64,
    pending: HashMap<u64, Pending>,
    /// How the device is called.
    name: Option<String>,
}

impl ShellyConnector {
    pub fn new(src: String, password: Option<String>) -> Self {
        Self {
            src,
            password,
            credentials: None,
            counted: true,
            firmware: None,
            ready: false,
            next_id: 1,
            pending: HashMap::new(),
            name: None,
        }
    }

    fn call(&mut self, call: Call) -> String {
        let proofs = self.credentials.is_some().into();
        self.request(Pending { call, proofs })
    }

    fn request(&mut self, pending: Pending) -> String {
        let (method, params) = match &pending.call {
            Call::DeviceInfo => ("Shelly.GetDeviceInfo", Map::new()),
            Call::Status => ("Shelly.GetStatus", Map::new()),
            Call::Switch { number, on, .. } => {
                let params = [("id".to_owned(), json!(number)), ("on".to_owned(), json!(on))];
                ("Switch.Set", params.into_iter().collect())
            }
        };
        let id = self.next_id;
        self.next_id += 1;
        self.pending.insert(id, pending);
        let request =
            Request { id, src: self.src.clone(), method: method.to_owned(), params, auth: self.proof() };
        // It consists of texts and numbers only, which always can be written.
        serde_json::to_string(&request).unwrap_or_default()
    }

    /// The proof of the next request, if the device has asked for one.
    fn proof(&mut self) -> Option<Proof> {
        // Only the difference between two requests hangs on the number.
        let cnonce = getrandom::u32().unwrap_or_default();
        self.credentials
            .as_mut()
            .zip(self.password.as_deref())
            .map(|(credentials, password)| credentials.prove(password, cnonce))
    }

    fn answered(&mut self, pending: Pending, result: Result<Map<String, Value>, RpcError>) -> Vec<Heard> {
        match (pending, result) {
            (pending, Err(error)) if error.code == UNAUTHORIZED => self.challenged(pending, &error.message),
            (Pending { call: Call::DeviceInfo | Call::Status, .. }, Err(error))
                if error.code == TOO_MANY_FAILURES =>
            {
                vec![locked_out()]
            }
            (Pending { call: Call::DeviceInfo, .. }, result) => {
                let result = result.unwrap_or_default();
                let version = result.get("ver").and_then(Value::as_str);
                self.firmware = version.and_then(|version| version.split('.').next()?.parse().ok());
                self.name = result.get("name").and_then(name).or_else(|| result.get("id").and_then(name));
                vec![Heard::Say(self.call(Call::Status))]
            }
            (Pending { call: Call::Status, .. }, Ok(status)) => {
                self.ready = true;
                self.named(switches(&status))
            }
            (Pending { call: Call::Status, .. }, Err(error)) => {
                let why = Code::StatusRefused
                    .says(format!("The device did not tell its status (error {}).", error.code))
                    .with("error", error.code as f64);
                vec![Heard::Unusable { why, pause: STATUS_PAUSE }]
            }
            (Pending { call: Call::Switch { command, number, on }, .. }, Ok(_)) => {
                let switched = channel(number)
                    .map(|channel| Heard::Reading(Reading { relay_on: Some(on), ..Reading::of(channel) }));
                switched.into_iter().chain([Heard::Answer { command, result: Ok(()) }]).collect()
            }
            (Pending { call: Call::Switch { command, .. }, .. }, Err(error)) => {
                let said = error.message.chars().filter(|letter| !letter.is_control());
                let refused = Heard::Answer { command, result: Err(said.take(MAX_REFUSAL).collect()) };
                let locked = (error.code == TOO_MANY_FAILURES).then(locked_out);
                [refused].into_iter().chain(locked).collect()
            }
        }
    }

    /// Asks again, with a proof.
    fn challenged(&mut self, pending: Pending, message: &str) -> Vec<Heard> {
        if self.password.is_none() {
            let trouble = "The device asks for a password, and none is kept for it.";
            return vec![Heard::LockedOut(Code::PasswordMissing.says(trouble))];
        }
        let Some(challenge) = Challenge::parse(message) else {
            let trouble = "The device asks for a password in a way that is not known here.";
            return vec![Heard::LockedOut(Code::PasswordUnknownWay.says(trouble))];
        };
        if pending.proofs >= PROOFS {
            let trouble = "The device does not accept the password.";
            return vec![Heard::LockedOut(Code::PasswordRefused.says(trouble))];
        }
        let refused_count = self.credentials.as_ref().is_some_and(Credentials::was_counted);
        if refused_count && self.firmware.is_some_and(|major| major < COUNTING_FIRMWARE) {
            self.counted = false;
        }
        self.credentials = Some(Credentials::new(challenge, self.counted));
        vec![Heard::Say(self.request(Pending { call: pending.call, proofs: pending.proofs + 1 }))]
    }

    /// Names the switches after their device, and numbers them where there are several.
    fn named(&self, readings: Vec<Reading>) -> Vec<Heard> {
        let several = readings.len() > 1;
        let named = |(place, reading)| {
            let name = self.name.as_ref();
            let name = name.map(|name| if several { format!("{name} {}", place + 1) } else { name.clone() });
            Heard::Reading(Reading { name, ..reading })
        };
        readings.into_iter().enumerate().map(named).collect()
    }
}

fn locked_out() -> Heard {
    let why = "The device has seen too many failed authentication attempts and refuses all for some minutes \
               (error 429).";
    Heard::Unusable { why: Code::LockedOut.says(why), pause: LOCKOUT_PAUSE }
}

impl Connector for ShellyConnector {
    fn opened(&mut self) -> Vec<String> {
        vec![self.call(Call::DeviceInfo)]
    }

    fn heard(&mut self, text: &str) -> Vec<Heard> {
        match Frame::parse(text) {
            Some(Frame::Status(status)) => switches(&status).into_iter().map(Heard::Reading).collect(),
            Some(Frame::Answer { id, result }) => match self.pending.remove(&id) {
                Some(pending) => self.answered(pending, result),
                // The answer to a command that was given up.
                None => Vec::new(),
            },
            Some(Frame::Other) => Vec::new(),
            None => vec![Heard::Unreadable],
        }
    }

    fn switch(&mut self, command: CommandId, channel: &DeviceChannel, on: bool) -> Option<String> {
        let number = switch_number(channel)?;
        Some(self.call(Call::Switch { command, number, on }))
    }

    fn is_ready(&self) -> bool {
        self.ready
    }

    fn forget(&mut self, command: CommandId) {
        self.pending.retain(
            |_, pending| !matches!(&pending.call, Call::Switch { command: given, .. } if *given == command),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHALLENGE: &str =
        r#"{\"auth_type\":\"digest\",\"nonce\":1,\"nc\":1,\"realm\":\"shelly\",\"algorithm\":\"SHA-256\"}"#;

    fn connector(password: Option<&str>) -> ShellyConnector {
        ShellyConnector::new("latido".to_owned(), password.map(str::to_owned))
    }

    fn request(text: &str) -> Request {
        serde_json::from_str(text).unwrap()
    }

    /// Past the first two requests, with `switches` of them.
    fn acquainted(connector: &mut ShellyConnector, switches: usize) -> Vec<Heard> {
        let info = request(&connector.opened()[0]);
        assert_eq!((info.method.as_str(), info.src.as_str()), ("Shelly.GetDeviceInfo", "latido"));
        let heard =
            connector.heard(&format!(r#"{{"id":{},"result":{{"id":"shelly-1","name":"Cabina"}}}}"#, info.id));
        let [Heard::Say(status)] = &*heard else { panic!("{heard:?}") };
        let status = request(status);
        assert_eq!(status.method, "Shelly.GetStatus");
        let parts: Vec<_> = (0..switches)
            .map(|number| format!(r#""switch:{number}":{{"output":false,"apower":0}}"#))
            .collect();
        connector.heard(&format!(r#"{{"id":{},"result":{{{}}}}}"#, status.id, parts.join(",")))
    }

    fn names(heard: &[Heard]) -> Vec<&str> {
        let name = |heard: &Heard| match heard {
            Heard::Reading(reading) => reading.name.clone(),
            other => panic!("{other:?}"),
        };
        heard.iter().map(name).map(|name| name.unwrap().leak() as &str).collect()
    }

    #[test]
    fn one_switch_has_its_devices_name_and_several_are_numbered() {
        assert_eq!(names(&acquainted(&mut connector(None), 1)), ["Cabina"]);
        assert_eq!(names(&acquainted(&mut connector(None), 2)), ["Cabina 1", "Cabina 2"]);
    }

    #[test]
    fn a_command_is_answered_under_its_own_id() {
        let mut connector = connector(None);
        acquainted(&mut connector, 2);
        let second = channel(1).unwrap();
        let on = request(&connector.switch(CommandId(7), &second, true).unwrap());
        assert_eq!(
            (on.method.as_str(), &on.params["id"], &on.params["on"]),
            ("Switch.Set", &json!(1), &json!(true))
        );
        assert_eq!(connector.heard(r#"{"id":99,"result":{"was_on":false}}"#), []);
        assert_eq!(
            connector.heard(&format!(r#"{{"id":{},"result":{{"was_on":false}}}}"#, on.id)),
            [
                Heard::Reading(Reading { relay_on: Some(true), ..Reading::of(second) }),
                Heard::Answer { command: CommandId(7), result: Ok(()) },
            ]
        );
    }

    #[test]
    fn a_refused_command_says_why() {
        let mut connector = connector(None);
        let on = request(&connector.switch(CommandId(1), &channel(4).unwrap(), true).unwrap());
        let refusal = format!(
            r#"{{"id":{},"error":{{"code":-105,"message":"Argument 'id', value 4 not found!"}}}}"#,
            on.id
        );
        let result = Err("Argument 'id', value 4 not found!".to_owned());
        assert_eq!(connector.heard(&refusal), [Heard::Answer { command: CommandId(1), result }]);
    }

    #[test]
    fn a_forgotten_command_has_no_answer() {
        let mut connector = connector(None);
        let on = request(&connector.switch(CommandId(1), &channel(0).unwrap(), true).unwrap());
        connector.forget(CommandId(1));
        assert_eq!(connector.heard(&format!(r#"{{"id":{},"result":{{}}}}"#, on.id)), []);
    }

    #[test]
    fn what_is_no_switch_cannot_be_switched() {
        assert_eq!(connector(None).switch(CommandId(1), &DeviceChannel::new("light:0").unwrap(), true), None);
    }

    #[test]
    fn a_challenge_is_answered_and_a_wrong_password_given_up() {
        let mut connector = connector(Some("secret"));
        let mut sent = request(&connector.opened()[0]);
        for _ in 0..PROOFS {
            let heard = connector
                .heard(&format!(r#"{{"id":{},"error":{{"code":401,"message":"{CHALLENGE}"}}}}"#, sent.id));
            let [Heard::Say(again)] = &*heard else { panic!("{heard:?}") };
            sent = request(again);
            assert_eq!(sent.auth.as_ref().unwrap().realm, "shelly");
        }
        let heard = connector
            .heard(&format!(r#"{{"id":{},"error":{{"code":401,"message":"{CHALLENGE}"}}}}"#, sent.id));
        assert!(matches!(&*heard, [Heard::LockedOut(_)]), "{heard:?}");
    }

    /// Past a challenge, with firmware of this version.
    fn convinced(version: &str) -> ShellyConnector {
        let mut connector = connector(Some("secret"));
        let info = request(&connector.opened()[0]);
        let heard = connector.heard(&format!(r#"{{"id":{},"result":{{"ver":"{version}"}}}}"#, info.id));
        let [Heard::Say(status)] = &*heard else { panic!("{heard:?}") };
        let (answer, _) = refuse(&mut connector, request(status).id);
        connector.heard(&format!(r#"{{"id":{},"result":{{"switch:0":{{"output":false}}}}}}"#, answer.id));
        connector
    }

    /// The request that is sent after another was refused for want of a proof, and its count.
    fn refuse(connector: &mut ShellyConnector, id: u64) -> (Request, Option<u64>) {
        let heard =
            connector.heard(&format!(r#"{{"id":{id},"error":{{"code":401,"message":"{CHALLENGE}"}}}}"#));
        let [Heard::Say(again)] = &*heard else { panic!("{heard:?}") };
        let again = request(again);
        let count = again.auth.as_ref().and_then(|proof| proof.nc.as_u64());
        (again, count)
    }

    fn switched(connector: &mut ShellyConnector, command: u64) -> (u64, Option<u64>) {
        let sent = connector.switch(CommandId(command), &channel(0).unwrap(), true).unwrap();
        let sent = request(&sent);
        (sent.id, sent.auth.unwrap().nc.as_u64())
    }

    #[test]
    fn each_command_uses_the_nonce_with_a_greater_count() {
        for version in ["2.0.0", "1.4.4"] {
            let mut connector = convinced(version);
            let counts: Vec<_> = (0..3).map(|command| switched(&mut connector, command).1).collect();
            assert_eq!(counts, [Some(2), Some(3), Some(4)], "{version}");
        }
    }

    #[test]
    fn old_firmware_that_refuses_a_count_gets_the_first_one() {
        for (version, later) in [("1.0.8", Some(1)), ("2.0.0", Some(2))] {
            let mut connector = convinced(version);
            let (id, _) = switched(&mut connector, 1);
            assert_eq!(refuse(&mut connector, id).1, Some(1), "{version}");
            assert_eq!(switched(&mut connector, 2).1, later, "{version}");
        }
    }

    #[test]
    fn a_status_that_fails_makes_the_link_unusable() {
        for (code, pause) in [(-109, STATUS_PAUSE), (429, LOCKOUT_PAUSE)] {
            let mut connector = connector(None);
            let info = request(&connector.opened()[0]);
            let heard = connector.heard(&format!(r#"{{"id":{},"result":{{}}}}"#, info.id));
            let [Heard::Say(status)] = &*heard else { panic!("{heard:?}") };
            let id = request(status).id;
            let heard = connector.heard(&format!(r#"{{"id":{id},"error":{{"code":{code}}}}}"#));
            let [Heard::Unusable { why, pause: waited }] = &*heard else { panic!("{heard:?}") };
            assert!(why.detail.contains(&code.to_string()), "{why:?}");
            assert_eq!((*waited, connector.is_ready()), (pause, false));
        }
    }

    #[test]
    fn a_lockout_answers_the_command_and_pauses_the_link() {
        let mut connector = convinced("2.0.0");
        let (id, _) = switched(&mut connector, 5);
        let heard = connector.heard(&format!(r#"{{"id":{id},"error":{{"code":429,"message":"Too many"}}}}"#));
        let [Heard::Answer { command: CommandId(5), result: Err(_) }, Heard::Unusable { pause, .. }] =
            &*heard
        else {
            panic!("{heard:?}")
        };
        assert_eq!(*pause, LOCKOUT_PAUSE);
    }

    #[test]
    fn without_a_password_a_challenge_is_the_end() {
        let mut connector = connector(None);
        let sent = request(&connector.opened()[0]);
        let heard = connector
            .heard(&format!(r#"{{"id":{},"error":{{"code":401,"message":"{CHALLENGE}"}}}}"#, sent.id));
        assert!(matches!(&*heard, [Heard::LockedOut(_)]), "{heard:?}");
    }

    proptest! {
        #[test]
        fn no_conversation_makes_it_panic(texts in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                Just(r#"{"id":1,"result":{"id":"x"}}"#.to_owned()),
                Just(r#"{"id":2,"result":{"switch:0":{"output":true}}}"#.to_owned()),
                Just(format!(r#"{{"id":1,"error":{{"code":401,"message":"{CHALLENGE}"}}}}"#)),
                Just(r#"{"method":"NotifyStatus","params":{"switch:9":{"apower":-1}}}"#.to_owned()),
            ], 0..12)) {
            let mut connector = connector(Some("secret"));
            connector.opened();
            for text in texts {
                connector.heard(&text);
            }
        }
    }
}
