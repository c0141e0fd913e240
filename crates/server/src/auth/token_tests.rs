use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, jwk::JwkSet};
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
        jsonwebtoken::encode(&self.header(Algorithm::EdDSA), &claims, &self.tokens.key.encoding).unwrap()
    }

    /// The header of a token that names the real key.
    fn header(&self, algorithm: Algorithm) -> Header {
        Header { kid: Some(self.tokens.key.id.clone()), ..Header::new(algorithm) }
    }

    fn claims(&self) -> Value {
        part(&self.token, 1)
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
    let published: JwkSet = serde_json::from_value(jwks).unwrap();
    let elsewhere = Verifier::new(ISSUER, CLIENT);
    assert!(elsewhere.verify(&bench.token, &Keys::of(&published), bench.clock.now()).is_ok());
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
        json!({"aud": ["latido-dashboard", "another"]}),
        json!({"client_id": "another"}),
        json!({"client_id": null}),
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
    // The public key as the secret of an HMAC: the classic confusion.
    let jwks = serde_json::to_value(bench.tokens.jwks()).unwrap();
    let spelled = jwks["keys"][0]["x"].as_str().unwrap().to_owned();
    for secret in [URL_SAFE_NO_PAD.decode(&spelled).unwrap(), spelled.into_bytes(), jwks.to_string().into()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let key = EncodingKey::from_secret(&secret);
            let forged = jsonwebtoken::encode(&bench.header(algorithm), &bench.claims(), &key).unwrap();
            assert!(bench.tokens.verify(&forged).is_none(), "{algorithm:?}");
        }
    }

    let [_, body, signature] = bench.token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let kid = &bench.tokens.key.id;
    for header in [
        json!({"alg": "none", "typ": "JWT", "kid": kid}),
        json!({"alg": "None", "kid": kid}),
        json!({"alg": "RS256", "kid": kid}),
        json!({"alg": "ES256", "kid": kid}),
        json!({"typ": "JWT", "kid": kid}),
    ] {
        let head = URL_SAFE_NO_PAD.encode(header.to_string());
        for signature in ["", signature] {
            let forged = format!("{head}.{body}.{signature}");
            assert!(bench.tokens.verify(&forged).is_none(), "{header}");
        }
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_not_used() {
    let ours = bench();
    let foreign = bench();
    let sign = |header: Header, by: &Bench| {
        jsonwebtoken::encode(&header, &ours.claims(), &by.tokens.key.encoding).unwrap()
    };
    let header = || ours.header(Algorithm::EdDSA);
    assert!(ours.tokens.verify(&sign(header(), &ours)).is_some(), "the control");
    let brought = foreign.tokens.jwks().keys[0].clone();
    let jku = "https://attacker.example/jwks.json".to_owned();
    for tempting in [
        Header { jwk: Some(brought.clone()), ..header() },
        Header { jwk: Some(brought), kid: Some(foreign.tokens.key.id.clone()), ..header() },
        Header { jku: Some(jku.clone()), ..header() },
        Header { x5u: Some(jku), ..header() },
        Header { x5c: Some(vec!["MIIB".to_owned()]), ..header() },
    ] {
        // Not even when the signature is right: who brings a key along has no business here.
        for by in [&foreign, &ours] {
            assert!(ours.tokens.verify(&sign(tempting.clone(), by)).is_none(), "{tempting:?}");
        }
    }
}

#[test]
fn a_token_has_to_name_our_key() {
    let bench = bench();
    for kid in [None, Some(String::new()), Some("another".to_owned()), Some("../../signing-key".to_owned())] {
        let header = Header { kid, ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &bench.claims(), &bench.tokens.key.encoding).unwrap();
        assert!(bench.tokens.verify(&token).is_none(), "{header:?}");
    }
}

#[test]
fn nonsense_is_refused() {
    let bench = bench();
    let cut = &bench.token[..bench.token.len() - 2];
    for token in ["", ".", "..", "a.b.c", "é", cut, &format!("{}A", bench.token)] {
        assert!(bench.tokens.verify(token).is_none(), "{token}");
    }
}
