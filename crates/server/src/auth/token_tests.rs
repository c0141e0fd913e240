use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey};
use latido_protocol::values::DisplayName;
use serde_json::{Value, json};

use super::*;
use crate::clock::ManualClock;

struct Bench {
    tokens: Tokens,
    clock: Arc<ManualClock>,
    token: String,
    _data: tempfile::TempDir,
}

fn bench() -> Bench {
    let data = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_unix_ms(1_795_248_900_000)));
    let tokens = Tokens::new(SigningKey::load_or_make(data.path()).unwrap(), 3600, clock.clone());
    let user =
        User { id: UserId::new("u1"), name: DisplayName::new("Lucía").unwrap(), role: "user".to_owned() };
    let token = tokens.sign(&user, &SessionId::new("s1")).unwrap();
    Bench { tokens, clock, token, _data: data }
}

fn part(token: &str, place: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(place).unwrap()).unwrap()).unwrap()
}

impl Bench {
    /// Signs changed claims with the real key.
    fn resigned(&self, change: Value) -> String {
        let mut claims = part(&self.token, 1);
        for (name, value) in change.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.tokens.key.encoding).unwrap()
    }
}

#[test]
fn a_fresh_token_says_who_it_is() {
    let bench = bench();
    let verified = bench.tokens.verify(&bench.token).unwrap();
    assert_eq!((verified.user.as_str(), verified.session.as_str()), ("u1", "s1"));
    assert_eq!(verified.expires_at, bench.clock.now().plus_ms(3_600_000));
}

#[test]
fn it_verifies_against_the_published_keys() {
    let bench = bench();
    let jwks = serde_json::to_value(bench.tokens.jwks()).unwrap();
    assert_eq!((&jwks["keys"][0]["kty"], &jwks["keys"][0]["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert_eq!(jwks["keys"][0]["d"], Value::Null, "the private half must not be published");
    let kid = part(&bench.token, 0)["kid"].as_str().unwrap().to_owned();
    let jwk = bench.tokens.jwks().find(&kid).unwrap();
    let key = DecodingKey::from_jwk(jwk).unwrap();
    assert!(jsonwebtoken::decode::<Value>(&bench.token, &key, &bench.tokens.validation).is_ok());
}

#[test]
fn it_expires_to_the_second() {
    let bench = bench();
    bench.clock.advance_ms(3_599_999);
    assert!(bench.tokens.verify(&bench.token).is_some());
    bench.clock.advance_ms(1);
    assert!(bench.tokens.verify(&bench.token).is_none());
}

#[test]
fn changed_claims_are_refused() {
    let bench = bench();
    assert!(bench.tokens.verify(&bench.resigned(json!({}))).is_some(), "the control");
    for change in [
        json!({"iss": "somebody"}),
        json!({"iss": null}),
        json!({"aud": "another"}),
        json!({"aud": null}),
        json!({"client_id": "another"}),
        json!({"token_use": "id"}),
        json!({"token_use": null}),
        json!({"sub": null}),
        json!({"sid": null}),
        json!({"exp": null}),
        json!({"exp": 0}),
        json!({"exp": "tomorrow"}),
        json!({"nbf": 9_999_999_999_u64}),
    ] {
        assert!(bench.tokens.verify(&bench.resigned(change.clone())).is_none(), "{change}");
    }
}

#[test]
fn other_algorithms_are_refused() {
    let bench = bench();
    let claims = part(&bench.token, 1);
    // The public key as the secret of an HMAC: the classic confusion.
    let public = part_bytes(&bench);
    let hmac =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&public))
            .unwrap();
    assert!(bench.tokens.verify(&hmac).is_none());

    let body = bench.token.split('.').nth(1).unwrap();
    for header in [json!({"alg": "none", "typ": "JWT"}), json!({"alg": "None"}), json!({"typ": "JWT"})] {
        let head = URL_SAFE_NO_PAD.encode(header.to_string());
        assert!(bench.tokens.verify(&format!("{head}.{body}.")).is_none(), "{header}");
    }
}

fn part_bytes(bench: &Bench) -> Vec<u8> {
    let jwks = serde_json::to_value(bench.tokens.jwks()).unwrap();
    URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap()
}

#[test]
fn a_key_that_the_token_brings_along_is_not_used() {
    let ours = bench();
    let foreign = bench();
    let claims = part(&ours.token, 1);
    let mut header = Header::new(Algorithm::EdDSA);
    header.jwk = Some(foreign.tokens.jwks().keys[0].clone());
    header.jku = Some("https://attacker.example/jwks.json".to_owned());
    let forged = jsonwebtoken::encode(&header, &claims, &foreign.tokens.key.encoding).unwrap();
    assert!(foreign.tokens.verify(&forged).is_some(), "the control: its own server takes it");
    assert!(ours.tokens.verify(&forged).is_none());
}

#[test]
fn nonsense_is_refused() {
    let bench = bench();
    let cut = &bench.token[..bench.token.len() - 2];
    for token in ["", ".", "..", "a.b.c", "é", cut, &format!("{}A", bench.token)] {
        assert!(bench.tokens.verify(token).is_none(), "{token}");
    }
}
