//! Randomness for jitter, seeded so that a run can be replayed. `SplitMix64` (Steele, Lea, Flood 2014):
//! eight bytes of state and no dependency; nothing here needs to be unguessable.

/// A `SplitMix64` generator. Not for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator that gives the same numbers for the same seed. Any seed will do, zero too.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, evenly from all of `u64`.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next number, evenly from `0..=most`; 0 if `most` is negative.
    pub fn up_to(&mut self, most: i64) -> i64 {
        let span = most.max(0) as u64 + 1;
        // Below `most`, so it fits.
        i64::try_from(self.next_u64() % span).unwrap_or(most)
    }
}
