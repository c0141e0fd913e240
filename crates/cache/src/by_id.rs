//! Maps and sets by id whose order is the same in every run: a schedule of the simulator replays exactly.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, DefaultHasher},
};

/// Values by id.
pub type ById<V> = HashMap<String, V, BuildHasherDefault<DefaultHasher>>;

/// A set of ids.
pub type Ids = HashSet<String, BuildHasherDefault<DefaultHasher>>;
