//! Flows: on whose account a job of the store runs, so that one who asks much waits for their own jobs and
//! holds up nobody else's (fair queueing).
//!
//! The flow is a property of the task: whoever serves a request, a socket or a device link says once whose it
//! is, and every job from there on belongs to it. What says nothing belongs to the server itself.

use std::{
    fmt::Display,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use latido_protocol::session::UserId;

tokio::task_local! {
    static CURRENT: Mutex<Flow>;
}

/// Whose turn it is. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flow(Arc<str>);

impl Flow {
    /// A user's requests and sockets, from all devices together.
    pub fn user(user: &UserId) -> Self {
        Self::of("user", user)
    }

    /// One of a kind that is no user: a network that has not signed in, a device link.
    pub fn of(kind: &str, id: impl Display) -> Self {
        Self(format!("{kind}:{id}").into())
    }

    /// What nobody in particular has asked for.
    pub fn server() -> Self {
        Self("server".into())
    }

    /// The flow of the running task.
    pub fn current() -> Self {
        let current = CURRENT.try_with(|flow| flow.lock().unwrap_or_else(PoisonError::into_inner).clone());
        current.unwrap_or_else(|_| Self::server())
    }

    /// From here on the running task belongs to this flow. Without effect outside of [`Self::scope`].
    pub fn enter(self) {
        let _ = CURRENT.try_with(|flow| *flow.lock().unwrap_or_else(PoisonError::into_inner) = self);
    }

    /// Runs what belongs to this flow.
    pub fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(Mutex::new(self), work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_belongs_to_the_flow_it_entered() {
        let (network, user) = (Flow::of("network", "192.0.2.1"), Flow::user(&UserId::new("lucia")));
        assert_eq!(Flow::current(), Flow::server());
        let work = async {
            assert_eq!(Flow::current(), network);
            user.clone().enter();
            tokio::task::yield_now().await;
            assert_eq!(Flow::current(), user);
        };
        network.clone().scope(work).await;
        assert_eq!(Flow::current(), Flow::server());
    }
}
