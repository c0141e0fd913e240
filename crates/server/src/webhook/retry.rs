//! When something that could not be delivered is tried again.
//!
//! Eight attempts over about an hour: long enough for the other side to be restarted or repaired, short
//! enough for whoever wrote a message to still care that it has failed.

/// After so many attempts a delivery has failed.
pub const ATTEMPTS: u32 = 8;
/// For how long something waits to be fetched where nothing is pushed. As long as the attempts take.
pub const KEPT_MS: i64 = 3_600_000;

const FIRST_MS: i64 = 5_000;
const FACTOR: i64 = 3;
const LONGEST_MS: i64 = 30 * 60_000;

/// How long to wait after so many attempts have failed; `None` when that was the last. `random` spreads
/// the wait by up to a fifth, so that what failed together does not come back together.
pub fn wait_ms(failed: u32, random: u32) -> Option<i64> {
    if failed >= ATTEMPTS {
        return None;
    }
    let wait = FIRST_MS.saturating_mul(FACTOR.saturating_pow(failed.saturating_sub(1))).min(LONGEST_MS);
    Some(wait + wait / 5 * i64::from(random % 1024) / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_attempts_take_about_an_hour() {
        let waits: Vec<_> = (1..).map_while(|failed| wait_ms(failed, 0)).collect();
        assert_eq!(waits, [5_000, 15_000, 45_000, 135_000, 405_000, 1_215_000, 1_800_000]);
        let minutes = waits.iter().sum::<i64>() / 60_000;
        assert_eq!(minutes, 60);
    }

    #[test]
    fn jitter_only_adds_and_at_most_a_fifth() {
        for random in [0, 1, 1023, 1024, u32::MAX] {
            let wait = wait_ms(7, random).unwrap();
            assert!((LONGEST_MS..=LONGEST_MS + LONGEST_MS / 5).contains(&wait), "{wait}");
        }
        assert_ne!(wait_ms(7, 0), wait_ms(7, 1023), "jitter survives the cap");
    }
}
