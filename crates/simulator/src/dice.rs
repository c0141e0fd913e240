//! Everything random in a run, from one seed.

use latido_connection::random::Random;

#[derive(Clone, Debug)]
pub struct Dice(Random);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        // Neighbouring seeds are to give runs that have nothing in common.
        let mut random = Random::seeded(seed);
        Self(Random::seeded(random.next_u64()))
    }

    pub fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Evenly from `least..=most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.0.up_to(most - least)
    }

    /// Evenly over the orders of magnitude between `least` (above 0) and `most`: short times come as
    /// often as long ones.
    pub fn about(&mut self, least: i64, most: i64) -> i64 {
        let doublings = i64::from((most / least.max(1)).max(1).ilog2());
        let floor = least << self.between(0, doublings);
        self.between(floor, (floor * 2).min(most))
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// One of the numbers below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.0.next_u64() % count.max(1) as u64) as usize
    }

    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
}
