//! Signatures over webhooks, both ways: `X-Latido-Signature: t=<unix seconds>,v2=<hex>`, where the hex is
//! the HMAC-SHA256 of `<t>.<METHOD>.<path>.<the body's bytes>`.
//!
//! The time is signed along with the body, so that a request somebody has overheard is good for five
//! minutes and not for ever. Method and path are signed so that it is good at one route only. Several `v2` may
//! stand in one header, one for each secret: while a secret is being replaced, either side may already have the
//! new one or still the old one.
//!
//! `v1` is the HMAC of `<t>.<the body's bytes>`, which providers of before sign with. It stands beside `v2` in
//! what is sent, counts only where there is no `v2`, and only at the one route that has always taken it.

use std::fmt::Write as _;

use hmac::{Hmac, Mac};
use latido_protocol::time::Timestamp;
use sha2::Sha256;

use super::secret::Secret;

pub const HEADER: &str = "x-latido-signature";

/// How far the time of a signature may lie from ours, either way.
pub const TOLERANCE_MS: i64 = 5 * 60_000;

/// More signatures than this in one header are not read: nobody rotates so many secrets at once.
const MOST_SIGNATURES: usize = 8;

/// Why a request is not taken for what it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    #[error("The request is not signed: X-Latido-Signature is missing.")]
    Missing,
    #[error("X-Latido-Signature cannot be read; it looks like t=1795248900,v1=<64 hexadecimal digits>.")]
    Unreadable,
    #[error(
        "The signature is more than five minutes old, or from the future. Check the clock and sign anew."
    )]
    Stale,
    #[error(
        "The signature does not fit. Check the secret, and sign method, path and the body's bytes as they are sent."
    )]
    Wrong,
    #[error("This route takes v2 signatures only, which bind the method and the path.")]
    Unbound,
}

/// The request that a signature is made for.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// In upper case.
    pub method: &'a str,
    /// With the query, if there is one, as it stands in the request line.
    pub path: &'a str,
}

/// Whether a signature counts that speaks of the body alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version1 {
    Taken,
    Refused,
}

/// The header's value for a request that is sent now: signatures of both versions for each secret.
pub fn sign(secrets: &[Secret], target: Target, body: &[u8], now: Timestamp) -> String {
    let seconds = now.unix_ms().div_euclid(1000);
    let mut header = format!("t={seconds}");
    for (version, target) in [("v1", None), ("v2", Some(target))] {
        for secret in secrets {
            let _ = write!(header, ",{version}=");
            for byte in mac(secret, seconds, target, body).finalize().into_bytes() {
                // Writing to a string cannot fail.
                let _ = write!(header, "{byte:02x}");
            }
        }
    }
    header
}

/// Whether one of the header's signatures was made with one of the secrets, for this request, and lately.
///
/// # Errors
///
/// Why it is not believed.
pub fn verify(
    secrets: &[Secret],
    header: Option<&str>,
    target: Target,
    version_1: Version1,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Unsigned> {
    let header = read(header.ok_or(Unsigned::Missing)?).ok_or(Unsigned::Unreadable)?;
    let age = now.unix_ms().saturating_sub(header.seconds.saturating_mul(1000));
    if !(-TOLERANCE_MS..=TOLERANCE_MS).contains(&age) {
        return Err(Unsigned::Stale);
    }
    // A wrong `v2` is not made good by a `v1`, which may have been overheard at another route.
    let (signatures, target) = match (header.v2.is_empty(), version_1) {
        (false, _) => (header.v2, Some(target)),
        (true, Version1::Taken) => (header.v1, None),
        (true, Version1::Refused) => return Err(Unsigned::Unbound),
    };
    // `verify_slice` takes the same time wherever the first wrong byte is.
    let fits = |secret| {
        let mac = mac(secret, header.seconds, target, body);
        signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    };
    if secrets.iter().any(fits) { Ok(()) } else { Err(Unsigned::Wrong) }
}

fn mac(secret: &Secret, seconds: i64, target: Option<Target>, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = secret.mac();
    mac.update(format!("{seconds}.").as_bytes());
    if let Some(Target { method, path }) = target {
        mac.update(format!("{method}.{path}.").as_bytes());
    }
    mac.update(body);
    mac
}

/// What stands in a header.
struct Header {
    seconds: i64,
    v1: Vec<[u8; 32]>,
    v2: Vec<[u8; 32]>,
}

/// Parts of other names are passed over, so that there can be a `v3` one day.
fn read(header: &str) -> Option<Header> {
    let (mut seconds, mut v1, mut v2) = (None, Vec::new(), Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", _) if seconds.is_some() => return None,
            ("t", digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                seconds = Some(digits.parse().ok()?);
            }
            ("t", _) => return None,
            ("v1", _) if v1.len() == MOST_SIGNATURES => return None,
            ("v2", _) if v2.len() == MOST_SIGNATURES => return None,
            ("v1", digits) => v1.push(unhex(digits)?),
            ("v2", digits) => v2.push(unhex(digits)?),
            _ => {}
        }
    }
    Some(Header { seconds: seconds?, v1, v2 })
        .filter(|header| !(header.v1.is_empty() && header.v2.is_empty()))
}

fn unhex(digits: &str) -> Option<[u8; 32]> {
    let digits = <&[u8; 64]>::try_from(digits.as_bytes()).ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        *byte = u8::try_from(digit(high)? << 4 | digit(low)?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = br#"{"type":"typing"}"#;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    fn ours() -> Vec<Secret> {
        vec![secret("a secret of the test's own")]
    }

    const TARGET: Target<'static> = Target { method: "POST", path: "/api/webhooks/messages" };

    fn sign(secrets: &[Secret], body: &[u8], now: Timestamp) -> String {
        super::sign(secrets, TARGET, body, now)
    }

    fn verify(secrets: &[Secret], header: Option<&str>, body: &[u8], now: Timestamp) -> Result<(), Unsigned> {
        super::verify(secrets, header, TARGET, Version1::Taken, body, now)
    }

    /// The header without its signatures of a version.
    fn without(version: &str, header: &str) -> String {
        let parts = header.split(',').filter(|part| !part.starts_with(version));
        parts.collect::<Vec<_>>().join(",")
    }

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T08:15:00Z").unwrap()
    }

    #[test]
    fn it_is_the_mac_that_others_compute() {
        // printf '%s' '1795248900.{"type":"typing"}' | openssl dgst -sha256 -hmac 'a secret of the test'"'"'s own'
        // printf '%s' '1795248900.POST./api/webhooks/messages.{"type":"typing"}' | openssl dgst …
        let known = "t=1795248900,v1=ed67de75791d77694a70bbd48ebbb764bcd57a084d68c64a6dac9c969e107219,v2=1cb34ab417575441490c56531345c6c147f0bc40cc4a79e1ba930cf91d686f3e";
        assert_eq!(sign(&ours(), BODY, now()), known);
    }

    #[test]
    fn what_is_signed_is_taken_for_five_minutes() {
        let header = sign(&ours(), BODY, now());
        let at = |ms| verify(&ours(), Some(&header), BODY, now().plus_ms(ms));
        assert_eq!(at(0), Ok(()));
        assert_eq!((at(TOLERANCE_MS), at(-TOLERANCE_MS)), (Ok(()), Ok(())));
        assert_eq!(at(TOLERANCE_MS + 1), Err(Unsigned::Stale));
        assert_eq!(at(-TOLERANCE_MS - 1), Err(Unsigned::Stale));
    }

    #[test]
    fn another_body_secret_or_time_does_not_fit() {
        let header = sign(&ours(), BODY, now());
        assert_eq!(verify(&ours(), Some(&header), b"{}", now()), Err(Unsigned::Wrong));
        let others = [secret("another secret altogether")];
        assert_eq!(verify(&others, Some(&header), BODY, now()), Err(Unsigned::Wrong));
        let later = header.replace("t=1795248900", "t=1795248901");
        assert_eq!(verify(&ours(), Some(&later), BODY, now()), Err(Unsigned::Wrong));
        assert_eq!(verify(&ours(), None, BODY, now()), Err(Unsigned::Missing));
        assert_eq!(verify(&[], Some(&header), BODY, now()), Err(Unsigned::Wrong));
    }

    #[test]
    fn at_another_route_it_does_not_fit() {
        let header = sign(&ours(), BODY, now());
        let elsewhere = [
            Target { path: "/api/webhooks/fetch", ..TARGET },
            Target { path: "/api/webhooks/messages?x=1", ..TARGET },
            Target { method: "PUT", ..TARGET },
        ];
        for target in elsewhere {
            let verified = super::verify(&ours(), Some(&header), target, Version1::Taken, BODY, now());
            assert_eq!(verified, Err(Unsigned::Wrong), "{target:?}");
        }
    }

    #[test]
    fn version_1_counts_alone_and_only_where_it_is_taken() {
        let old = without("v2", &sign(&ours(), BODY, now()));
        assert_eq!(verify(&ours(), Some(&old), BODY, now()), Ok(()));
        let refused = super::verify(&ours(), Some(&old), TARGET, Version1::Refused, BODY, now());
        assert_eq!(refused, Err(Unsigned::Unbound));
        let new = without("v1", &sign(&ours(), BODY, now()));
        assert_eq!(super::verify(&ours(), Some(&new), TARGET, Version1::Refused, BODY, now()), Ok(()));
        let wrong = format!("{old},v2={}", "0".repeat(64));
        assert_eq!(verify(&ours(), Some(&wrong), BODY, now()), Err(Unsigned::Wrong));
    }

    #[test]
    fn while_a_secret_is_replaced_both_are_good() {
        let (old, new) = (secret("the secret of last year"), secret("the secret of this year"));
        let signed_with_old = sign(std::slice::from_ref(&old), BODY, now());
        let signed_with_both = sign(&[new.clone(), old.clone()], BODY, now());
        let both = [new.clone(), old.clone()];
        assert_eq!(verify(&both, Some(&signed_with_old), BODY, now()), Ok(()));
        assert_eq!(verify(&[old], Some(&signed_with_both), BODY, now()), Ok(()));
        assert_eq!(verify(&[new], Some(&signed_with_old), BODY, now()), Err(Unsigned::Wrong));
    }

    #[test]
    fn a_header_that_is_none_is_unreadable() {
        let digits = "0".repeat(64);
        let many = format!("t=1795248900{}", format!(",v1={digits}").repeat(MOST_SIGNATURES + 1));
        for header in [
            "",
            "t=1795248900",
            &format!("v1={digits}"),
            &format!("t=,v1={digits}"),
            &format!("t=-1,v1={digits}"),
            &format!("t=+1,v1={digits}"),
            &format!("t=99999999999999999999,v1={digits}"),
            &format!("t=1,t=1795248900,v1={digits}"),
            "t=1795248900,v1=00",
            &format!("t=1795248900,v1={}", "+f".repeat(32)),
            &format!("t=1795248900,v1={}", "é".repeat(32)),
            &many,
        ] {
            assert_eq!(verify(&ours(), Some(header), BODY, now()), Err(Unsigned::Unreadable), "{header}");
        }
    }

    proptest! {
        #[test]
        fn no_header_panics_or_passes(header in "(t=[0-9]{0,20},)?(v[12]=[0-9a-f]{0,70},?){0,9}|.{0,80}") {
            prop_assert!(verify(&ours(), Some(&header), BODY, now()).is_err());
        }

        #[test]
        fn any_flipped_bit_is_noticed(body in prop::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let header = sign(&ours(), &body, now());
            let mut changed = body.clone();
            changed[at.index(body.len())] ^= 1 << bit;
            prop_assert_eq!(verify(&ours(), Some(&header), &body, now()), Ok(()));
            prop_assert_eq!(verify(&ours(), Some(&header), &changed, now()), Err(Unsigned::Wrong));
        }
    }
}
