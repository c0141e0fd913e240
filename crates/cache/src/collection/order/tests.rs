//! The ranked map against a `BTreeMap`.

use std::{cell::Cell, collections::BTreeMap};

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn ranked_map_equals_a_sorted_map(steps in prop::collection::vec((0..64_u32, any::<bool>()), 0..200)) {
        let (mut ranked, mut model) = (RankedMap::default(), BTreeMap::new());
        for (key, inserts) in steps {
            let rank = model.range(..key).count();
            if inserts && !model.contains_key(&key) {
                model.insert(key, key * 2);
                prop_assert_eq!(ranked.insert(key, key * 2), rank);
            } else {
                prop_assert_eq!(ranked.remove(&key), model.remove(&key).map(|value| (rank, value)));
            }
            prop_assert_eq!(ranked.len(), model.len());
            prop_assert_eq!(ranked.get_mut(&key).map(|(rank, value)| (rank, *value)), model.get(&key).map(|value| (rank, *value)));
            prop_assert!(ranked.values().eq(model.values()));
            prop_assert_eq!(ranked.at(rank), model.iter().nth(rank));
        }
    }
}

thread_local! {
    static COMPARISONS: Cell<u64> = const { Cell::new(0) };
}

#[derive(PartialEq, Eq)]
struct Counted(u32);

impl Ord for Counted {
    fn cmp(&self, other: &Self) -> Ordering {
        COMPARISONS.set(COMPARISONS.get() + 1);
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Counted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[test]
fn one_change_costs_logarithmic_comparisons() {
    let mut ranked = RankedMap::default();
    // Ascending keys are the worst order for a tree that does not balance itself.
    for key in 0..10_000 {
        ranked.insert(Counted(key * 2), ());
    }
    let mut most = 0;
    for key in 0..10_000 {
        let before = COMPARISONS.get();
        ranked.insert(Counted(key * 2 + 1), ());
        ranked.remove(&Counted(key * 2 + 1));
        most = most.max(COMPARISONS.get() - before);
    }
    assert!(most < 120, "{most} comparisons for an insertion and a removal among 10,000");
}
