//! Tokens of another issuer, as Cognito makes them: which are good here, and what happens while the
//! issuer changes its keys or cannot be reached.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    jwk::{Jwk, PublicKeyUse},
};
use latido_domain::{
    access,
    account::{Role, TenantId},
    store::StoreError,
};
use latido_server::auth::issuer::IssuerSettings;
use serde_json::{Value, json};
use support::{Person, Server, epoch, socket};

const CLIENT: &str = "7h57cbmlm1bh2dnu3g2hyg";
const SUBJECT: &str = "c2a5d4e4-5041-7082-6d3f-0c8a2f2e1b7d";

// Made for this test: openssl genrsa -traditional | openssl rsa -traditional -outform DER, and
// openssl ecparam -name prime256v1 -genkey | openssl pkcs8 -topk8 -nocrypt -outform DER
const RSA: &[u8] = include_bytes!("support/keys/rsa.der");
const RSA_OF_1024_BITS: &[u8] = include_bytes!("support/keys/rsa-short.der");
const EC: &[u8] = include_bytes!("support/keys/ec.der");

#[derive(Clone)]
struct Key {
    kid: String,
    algorithm: Algorithm,
    private: EncodingKey,
}

fn rsa(kid: &str) -> Key {
    Key { kid: kid.to_owned(), algorithm: Algorithm::RS256, private: EncodingKey::from_rsa_der(RSA) }
}

fn ec(kid: &str) -> Key {
    Key { kid: kid.to_owned(), algorithm: Algorithm::ES256, private: EncodingKey::from_ec_der(EC) }
}

impl Key {
    fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.private, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        serde_json::to_value(jwk).unwrap()
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

/// What the issuer answers when it is asked for its keys.
#[derive(Clone)]
enum Answer {
    Keys(Vec<Value>),
    Broken(&'static str),
    Failing,
    Elsewhere,
    Endless,
}

struct Asked {
    answer: Answer,
    times: u32,
}

#[derive(Clone)]
struct Issuer {
    url: String,
    asked: Arc<Mutex<Asked>>,
}

async fn answer(State(asked): State<Arc<Mutex<Asked>>>) -> Response {
    let mut asked = asked.lock().unwrap();
    asked.times += 1;
    match asked.answer.clone() {
        Answer::Keys(keys) => json!({"keys": keys}).to_string().into_response(),
        Answer::Broken(text) => text.into_response(),
        Answer::Failing => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Answer::Elsewhere => Redirect::temporary("/elsewhere.json").into_response(),
        Answer::Endless => " ".repeat(1024 * 1024).into_response(),
    }
}

impl Issuer {
    async fn start(answers: Answer) -> Self {
        let asked = Arc::new(Mutex::new(Asked { answer: answers, times: 0 }));
        let keys = json!({"keys": [rsa("one").public()]}).to_string();
        let router = Router::new()
            .route("/.well-known/jwks.json", get(answer))
            .route("/elsewhere.json", get(async move || keys))
            .with_state(Arc::clone(&asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked }
    }

    fn answers(&self, answer: Answer) {
        self.asked.lock().unwrap().answer = answer;
    }

    fn times(&self) -> u32 {
        self.asked.lock().unwrap().times
    }

    fn claims(&self) -> Value {
        let now = epoch().unix_ms() / 1000;
        json!({
            "sub": SUBJECT, "iss": self.url, "client_id": CLIENT, "origin_jti": "sign-in-1", "jti": "token-1",
            "token_use": "access", "scope": "aws.cognito.signin.user.admin", "auth_time": now,
            "iat": now, "exp": now + 3600, "username": "marta",
        })
    }

    fn claims_with(&self, change: &Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }
}

async fn trusting(issuer: &Issuer) -> Server {
    Server::start_with(|settings| {
        settings.issuer = Some(IssuerSettings {
            url: issuer.url.parse().unwrap(),
            client: CLIENT.to_owned(),
            tenant: TenantId::guests(),
        });
    })
    .await
}

fn bearer(server: &Server, token: String) -> Person {
    Person { token: Some(token), ..server.anonymous() }
}

async fn status(server: &Server, token: String) -> StatusCode {
    bearer(server, token).get("/session").await.status
}

#[tokio::test]
async fn who_signs_in_elsewhere_has_an_account_here() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public(), ec("two").public()])).await;
    let server = trusting(&issuer).await;
    for key in [rsa("one"), ec("two")] {
        let marta = bearer(&server, key.sign(&issuer.claims()));
        let me = marta.get("/session").await;
        assert_eq!(me.status, StatusCode::OK, "{}", me.text);
        assert_eq!((&me.body["user"]["name"], &me.body["user"]["role"]), (&json!("marta"), &json!("user")));
        assert!(!me.text.contains(SUBJECT), "an issuer does not choose ids here");
        marta.log_food("Avena").await;
    }
    let again = bearer(&server, rsa("one").sign(&issuer.claims_with(&json!({"jti": "token-2"}))));
    assert_eq!(again.food_names().await.len(), 2, "both tokens were the same person's");
    let other = bearer(&server, rsa("one").sign(&issuer.claims_with(&json!({"sub": "another"}))));
    assert!(other.food_names().await.is_empty());
    assert_eq!(issuer.times(), 1);
}

#[tokio::test]
async fn a_guest_may_not_claim_a_telephone_number() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    let guest = bearer(&server, rsa("one").sign(&issuer.claims()));
    let number = json!({"name": "Marta", "channel": "whatsapp", "address": "+34600000007"});
    let refused = guest.post("/conversations", number.clone()).await;
    assert_eq!((refused.status, refused.pointers()), (StatusCode::UNPROCESSABLE_ENTITY, vec!["/address"]));
    let web = json!({"name": "Marta", "channel": "web", "address": "visit-7"});
    assert_eq!(guest.post("/conversations", web).await.status, StatusCode::CREATED);
    // Somebody with an account that was made here may.
    let lucia = server.person("lucia@example.org").await;
    assert_eq!(lucia.post("/conversations", number).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn mutations_of_a_foreign_token_are_refused() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    let key = rsa("one");
    assert_eq!(status(&server, key.sign(&issuer.claims())).await, StatusCode::OK, "the control");
    let now = epoch().unix_ms() / 1000;
    for change in [
        json!({"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_other"}),
        json!({"iss": "latido"}),
        json!({"client_id": "another"}),
        json!({"client_id": null}),
        json!({"aud": "another"}),
        json!({"token_use": "id"}),
        json!({"token_use": null}),
        json!({"exp": now}),
        json!({"exp": null}),
        json!({"nbf": now + 1}),
        json!({"sub": null}),
    ] {
        let token = key.sign(&issuer.claims_with(&change));
        assert_eq!(status(&server, token).await, StatusCode::UNAUTHORIZED, "{change}");
    }
    let [head, body, signature] =
        key.sign(&issuer.claims()).split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
    let mut flipped = signature.clone().into_bytes();
    flipped[10] = if flipped[10] == b'A' { b'B' } else { b'A' };
    for signature in [String::new(), String::from_utf8(flipped).unwrap()] {
        let token = format!("{head}.{body}.{signature}");
        assert_eq!(status(&server, token).await, StatusCode::UNAUTHORIZED);
    }
}

/// The public key is public: whoever signs with it as a shared secret has proved nothing.
#[tokio::test]
async fn a_public_key_is_no_secret_of_an_hmac() {
    let key = rsa("one");
    let issuer = Issuer::start(Answer::Keys(vec![key.public()])).await;
    let server = trusting(&issuer).await;
    assert_eq!(status(&server, key.sign(&issuer.claims())).await, StatusCode::OK, "the control");
    for secret in [key.public().to_string(), key.public()["n"].as_str().unwrap().to_owned()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let header = Header { kid: Some("one".to_owned()), ..Header::new(algorithm) };
            let by = EncodingKey::from_secret(secret.as_bytes());
            let forged = jsonwebtoken::encode(&header, &issuer.claims(), &by).unwrap();
            assert_eq!(status(&server, forged).await, StatusCode::UNAUTHORIZED);
        }
    }
    // The right key, but an algorithm that is not on the list.
    for algorithm in [Algorithm::RS384, Algorithm::RS512, Algorithm::PS256] {
        let token = Key { algorithm, ..rsa("one") }.sign(&issuer.claims());
        assert_eq!(status(&server, token).await, StatusCode::UNAUTHORIZED, "{algorithm:?}");
    }
}

#[tokio::test]
async fn weak_and_secret_keys_of_an_issuer_are_not_used() {
    let weak = Key { private: EncodingKey::from_rsa_der(RSA_OF_1024_BITS), ..rsa("weak") };
    let secret = Key {
        kid: "secret".to_owned(),
        algorithm: Algorithm::HS256,
        private: EncodingKey::from_secret(b"published"),
    };
    let mut for_encryption = rsa("encryption").public();
    for_encryption["use"] = json!("enc");
    let keys = vec![weak.public(), secret.public(), for_encryption, rsa("good").public()];
    let issuer = Issuer::start(Answer::Keys(keys)).await;
    let server = trusting(&issuer).await;
    assert_eq!(status(&server, rsa("good").sign(&issuer.claims())).await, StatusCode::OK, "the control");
    for key in [weak, secret, rsa("encryption")] {
        assert_eq!(
            status(&server, key.sign(&issuer.claims())).await,
            StatusCode::UNAUTHORIZED,
            "{}",
            key.kid
        );
    }
}

#[tokio::test]
async fn unknown_keys_are_asked_for_at_most_once_a_minute() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    assert_eq!(status(&server, rsa("one").sign(&issuer.claims())).await, StatusCode::OK);
    for attempt in 0..50 {
        let token = rsa(&format!("made-up-{attempt}")).sign(&issuer.claims());
        assert_eq!(status(&server, token).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(issuer.times(), 1);

    issuer.answers(Answer::Keys(vec![rsa("one").public(), ec("two").public()]));
    let rotated = ec("two").sign(&issuer.claims());
    assert_eq!(status(&server, rotated.clone()).await, StatusCode::UNAUTHORIZED, "it was just asked");
    server.clock.advance_ms(60_000);
    assert_eq!(status(&server, rotated).await, StatusCode::OK);
    assert_eq!(issuer.times(), 2);
}

#[tokio::test]
async fn many_first_requests_ask_for_the_keys_once() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    let token = rsa("one").sign(&issuer.claims());
    let asking = (0..20).map(|_| status(&server, token.clone()));
    let statuses = futures_util::future::join_all(asking).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    assert_eq!(issuer.times(), 1);
}

#[tokio::test]
async fn known_keys_survive_an_outage_of_the_issuer() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    assert_eq!(status(&server, rsa("one").sign(&issuer.claims())).await, StatusCode::OK);
    let later = json!({"exp": epoch().unix_ms() / 1000 + 86_400});
    for (minutes, answer) in [
        Answer::Failing,
        Answer::Broken("<html>"),
        Answer::Broken("{\"keys\":[]}"),
        Answer::Elsewhere,
        Answer::Endless,
    ]
    .into_iter()
    .enumerate()
    {
        issuer.answers(answer);
        server.clock.advance_ms(2 * 3_600_000);
        let unknown = rsa("unknown").sign(&issuer.claims_with(&later));
        assert_eq!(status(&server, unknown).await, StatusCode::UNAUTHORIZED);
        assert!(issuer.times() >= 2 + u32::try_from(minutes).unwrap(), "it was asked");
        let known = rsa("one").sign(&issuer.claims_with(&later));
        assert_eq!(status(&server, known).await, StatusCode::OK, "outage {minutes}");
    }
}

#[tokio::test]
async fn a_key_that_was_withdrawn_is_forgotten_within_hours() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public(), ec("two").public()])).await;
    let server = trusting(&issuer).await;
    let claims = issuer.claims_with(&json!({"exp": epoch().unix_ms() / 1000 + 86_400}));
    assert_eq!(status(&server, ec("two").sign(&claims)).await, StatusCode::OK);
    issuer.answers(Answer::Keys(vec![rsa("one").public()]));
    server.clock.advance_ms(3_600_000);
    // Nobody waits for it: one more may pass while the new keys are on their way.
    let forgotten = async {
        while status(&server, ec("two").sign(&claims)).await == StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), forgotten).await.unwrap();
    assert_eq!(status(&server, rsa("one").sign(&claims)).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_of_ours_makes_nobody_ask_the_issuer() {
    let issuer = Issuer::start(Answer::Failing).await;
    let server = trusting(&issuer).await;
    let lucia = server.person("lucia@example.org").await;
    assert_eq!(lucia.get("/session").await.status, StatusCode::OK);
    server.clock.advance_ms(3_600_000);
    assert_eq!(lucia.get("/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&server, "a.b.c".to_owned()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(issuer.times(), 0);
}

#[tokio::test]
async fn a_guest_who_signs_out_is_out_with_every_token_of_that_sign_in() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    let sign = |change: Value| rsa("one").sign(&issuer.claims_with(&change));
    let marta = bearer(&server, sign(json!({})));
    let elsewhere = bearer(&server, sign(json!({"origin_jti": "sign-in-2"})));
    assert_eq!(elsewhere.get("/session").await.status, StatusCode::OK);
    let mut socket = socket::open(&server, &marta).await;
    socket.start().await;
    assert_eq!(marta.send(Method::DELETE, "/session", &[], None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(socket.close_code().await, Some(4401));
    for change in [json!({}), json!({"jti": "token-2"})] {
        assert_eq!(status(&server, sign(change)).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(elsewhere.get("/session").await.status, StatusCode::OK);
    assert_eq!(status(&server, sign(json!({"origin_jti": "sign-in-3"}))).await, StatusCode::OK);
}

#[tokio::test]
async fn a_guest_is_no_member_of_main() {
    let issuer = Issuer::start(Answer::Keys(vec![rsa("one").public()])).await;
    let server = trusting(&issuer).await;
    server.person("lucia@example.org").await;
    assert_eq!(status(&server, rsa("one").sign(&issuer.claims())).await, StatusCode::OK);
    // Whoever is a member sees the equipment and is told of it.
    let members = async |tenant: TenantId| {
        let read = server.app().store.read(move |read| access::members(read, &tenant, Role::User));
        Result::<_, StoreError>::unwrap(read.await).len()
    };
    assert_eq!((members(TenantId::main()).await, members(TenantId::guests()).await), (1, 1));
}
