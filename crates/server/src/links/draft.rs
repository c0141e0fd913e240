//! The body that adds a device link, and what it has to hold.

use std::net::IpAddr;

use latido_domain::{
    device_link::NewLink,
    fields::{Fields, Object, boolean, text},
};
use latido_protocol::{
    link::{FieldMap, LinkMetadata, LinkType, ReferenceId},
    problem::FieldError,
    reason::Code,
    values::Invalid,
};
use serde_json::Value;

use super::{address::Reach, dial::Address};

const MAX_SECRET: usize = 200;
const MAX_POINTER: usize = 200;

/// Reads the body of a creation:
/// `{"type","referenceId","autoReconnect"?,"metadata":{"url","password"?|"token"?,"fields"?}}`.
pub fn draft(body: &Object, reach: &Reach) -> Result<NewLink, Vec<FieldError>> {
    let mut fields = Fields::of(body);
    let kind = fields.required("type", text(LinkType::parse));
    let kind = match kind {
        Some(LinkType::SocketIo | LinkType::Test) => fields.refuse(
            "type",
            Code::LinkType.says("must be SHELLY or CUSTOM; the server has no link of another type"),
        ),
        kind => kind,
    };
    let reference_id = fields.required("referenceId", text(ReferenceId::new));
    let auto_reconnect = fields.or("autoReconnect", true, boolean);
    let metadata = fields.required("metadata", |value| {
        value.as_object().cloned().ok_or(Invalid::WrongType { expected: "an object" })
    });
    let made = metadata.and_then(|metadata| match endpoint(&metadata, kind, reach) {
        Ok(endpoint) => Some(endpoint),
        Err(errors) => {
            fields.refuse_within("metadata", errors);
            None
        }
    });
    let made = (|| {
        let (address, secret, map) = made?;
        Some(NewLink {
            kind: kind?,
            reference_id: reference_id?,
            auto_reconnect: auto_reconnect?,
            address: address.expose(),
            metadata: LinkMetadata {
                url: Some(address.shown()),
                has_secret: secret.is_some() || address.shown() != address.expose(),
                fields: map,
            },
            secret,
        })
    })();
    fields.finish(made)
}

type Endpoint = (Address, Option<String>, Option<FieldMap>);

fn endpoint(metadata: &Object, kind: Option<LinkType>, reach: &Reach) -> Result<Endpoint, Vec<FieldError>> {
    let mut fields = Fields::of(metadata);
    let address = fields.required("url", text(|text| Ok(Address::parse(text))));
    let address = match address {
        Some(Err(reason)) => fields.refuse("url", reason),
        Some(Ok(address)) if is_out_of_reach(&address, reach) => fields.refuse(
            "url",
            Code::LinkOutOfReach.says(
                "must not lead to this server itself or to its network's services; --link-network can allow it",
            ),
        ),
        Some(Ok(address)) => Some(address),
        None => None,
    };
    let secret =
        fields.optional(if kind == Some(LinkType::Shelly) { "password" } else { "token" }, text(secret));
    let map = match kind {
        Some(LinkType::Custom) => field_map(&mut fields).map(Some),
        _ => Some(None),
    };
    let made = (|| Some((address?, secret?, map?)))();
    fields.finish(made)
}

/// Of an address that names a host this is known only when it is dialled.
fn is_out_of_reach(address: &Address, reach: &Reach) -> bool {
    address.host().parse::<IpAddr>().is_ok_and(|address| !reach.allows(address))
}

fn field_map(fields: &mut Fields) -> Option<FieldMap> {
    let given = fields.optional("fields", |value| {
        value.as_object().cloned().ok_or(Invalid::WrongType { expected: "an object of JSON pointers" })
    })?;
    let mut map = FieldMap::default();
    let places = [
        ("device", &mut map.device),
        ("name", &mut map.name),
        ("online", &mut map.online),
        ("relayOn", &mut map.relay_on),
        ("currentPower", &mut map.current_power),
        ("voltage", &mut map.voltage),
        ("temperature", &mut map.temperature),
    ];
    let mut valid = true;
    for (name, place) in places {
        match given.as_ref().and_then(|given| given.get(name)) {
            None | Some(Value::Null) => {}
            Some(Value::String(pointer)) if pointer.starts_with('/') && pointer.len() <= MAX_POINTER => {
                place.clone_from(pointer);
            }
            Some(_) => {
                let reason = Code::JsonPointer.says("must be a JSON pointer such as /status/power");
                fields.refuse::<()>(&format!("fields/{name}"), reason);
                valid = false;
            }
        }
    }
    valid.then_some(map)
}

fn secret(text: &str) -> Result<String, Invalid> {
    match text.chars().count() {
        0 => Err(Invalid::Required),
        count if count > MAX_SECRET => Err(Invalid::TooLong { max: MAX_SECRET }),
        _ if text.chars().any(char::is_control) => {
            Err(Invalid::WrongType { expected: "a text without control characters" })
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Result<NewLink, Vec<String>> {
        let Value::Object(body) = body else { panic!("{body}") };
        draft(&body, &Reach::default())
            .map_err(|errors| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let refused = read(json!({
            "type": "CUSTOM", "autoReconnect": 1,
            "metadata": {"url": "ws://169.254.169.254/", "token": "a\nb", "fields": {"name": "name"}},
        }));
        assert_eq!(
            refused.err().unwrap(),
            ["/referenceId", "/autoReconnect", "/metadata/url", "/metadata/token", "/metadata/fields/name"]
        );
        assert_eq!(read(json!({})).err().unwrap(), ["/type", "/referenceId", "/metadata"]);
    }

    #[test]
    fn only_types_that_have_a_connector_can_be_added() {
        for kind in ["SOCKET_IO", "TEST", "NONE"] {
            let refused =
                read(json!({"type": kind, "referenceId": "a", "metadata": {"url": "ws://192.168.1.2/"}}));
            assert_eq!(refused.err().unwrap(), ["/type"], "{kind}");
        }
    }

    #[test]
    fn what_is_secret_is_not_in_what_is_shown() {
        let draft = read(json!({
            "type": "CUSTOM", "referenceId": "a",
            "metadata": {"url": "wss://source.example/feed?key=k1", "token": "k2", "fields": {"device": "/id"}},
        }));
        let Ok(draft) = draft else { panic!() };
        let metadata = draft.metadata;
        assert_eq!(metadata.fields.as_ref().unwrap().device, "/id");
        assert!(metadata.has_secret);
        let shown = serde_json::to_string(&metadata).unwrap();
        assert!(!shown.contains("k1") && !shown.contains("k2"), "{shown}");
    }
}
