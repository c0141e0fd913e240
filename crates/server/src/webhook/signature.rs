//! Signatures over webhooks, both ways: `X-Latido-Signature: t=<unix seconds>,v1=<hex>`, where the hex is
//! the HMAC-SHA256 of `<t>.<the body's bytes>`.
//!
//! The time is signed along with the body, so that a request somebody has overheard is good for five
//! minutes and not for ever. Several `v1` may stand in one header, one for each secret: while a secret is
//! being replaced, either side may already have the new one or still the old one.

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
    #[error("The signature does not fit the body. Check the secret, and sign the bytes as they are sent.")]
    Wrong,
}

/// The header's value for a body that is sent now: one signature for each secret.
pub fn sign(secrets: &[Secret], body: &[u8], now: Timestamp) -> String {
    let seconds = now.unix_ms().div_euclid(1000);
    let mut header = format!("t={seconds}");
    for secret in secrets {
        header.push_str(",v1=");
        for byte in mac(secret, seconds, body).finalize().into_bytes() {
            // Writing to a string cannot fail.
            let _ = write!(header, "{byte:02x}");
        }
    }
    header
}

/// Whether one of the header's signatures was made with one of the secrets, and lately.
pub fn verify(secrets: &[Secret], header: Option<&str>, body: &[u8], now: Timestamp) -> Result<(), Unsigned> {
    let (seconds, signatures) = read(header.ok_or(Unsigned::Missing)?).ok_or(Unsigned::Unreadable)?;
    let age = now.unix_ms().saturating_sub(seconds.saturating_mul(1000));
    if !(-TOLERANCE_MS..=TOLERANCE_MS).contains(&age) {
        return Err(Unsigned::Stale);
    }
    // `verify_slice` takes the same time wherever the first wrong byte is.
    let fits = |secret| {
        let mac = mac(secret, seconds, body);
        signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    };
    if secrets.iter().any(fits) { Ok(()) } else { Err(Unsigned::Wrong) }
}

fn mac(secret: &Secret, seconds: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = secret.mac();
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    mac
}

/// The time and the signatures. Parts of other names are passed over, so that there can be a `v2` one day.
fn read(header: &str) -> Option<(i64, Vec<[u8; 32]>)> {
    let (mut seconds, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", _) if seconds.is_some() => return None,
            ("t", digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                seconds = Some(digits.parse().ok()?);
            }
            ("t", _) => return None,
            ("v1", _) if signatures.len() == MOST_SIGNATURES => return None,
            ("v1", digits) => signatures.push(unhex(digits)?),
            _ => {}
        }
    }
    Some((seconds?, signatures)).filter(|(_, signatures)| !signatures.is_empty())
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

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T08:15:00Z").unwrap()
    }

    #[test]
    fn it_is_the_mac_that_others_compute() {
        // printf '%s' '1795248900.{"type":"typing"}' | openssl dgst -sha256 -hmac 'a secret of the test'"'"'s own'
        let known = "t=1795248900,v1=ed67de75791d77694a70bbd48ebbb764bcd57a084d68c64a6dac9c969e107219";
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
        fn no_header_panics_or_passes(header in "(t=[0-9]{0,20},)?(v1=[0-9a-f]{0,70},?){0,9}|.{0,80}") {
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
