//! What can be done with a device link.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAction {
    Start,
    Stop,
    Restart,
    Toggle,
    Remove,
}

impl LinkAction {
    /// The last segment of the request's path.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Toggle => "toggle-reconnect",
            Self::Remove => "remove",
        }
    }
}
