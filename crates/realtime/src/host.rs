//! What an app supplies to its connection.

use futures::future::LocalBoxFuture;
use latido_connection::{Backend, Invalidation, Status, TokenFailure};
use latido_protocol::event::Event;

use crate::console;

/// A token on its way, or why there is none.
pub type TokenFuture = LocalBoxFuture<'static, Result<String, TokenFailure>>;

/// The app's half of the connection: it has the tokens, applies events and fetches what they invalidate. Methods
/// are called in the order in which things happened, never from within each other.
pub trait RealtimeHost {
    /// A token for a new dial. `refresh`: the one used before was refused, so a cached one will not do.
    ///
    /// # Errors
    /// The future fails with [`TokenFailure::Unavailable`] where another attempt may succeed, and with
    /// [`TokenFailure::Refused`] where the session is over.
    fn fetch_token(&self, refresh: bool) -> TokenFuture;

    /// Whether the session is still valid, after the server closed the socket without saying why.
    fn check_session(&self) -> LocalBoxFuture<'static, bool>;

    /// Applies an event. Its invalidation follows, if it has one.
    fn on_event(&self, event: &Event);

    /// Handles an event of a type that the protocol does not know, after its subscribers. It invalidates nothing by
    /// itself. The default writes its name to the console at [`Level::Verbose`](console::Level::Verbose).
    fn on_foreign(&self, name: &str) {
        const SHOWN: usize = 40;
        let name: String = name.chars().take(SHOWN).collect();
        console::verbose(|| format!("ignored a frame of type \"{name}\""));
    }

    /// Marks queries that no longer hold. Each has to be fetched again by a fetch that starts after this call.
    fn on_invalidate(&self, invalidation: Invalidation);

    /// Takes note of a new status, before the status signal shows it.
    fn on_status(&self, status: Status);

    /// Takes note of what the connection knows of the backend, before every other call.
    fn on_backend(&self, backend: Backend);

    /// Calls back when no query is stale or being fetched; at once where that is so already.
    fn when_caught_up(&self, done: Box<dyn FnOnce()>);
}
