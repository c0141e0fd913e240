//! What actually happened over all runs. A class that never happens means that the simulator has
//! come to test less than it says, and fails it.

use std::fmt;

macro_rules! classes {
    ($($class:ident = $name:literal),+ $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Class { $($class),+ }

        impl Class {
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$class, $name)),+];
        }
    };
}

classes! {
    Dials = "dials",
    ForcedDials = "dials with a token fetched by force",
    Rotation = "rotations begun",
    Rotated = "rotations done",
    Opened = "sockets opened",
    Live = "live",
    Fresh = "welcome: fresh",
    Resumed = "welcome: resumed",
    Reset = "welcome: reset",
    Gateway = "frames answered by a gateway",
    Idle = "sockets closed by a gateway because nobody used them",
    Lagged = "lists answered from before a change",
    Plain = "plain backend, or a late welcome",
    Cut = "sockets cut",
    HalfOpen = "sockets half-open",
    Stalled = "sockets stalled",
    RefusedUpgrade = "upgrades refused",
    HungDial = "dials that hung",
    Duplicated = "frames duplicated",
    StaleInput = "late news of an old dial",
    Refused4401 = "closed with 4401",
    NotAllowed = "closed with 1008 or 4403",
    TooMany = "closed with 4409",
    RateLimited = "closed with 4429",
    OtherClose = "closed with another code",
    GoAway = "goaway",
    Restart = "server restarts",
    LostLog = "server lost its log",
    Restored = "server restored an older database",
    Flap = "server closed a socket as soon as it was live",
    Gap = "events not delivered",
    HelloAgain = "hello again on the same socket",
    Nonsense = "nonsense frames",
    Ignored = "frames ignored",
    TokenUnavailable = "token not to be had",
    TokenRefused = "token refused for good",
    SessionCheck = "session checks",
    MissedPong = "pongs missed",
    GaveUp = "gave up after all attempts",
    Rearmed = "re-armed after giving up",
    Parked = "parked while hidden",
    Hidden = "tab hidden",
    Frozen = "tab frozen",
    Cached = "page in the back-forward cache",
    Asleep = "machine asleep",
    Offline = "offline",
    SignOut = "signed out",
    Retry = "retry pressed",
    Fetch = "lists fetched",
    FetchFailed = "lists not fetched",
    FetchInvalidated = "lists invalidated during their fetch",
    Write = "writes by others",
    Event = "events applied",
    UserWrite = "writes of the user",
    Refused = "writes refused",
    Room = "rooms joined or left",
    Typing = "typing",
    Reload = "reloads",
    Crash = "crashes",
    FamilyChange = "changes of families by others",
    FamilyEvent = "events of families applied",
    FamilyFetch = "families fetched",
    FamilyPage = "further pages of families asked for",
    Switch = "devices switched",
    Said = "messages written",
}

impl Class {
    /// Whether it happens only in runs that watch families.
    fn is_of_families(self) -> bool {
        matches!(
            self,
            Self::FamilyChange
                | Self::FamilyEvent
                | Self::FamilyFetch
                | Self::FamilyPage
                | Self::Switch
                | Self::Said
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally(Vec<u64>);

impl Default for Tally {
    fn default() -> Self {
        Self(vec![0; Class::ALL.len()])
    }
}

impl Tally {
    pub fn count(&mut self, class: Class) {
        self.0[class as usize] += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }

    /// The classes that never happened.
    pub fn missing(&self, families: bool) -> Vec<&'static str> {
        let none = |(class, name): &(Class, &'static str)| (self.0[*class as usize] == 0).then_some(*name);
        let counts = |(class, _): &&(Class, &str)| families || !class.is_of_families();
        Class::ALL.iter().filter(counts).filter_map(none).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (class, name) in Class::ALL {
            writeln!(f, "{:>12}  {name}", self.0[*class as usize])?;
        }
        Ok(())
    }
}
