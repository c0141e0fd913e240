//! How a Shelly with a password is convinced: the digest of RFC 7616 with SHA-256, laid into the frame.
//! The password itself never travels.
//!
//! A nonce is used for many requests. Firmware from 2.0 on takes each use of it only with a greater count
//! (`nc`, RFC 7616 section 3.4) and refuses the rest as replays; [`Credentials`] counts.
//!
//! Described at <https://shelly-api-docs.shelly.cloud/gen2/General/Authentication>.

use latido_domain::digest::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// There is one user, and it is called so.
const USER: &str = "admin";
/// RFC 7616 digests the method and the address of a request. A frame has neither, and says so.
const HA2_OF: &str = "dummy_method:dummy_uri";

/// What the device wants to have digested.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Challenge {
    pub realm: String,
    /// A number; its digits are what is digested.
    pub nonce: Value,
    #[serde(default = "one")]
    pub nc: Value,
    pub algorithm: Option<String>,
}

fn one() -> Value {
    Value::from(1)
}

/// The `auth` of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    pub realm: String,
    pub username: String,
    pub nonce: Value,
    /// How often the nonce has been used, this time included.
    #[serde(default = "one")]
    pub nc: Value,
    pub cnonce: Value,
    pub response: String,
    pub algorithm: String,
}

impl Challenge {
    /// Reads it from the message of an error 401, where it stands as JSON in a text.
    pub fn parse(message: &str) -> Option<Self> {
        let challenge: Self = serde_json::from_str(message).ok()?;
        challenge.algorithm.as_deref().is_none_or(|algorithm| algorithm == "SHA-256").then_some(challenge)
    }

    /// Answers it. `nc` counts the uses of the nonce; `cnonce` is a number that is not used twice.
    pub fn prove(&self, password: &str, nc: u64, cnonce: u32) -> Proof {
        let (nc, cnonce) = (Value::from(nc), Value::from(cnonce));
        Proof {
            response: response(&self.realm, password, &self.nonce, &nc, &cnonce),
            realm: self.realm.clone(),
            username: USER.to_owned(),
            nonce: self.nonce.clone(),
            nc,
            cnonce,
            algorithm: "SHA-256".to_owned(),
        }
    }

    /// Whether the proof was made with the password, for this nonce.
    pub fn accepts(&self, proof: &Proof, password: &str) -> bool {
        proof.realm == self.realm
            && proof.nonce == self.nonce
            && proof.response == response(&self.realm, password, &self.nonce, &proof.nc, &proof.cnonce)
    }

    /// The count that the first use of the nonce has.
    fn first_count(&self) -> u64 {
        self.nc.as_u64().or_else(|| self.nc.as_str()?.parse().ok()).unwrap_or(1)
    }
}

/// A challenge with the count of its uses: makes the proof of each request.
pub struct Credentials {
    challenge: Challenge,
    uses: u64,
    counted: bool,
}

impl Credentials {
    /// `counted`: each use has its own count. Firmware before 2.0 may check against the first count only.
    pub fn new(challenge: Challenge, counted: bool) -> Self {
        Self { challenge, uses: 0, counted }
    }

    /// The proof of the next request.
    pub fn prove(&mut self, password: &str, cnonce: u32) -> Proof {
        let count = self.challenge.first_count() + if self.counted { self.uses } else { 0 };
        self.uses += 1;
        self.challenge.prove(password, count, cnonce)
    }

    /// Whether the nonce was used more than once, each time with a greater count.
    pub fn was_counted(&self) -> bool {
        self.counted && self.uses > 1
    }
}

fn response(realm: &str, password: &str, nonce: &Value, nc: &Value, cnonce: &Value) -> String {
    let ha1 = hex(&format!("{USER}:{realm}:{password}"));
    let ha2 = hex(HA2_OF);
    hex(&format!("{ha1}:{}:{}:{}:auth:{ha2}", digits(nonce), digits(nc), digits(cnonce)))
}

fn digits(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn hex(text: &str) -> String {
    Digest::of(text.as_bytes()).hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#"{"auth_type":"digest","nonce":1625038762,"nc":1,
        "realm":"shellypro4pm-f008d1d8b8b8","algorithm":"SHA-256"}"#;

    #[test]
    fn the_digest_of_what_a_frame_does_not_have_is_the_documented_one() {
        assert_eq!(hex(HA2_OF), "6370ec69915103833b5222b368555393393f098bfbfbb59f47e0590af135f062");
    }

    #[test]
    fn a_proof_is_accepted_for_its_password_and_its_nonce_only() {
        let challenge = Challenge::parse(MESSAGE).unwrap();
        let proof = challenge.prove("secret", 1, 313_273_957);
        assert!(challenge.accepts(&proof, "secret"));
        assert!(!challenge.accepts(&proof, "Secret"));
        let later = Challenge { nonce: Value::from(1_625_038_763), ..challenge };
        assert!(!later.accepts(&proof, "secret"));
    }

    #[test]
    fn a_proof_does_not_contain_the_password() {
        let proof = Challenge::parse(MESSAGE).unwrap().prove("secret", 1, 1);
        assert!(!serde_json::to_string(&proof).unwrap().contains("secret"));
    }

    #[test]
    fn each_use_of_a_nonce_has_a_greater_count() {
        let challenge = Challenge::parse(MESSAGE).unwrap();
        let mut credentials = Credentials::new(challenge.clone(), true);
        let proofs: Vec<_> = (0..3).map(|cnonce| credentials.prove("secret", cnonce)).collect();
        assert_eq!(proofs.iter().map(|proof| proof.nc.as_u64()).collect::<Vec<_>>(), [1, 2, 3].map(Some));
        assert!(proofs.iter().all(|proof| challenge.accepts(proof, "secret")));
        assert!(credentials.was_counted());
    }

    #[test]
    fn a_nonce_used_without_counting_keeps_its_first_count() {
        let mut credentials = Credentials::new(Challenge::parse(MESSAGE).unwrap(), false);
        credentials.prove("secret", 1);
        assert_eq!(credentials.prove("secret", 2).nc, Value::from(1));
        assert!(!credentials.was_counted());
    }

    #[test]
    fn another_algorithm_is_no_challenge_that_could_be_answered() {
        assert_eq!(Challenge::parse(&MESSAGE.replace("SHA-256", "MD5")), None);
        assert_eq!(Challenge::parse("Unauthorized"), None);
    }
}
