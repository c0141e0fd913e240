//! Reasons of refusals and failures, for people: a code, its parameters, and an English sentence.
//!
//! The code is for the dashboard, which has a sentence for it in each of its languages. The sentence is for other
//! clients, and for a dashboard that is older than the code.

use std::fmt::{self, Formatter};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::values::{Invalid, words};

words!(
    /// The code of a refusal or a failure. Names in braces are its parameters; `{seconds}` and `{hours}` are
    /// durations. In parentheses stands the HTTP status with which the bundled server sends it.
    ///
    /// A code keeps its meaning for ever; a new meaning is a new code.
    Code {
        // Signing in
        /// The e-mail address or the password is wrong (401).
        WrongCredentials = "wrong_credentials",
        /// Too many attempts to sign in, or to prove a password: try again after `{seconds}` (429).
        TooManySignIns = "too_many_sign_ins",
        /// Too many passwords wait to be checked: try again after `{seconds}` (503).
        SignInBusy = "sign_in_busy",
        /// The access token or the session is missing or no longer valid (401).
        SignedOut = "signed_out",
        /// The password that has to confirm the request is wrong; nothing was deleted.
        WrongPassword = "wrong_password",
        /// The present password is wrong; it was not changed.
        WrongCurrentPassword = "wrong_current_password",
        /// The server does not allow pages of this origin.
        ForeignOrigin = "foreign_origin",

        // Requests
        /// The role of the account does not allow this (403).
        Forbidden = "forbidden",
        /// No such record, or none that the caller may see (404).
        NotFound = "not_found",
        /// No such path (404).
        NoSuchAddress = "no_such_address",
        /// The path exists, but not for this method (405).
        MethodNotAllowed = "method_not_allowed",
        /// Too many requests of the user or the network: try again after `{seconds}` (429).
        TooManyRequests = "too_many_requests",
        /// Too many sockets are open from the network: try again after `{seconds}` (429).
        TooManySockets = "too_many_sockets",
        /// The body is too long, or has too many rows (413).
        BodyTooLarge = "body_too_large",
        /// The body did not arrive in time (408).
        BodyTooSlow = "body_too_slow",
        /// The request took too long; it may have been carried out or not (503).
        TookTooLong = "took_too_long",
        /// The body is no JSON, is nested too deep, or broke off (400).
        Unreadable = "unreadable",
        /// Fields were refused, `{count}` of them; they are in [`errors`](crate::problem::Problem::errors) (422).
        FieldsRefused = "fields_refused",
        /// The record is at another version, `{version}`, than `If-Match` names (412).
        VersionDiffers = "version_differs",
        /// The `Idempotency-Key` was used for another request (422).
        KeyReused = "key_reused",
        /// The delivery is not settled yet, so it cannot be deleted (409).
        UnderWay = "under_way",
        /// The database takes no requests at the moment (503).
        Overloaded = "overloaded",
        /// A mistake of the server (500).
        Internal = "internal",

        // Fields
        /// As [`Invalid::Required`].
        Required = "required",
        /// As [`Invalid::TooLong`]: at most `{max}` characters.
        TooLong = "too_long",
        /// As [`Invalid::TooShort`]: at least `{min}` characters.
        TooShort = "too_short",
        /// As [`Invalid::OutOfRange`]: from `{min}` to `{max}`.
        OutOfRange = "out_of_range",
        /// As [`Invalid::NotPositive`]: above 0, at most `{max}`.
        NotPositive = "not_positive",
        /// As [`Invalid::WrongType`]. The expected type stands in the detail only.
        WrongType = "wrong_type",
        /// As [`Invalid::NotOneOf`]. The words stand in the detail only.
        NotOneOf = "not_one_of",
        /// As [`Invalid::NotATime`].
        NotATime = "not_a_time",
        /// As [`Invalid::NotWhole`].
        NotWhole = "not_whole",
        /// As [`Invalid::NotBelowSystolic`].
        NotBelowSystolic = "not_below_systolic",
        /// As [`Invalid::TooEarly`]: not before the civil date `{first}`.
        TooEarly = "too_early",
        /// As [`Invalid::TooLate`]: at most `{hours}` ahead.
        TooFarAhead = "too_far_ahead",
        /// Not a date from 1900 to today.
        BirthDate = "birth_date",
        /// Another unit than the kind's, `{unit}`.
        WrongUnit = "wrong_unit",
        /// The end of a period is before its start.
        BeforeFrom = "before_from",
        /// The contact's address belongs to another conversation of the tenant.
        AddressTaken = "address_taken",
        /// As [`Invalid::NotAPhoneNumber`].
        NotAPhoneNumber = "not_a_phone_number",
        /// A guest may not claim a telephone number; the guest's coach can add it.
        NumberUnproven = "number_unproven",
        /// Another link of this type has this name.
        NameTaken = "name_taken",
        /// The tenant has the largest allowed number of links, `{max}`.
        TooManyLinks = "too_many_links",
        /// The server has no links of this type.
        LinkType = "link_type",
        /// Not a `ws://` or `wss://` address.
        LinkAddress = "link_address",
        /// The address contains a user or a password, which have fields of their own.
        LinkAddressWithSecret = "link_address_with_secret",
        /// The address leads to where links may not: the server itself, or services of its network.
        LinkOutOfReach = "link_out_of_reach",
        /// Not a JSON pointer.
        JsonPointer = "json_pointer",

        // Switching a device
        /// The device is not online; nothing was switched (409).
        DeviceOffline = "device_offline",
        /// The device has no relay; nothing was switched (409).
        NoRelay = "no_relay",
        /// Too many commands wait for the device; nothing was switched (429).
        DeviceBusy = "device_busy",
        /// The device did not answer in time; it may have switched or not (504).
        DeviceTimedOut = "device_timed_out",
        /// The connection was lost before the device answered; it may have switched or not (502).
        DeviceLost = "device_lost",
        /// The device refused, with the text `{says}`; nothing was switched (502).
        DeviceRefused = "device_refused",

        // The log of a device link
        /// A user added the link.
        LinkAdded = "link_added",
        /// A user removed the link.
        LinkRemoved = "link_removed",
        /// The connection was established.
        LinkUp = "link_up",
        /// The connection was closed by the server.
        LinkDown = "link_down",
        /// The connection was lost.
        LinkLost = "link_lost",
        /// The connection could not be established.
        LinkNotUp = "link_not_up",
        /// A user started the link.
        LinkStarted = "link_started",
        /// A user stopped the link.
        LinkStopped = "link_stopped",
        /// A user restarted the link.
        LinkRestarted = "link_restarted",
        /// A user switched reconnecting on.
        ReconnectOn = "reconnect_on",
        /// A user switched reconnecting off.
        ReconnectOff = "reconnect_off",
        /// A user asked the device named `{device}` to switch on.
        SwitchedOn = "asked_to_switch_on",
        /// A user asked the device named `{device}` to switch off.
        SwitchedOff = "asked_to_switch_off",
        /// Messages arrived, `{count}` of them.
        MessagesCame = "messages_came",
        /// The source has more devices than the server keeps; the others are left out.
        TooManyDevices = "too_many_devices",
        /// A mistake of the server ended the link's task; it starts again.
        LinkBegunAnew = "link_begun_anew",

        // Why a device link is down
        /// The source closed the connection.
        SourceClosed = "source_closed",
        /// The source could not be reached over TCP.
        SourceUnreachable = "source_unreachable",
        /// The name of the source could not be resolved.
        SourceUnknown = "source_unknown",
        /// The connection broke.
        SourceBroke = "source_broke",
        /// The source broke off while the connection was being established.
        SourceBrokeOff = "source_broke_off",
        /// The source fell silent and did not answer a ping.
        SourceSilent = "source_silent",
        /// The connection was not established in time.
        SourceTooLate = "source_too_late",
        /// The source sent a message above the size limit.
        MessageTooLarge = "message_too_large",
        /// The source took no message.
        MessageNotTaken = "message_not_taken",
        /// TLS could not be established; the source's certificate may not be valid.
        NotEncrypted = "not_encrypted",
        /// What answered does not speak WebSocket.
        NoWebSocket = "no_websocket",
        /// The source refused a WebSocket with the HTTP status `{status}`.
        SourceRefused = "source_refused",
        /// The source does not accept the token: HTTP status `{status}`, 401 or 403.
        TokenRefused = "token_refused",
        /// The address or the token of the link cannot be used.
        LinkUnusable = "link_unusable",
        /// The device does not accept the password.
        PasswordRefused = "password_refused",
        /// The device asks for a password, and the link has none.
        PasswordMissing = "password_missing",
        /// The device asks for a password in a way that the server does not know.
        PasswordUnknownWay = "password_unknown_way",
        /// The source did not answer the first questions in time.
        SourceUnready = "source_unready",
        /// The device did not send its status: error `{error}`.
        StatusRefused = "status_refused",
        /// The device has seen too many failed proofs of the password and accepts none for some minutes.
        LockedOut = "locked_out",
    }
);

impl Code {
    /// A reason of this code, with the English sentence for clients that do not know it. Parameters are added by
    /// [`Reason::with`].
    pub fn says(self, detail: impl Into<String>) -> Reason {
        Reason { detail: detail.into(), code: Some(self), params: Params::default() }
    }
}

/// The reason of a refusal or a failure: a code that may be missing, its parameters, and the sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The sentence, in English.
    pub detail: String,
    /// The code; `None` for what no person reads.
    pub code: Option<Code>,
    /// The parameters of the code.
    pub params: Params,
}

impl Reason {
    /// Adds a parameter of the code.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Param>) -> Self {
        self.params.0.push((name.to_owned(), value.into()));
        self
    }

    /// The code as it is spelled on the wire.
    pub fn word(&self) -> Option<String> {
        self.code.map(|code| code.as_str().to_owned())
    }
}

/// A sentence that has no code, which the dashboard shows in English. Only for what no person reads.
impl From<String> for Reason {
    fn from(detail: String) -> Self {
        Self { detail, code: None, params: Params::default() }
    }
}

/// As for [`String`].
impl From<&str> for Reason {
    fn from(detail: &str) -> Self {
        detail.to_owned().into()
    }
}

impl From<Invalid> for Reason {
    fn from(invalid: Invalid) -> Self {
        let reason = |code: Code| code.says(invalid.to_string());
        match invalid {
            Invalid::Required => reason(Code::Required),
            Invalid::TooLong { max } => reason(Code::TooLong).with("max", max as f64),
            Invalid::TooShort { min } => reason(Code::TooShort).with("min", min as f64),
            Invalid::OutOfRange { min, max } => {
                reason(Code::OutOfRange).with("min", min as f64).with("max", max as f64)
            }
            Invalid::NotPositive { max } => reason(Code::NotPositive).with("max", max as f64),
            Invalid::WrongType { .. } => reason(Code::WrongType),
            Invalid::NotOneOf { .. } => reason(Code::NotOneOf),
            Invalid::NotATime => reason(Code::NotATime),
            Invalid::NotWhole => reason(Code::NotWhole),
            Invalid::NotBelowSystolic => reason(Code::NotBelowSystolic),
            Invalid::TooEarly { ref first } => reason(Code::TooEarly).with("first", first.as_str()),
            Invalid::TooLate => reason(Code::TooFarAhead).with("hours", 48.0),
            Invalid::NotAPhoneNumber => reason(Code::NotAPhoneNumber),
        }
    }
}

/// The [`Invalid`] of a code and its parameters, so that a form shows a server's refusal like its own; `None` for any
/// other code, or if a parameter is missing.
pub fn invalid(code: Code, params: &Params) -> Option<Invalid> {
    let bound = |name: &str| params.number(name).map(|number| number as i64);
    match code {
        Code::Required => Some(Invalid::Required),
        Code::TooLong => Some(Invalid::TooLong { max: usize::try_from(bound("max")?).ok()? }),
        Code::TooShort => Some(Invalid::TooShort { min: usize::try_from(bound("min")?).ok()? }),
        Code::OutOfRange => Some(Invalid::OutOfRange { min: bound("min")?, max: bound("max")? }),
        Code::NotPositive => Some(Invalid::NotPositive { max: bound("max")? }),
        Code::WrongType => Some(Invalid::WrongType { expected: "" }),
        Code::NotOneOf => Some(Invalid::NotOneOf { words: &[] }),
        Code::NotATime => Some(Invalid::NotATime),
        Code::NotWhole => Some(Invalid::NotWhole),
        Code::NotBelowSystolic => Some(Invalid::NotBelowSystolic),
        Code::TooEarly => Some(Invalid::TooEarly { first: params.text("first")?.to_owned() }),
        Code::NotAPhoneNumber => Some(Invalid::NotAPhoneNumber),
        _ => None,
    }
}

/// A parameter of a code: a bound, a name, a number of seconds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Param {
    /// A JSON number, whole ones without a fraction.
    Number(f64),
    /// A JSON string.
    Text(String),
}

impl From<f64> for Param {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Param {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => crate::values::write_number(number, serializer),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The parameters of a code by their names; on the wire an object. Decoding leaves out what is neither number nor
/// text, for newer servers may send more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(Vec<(String, Param)>);

impl Params {
    /// Whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get(&self, name: &str) -> Option<&Param> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// The number of this name; `None` if there is none, or it is a text.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Some(Param::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The text of this name; `None` if there is none, or it is a number.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Param::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The parameters of both. Of two with one name, the first is found.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

crate::schema::described!(
    ["The parameters of a code: bounds, a name, seconds."]
    Params = schema::numbers_and_texts()
);

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Params {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ParamsVisitor)
    }
}

struct ParamsVisitor;

impl<'de> Visitor<'de> for ParamsVisitor {
    type Value = Params;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the parameters of a code")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Params, M::Error> {
        let mut params = Params::default();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            // A parameter that is neither a number nor a text is one of the future, and left out.
            params.0.extend(serde_json::from_str(value.get()).ok().map(|value| (name, value)));
        }
        Ok(params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::FieldError;

    #[test]
    fn an_invalid_value_has_code_and_bounds() {
        let error = FieldError::new("calories", Invalid::OutOfRange { min: 0, max: 10_000 });
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"pointer":"/calories","detail":"must be between 0 and 10000","code":"out_of_range","params":{"min":0,"max":10000}}"#
        );
    }

    #[test]
    fn an_invalid_value_is_read_back_from_its_code() {
        for fault in [
            Invalid::Required,
            Invalid::TooLong { max: 200 },
            Invalid::TooShort { min: 8 },
            Invalid::OutOfRange { min: -5, max: 10_000 },
            Invalid::NotPositive { max: 1440 },
            Invalid::NotATime,
            Invalid::NotWhole,
            Invalid::NotBelowSystolic,
            Invalid::TooEarly { first: "1990-05-17".to_owned() },
        ] {
            let reason = Reason::from(fault.clone());
            assert_eq!(invalid(reason.code.unwrap(), &reason.params), Some(fault));
        }
        assert_eq!(invalid(Code::TooLong, &Params::default()), None, "a bound is missing");
        assert_eq!(invalid(Code::NameTaken, &Params::default()), None);
    }

    #[test]
    fn a_problem_is_read_without_codes_and_with_unknown_ones() {
        let plain: FieldError = serde_json::from_str(r#"{"pointer":"/a","detail":"no"}"#).unwrap();
        assert_eq!((plain.code, plain.params.is_empty()), (None, true));
        let newer =
            r#"{"pointer":"/a","detail":"no","code":"of_tomorrow","params":{"max":5,"name":"x","list":[1]}}"#;
        let newer: FieldError = serde_json::from_str(newer).unwrap();
        assert_eq!(newer.code.as_deref(), Some("of_tomorrow"));
        assert_eq!((newer.params.number("max"), newer.params.text("name")), (Some(5.0), Some("x")));
        assert_eq!(newer.params.number("list"), None);
    }

    #[test]
    fn a_sentence_without_code_travels_as_before() {
        let error = FieldError::new("a", "must be so");
        assert_eq!(serde_json::to_string(&error).unwrap(), r#"{"pointer":"/a","detail":"must be so"}"#);
    }
}
