//! What can be measured. Each is a file of its own.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use crate::{burst, cold_start, event_to_dom, figure::Sample, long_list, memory, side::Side};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    ColdStart,
    EventToDom,
    Burst,
    LongList,
    Memory,
}

impl Scenario {
    pub const ALL: [Self; 5] = [Self::ColdStart, Self::EventToDom, Self::Burst, Self::LongList, Self::Memory];

    /// As in `--only`.
    fn id(self) -> &'static str {
        match self {
            Self::ColdStart => "cold-start",
            Self::EventToDom => "event-to-dom",
            Self::Burst => "burst",
            Self::LongList => "long-list",
            Self::Memory => "memory",
        }
    }

    /// Once, with one side.
    pub async fn measure(self, side: Side) -> Vec<Sample> {
        match self {
            Self::ColdStart => cold_start::measure(side).await,
            Self::EventToDom => event_to_dom::measure(side).await,
            Self::Burst => burst::measure(side).await,
            Self::LongList => long_list::measure(side).await,
            Self::Memory => memory::measure(side).await,
        }
    }
}

impl Display for Scenario {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ColdStart => "Cold start of the food page, signed in",
            Self::EventToDom => "From an event to its row",
            Self::Burst => "10,000 events in a second",
            Self::LongList => "A list of 10,000 rows",
            Self::Memory => "Memory, JS heap and wasm",
        })
    }
}

impl FromStr for Scenario {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|scenario| scenario.id() == id).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|scenario| scenario.id()).collect();
            format!("there is no scenario {id}; there are {}", known.join(", "))
        })
    }
}
